const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1024 ** 4,
  tib: 1024 ** 4,
};

/** Bytes of `512 KB`, `1.5m`, `2048`; powers of 1024. Null for anything else. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,3})?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = units[(match?.[2] ?? '?').toLowerCase()];
  if (match === null || unit === undefined) return null;
  const size = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(size) ? size : null;
}

/** The shortest exact form: 1048576 → `1 MB`, 1500 → `1500 B`. */
export function printSize(sizeBytes: number): string {
  for (const [name, size] of [
    ['TB', 1024 ** 4],
    ['GB', 1024 ** 3],
    ['MB', 1024 ** 2],
    ['KB', 1024],
  ] as const) {
    if (sizeBytes >= size && Number.isInteger((sizeBytes / size) * 10)) return `${sizeBytes / size} ${name}`;
  }
  return `${sizeBytes} B`;
}
