const prefix = 'CUSTOM_';

/**
 * RevoEngine's rule for the type of a custom event: capitals, words joined by `_`, with the prefix; one that has it
 * keeps it. `customer_sync` → `CUSTOM_CUSTOMER_SYNC`. Null for a name without a letter or digit.
 */
export function customType(name: string): string | null {
  const words = name
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  if (words === '') return null;
  return words.startsWith(prefix) ? words : prefix + words;
}
