/**
 * The link `signalbox://…` to a page of the window, which the running app opens; null for a page that has none. A link
 * names what to show and nothing else: a filter is not part of it.
 */
export function linkOfPath(path: string): string | null {
  const [page = '', item, ...rest] = path.split(/[?#]/, 1).join('').split('/').filter(Boolean);
  if (rest.length > 0 || !pages.has(page)) return null;
  if (item === undefined) return `signalbox://${page}`;
  if (notItems.has(item) || !/^[A-Za-z0-9_-]+$/.test(item)) return null;
  return page === 'live' ? `signalbox://events/${item}` : `signalbox://${page}/${item}`;
}

const pages: ReadonlySet<string> = new Set([
  'live',
  'inbox',
  'settings',
  'runs',
  'failures',
  'listeners',
  'jobs',
  'sources',
  'alarms',
]);
const notItems: ReadonlySet<string> = new Set(['new', 'raise', 'scheduled']);
