import { slugSchema } from '../../../shared/contract/common.ts';

export const linkScheme = 'signalbox:';

/** Longer than any id or slug. */
const maxLength = 200;

const isSlug = (text: string): boolean => slugSchema.safeParse(text).success && text !== 'new';
/** Ids as the store makes them: a kind and a ULID. */
const isId = (kind: string) => (text: string) => new RegExp(`^${kind}_[0-9A-HJKMNP-TV-Z]{26}$`).test(text);

interface Page {
  path: string;
  /** Whether one of the page's things may be named; without it, the page alone can. */
  isItem?: (text: string) => boolean;
}

const pages: Readonly<Record<string, Page>> = {
  live: { path: '/live' },
  inbox: { path: '/inbox' },
  settings: { path: '/settings' },
  events: { path: '/live', isItem: isId('evt') },
  runs: { path: '/runs', isItem: isId('run') },
  failures: { path: '/failures', isItem: isId('fail') },
  listeners: { path: '/listeners', isItem: isSlug },
  jobs: { path: '/jobs', isItem: isSlug },
  sources: { path: '/sources', isItem: isSlug },
};

/**
 * The console's path for `signalbox://<page>` or `signalbox://<page>/<id or slug>`; null for every other text. Any web page can hold such a
 * link, so it names what to show and nothing else: no query, no fragment, no second segment.
 */
export function pathOfLink(link: string): string | null {
  const match = link.length > maxLength ? null : /^signalbox:\/\/([a-z]+)(?:\/([A-Za-z0-9_-]+))?\/?$/.exec(link);
  const [, name = '', item] = match ?? [];
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
  if (page === undefined) return null;
  if (item === undefined) return page.path;
  return page.isItem?.(item) === true ? `${page.path}/${item}` : null;
}

/** Links among the arguments of the app, which the system appends, and the rest. */
export function splitLinks(args: readonly string[]): { links: string[]; rest: string[] } {
  const isLink = (arg: string): boolean => arg.toLowerCase().startsWith(linkScheme);
  return { links: args.filter(isLink), rest: args.filter((arg) => !isLink(arg)) };
}
