import { publicHost } from './host-guard.ts';

/** The path below which a proxy shows the console, with a slash at both ends; `/` where it has a host for itself. */
export const basePath = (consoleUrl: string): string =>
  URL.canParse(consoleUrl) ? `${new URL(consoleUrl).pathname.replace(/\/+$/, '')}/` : '/';

/** The same for a request: one that did not come through that proxy sees the console at the root. */
export const basePathOf = (consoleUrl: string, host: string | undefined): string =>
  publicHost(consoleUrl) === host?.toLowerCase() ? basePath(consoleUrl) : '/';

/** An address of the console through its proxy, for a path such as `/?code=…`; null where there is no proxy. */
export const publicLink = (consoleUrl: string, path: string): string | null =>
  consoleUrl === '' ? null : `${new URL(consoleUrl).origin}${basePath(consoleUrl)}${path.replace(/^\//, '')}`;
