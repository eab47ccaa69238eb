import type { IncomingMessage } from 'node:http';

/** Reads a cookie that holds a secret (`newSecret`); null when it is missing or has another form. */
export function secretCookie(name: string): (request: IncomingMessage) => string | null {
  const pattern = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  return (request) => pattern.exec(request.headers.cookie ?? '')?.[1] ?? null;
}
