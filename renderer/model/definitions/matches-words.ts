/** Whether every word of a filter stands somewhere in what is shown. */
export function matchesWords(text: string, shown: readonly string[]): boolean {
  const lower = shown.join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
