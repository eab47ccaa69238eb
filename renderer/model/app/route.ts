export interface Route {
  path: string;
  search: URLSearchParams;
}

/** `#/runs/1?x=y` → path and search; anything that is no path of ours is the root. */
export function parseHash(hash: string): Route {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  const cut = text.indexOf('?');
  const path = cut === -1 ? text : text.slice(0, cut);
  return {
    path: path.startsWith('/') ? path.replace(/\/+$/, '') || '/' : '/',
    search: new URLSearchParams(cut === -1 ? '' : text.slice(cut + 1)),
  };
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** The parameters when the path fits the pattern (`/runs/:id`), else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decode(value);
    } else if (part !== value) return null;
  }
  return params;
}

/** The best fit: patterns with literals in earlier places win over parameters. */
export function pickRoute<T extends { path: string }>(
  routes: readonly T[],
  path: string,
): { route: T; params: Record<string, string> } | null {
  let best: { route: T; params: Record<string, string> } | null = null;
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params === null) continue;
    if (best === null || Object.keys(params).length < Object.keys(best.params).length) best = { route, params };
  }
  return best;
}
