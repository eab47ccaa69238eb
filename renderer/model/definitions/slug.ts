const maxLength = 63;

/** A name as a slug: `Große Dateien 2` → `grosse-dateien-2`; empty when nothing of it can stand in one. */
export const slugOf = (name: string): string =>
  name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replace(/^-+|-+$/g, '');

/** The slug, or the first of `slug-2`, `slug-3` … that is free. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (slug === '' || !taken.has(slug)) return slug;
  for (let n = 2; ; n += 1) {
    const tail = `-${n}`;
    const candidate = `${slug.slice(0, maxLength - tail.length)}${tail}`;
    if (!taken.has(candidate)) return candidate;
  }
}
