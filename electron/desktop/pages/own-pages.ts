export interface OwnPages {
  /** Whether the address is of the console's own origin. */
  isOwnPage(url: string): boolean;
  /** Whether it is the console itself: its origin has this one page, and all else it answers would take the page's place. */
  isConsole(url: string): boolean;
}

/** What belongs to the console that is served at `pageUrl`. */
export function ownPages(pageUrl: string): OwnPages {
  const own = new URL(pageUrl);
  const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
  // Not `origin`, which is 'null' for a scheme of our own.
  const isSameOrigin = (url: URL): boolean => url.protocol === own.protocol && url.host === own.host;
  return {
    isOwnPage(text) {
      const url = parse(text);
      return url !== null && isSameOrigin(url);
    },
    isConsole(text) {
      const url = parse(text);
      return url !== null && isSameOrigin(url) && url.pathname === own.pathname && url.search === own.search;
    },
  };
}
