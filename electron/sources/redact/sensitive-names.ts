/**
 * Names whose values are secrets when they are sent in clear. A signature in a query is counted among them, since a
 * presigned address works for whoever holds it; in a header it is kept, because it only proves the body beside it.
 */
const queryExact = new Set(['key', 'sig', 'auth', 'authorization', 'bearer', 'hmac', 'jwt', 'pass', 'pwd', 'sid']);
const queryEnding = /(?:token|secret|password|passwd|passphrase|apikey|accesskey|privatekey|signature|credential)s?$/;

export function isSecretQueryName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_.[\]]/g, '');
  return queryExact.has(plain) || queryEnding.test(plain);
}

const headerExact = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'cookie2']);
const headerEnding = /(?:token|secret|password|api-?key|access-?key|credential)s?$/;

/** `name` in lower case. */
export const isSecretHeaderName = (name: string): boolean => headerExact.has(name) || headerEnding.test(name);
