export interface ProxyFacts {
  /** Where the receiver listens on this machine, e.g. `http://127.0.0.1:8787`. */
  receiverUrl: string;
  /** As in the settings; empty when there is none yet. */
  publicUrl: string;
  /** The source to let through, or null for all of them. */
  slug: string | null;
  /** The largest body that is taken there. */
  maxBodyBytes: number;
}

export interface ConsoleFacts {
  /** Where the console listens on this machine, e.g. `http://127.0.0.1:8788`. */
  consoleUrl: string;
  /** As in the settings, perhaps with a path: `https://ops.example.com/signalbox/`. */
  publicUrl: string;
}

/** Stands in for a name that is not set yet. */
export const exampleHost = 'hooks.example.com';

/** With the port where it is not the scheme's own. */
export const publicHost = (publicUrl: string): string =>
  URL.canParse(publicUrl) ? new URL(publicUrl).host : exampleHost;

export const publicName = (publicUrl: string): string => publicHost(publicUrl).replace(/:\d+$/, '');

/** A server on every address is reached by its loopback from a proxy on the same machine. */
export function upstreamOf(url: string): string {
  const { hostname, port } = new URL(url);
  const host = hostname === '0.0.0.0' ? '127.0.0.1' : hostname === '[::]' ? '[::1]' : hostname;
  return port === '' ? host : `${host}:${port}`;
}

export const mebibytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / (1024 * 1024)));

export const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
