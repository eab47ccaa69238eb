/** Saves a file where the browser saves downloads; the desktop app asks where. */
export function saveFile(name: string, contentType: string, ...content: readonly BlobPart[]): void {
  const url = URL.createObjectURL(new Blob([...content], { type: contentType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; revoking immediately cancels it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
