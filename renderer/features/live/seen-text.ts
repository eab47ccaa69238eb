const maxLength = 120;

/** A value that was seen, on one line. */
export function seenText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
