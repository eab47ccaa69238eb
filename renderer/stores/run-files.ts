import { call } from '../client/index.ts';

/** Saves a file that a run has written where the browser saves downloads. */
export async function downloadRunFile(id: string, name: string): Promise<void> {
  const { contentType, base64 } = await call('runs.readFile', { id, name });
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.split('/').at(-1) ?? name;
  link.click();
  // The download has begun by then; revoking at once cancels it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
