import { isIP } from 'node:net';

/** The console as authenticators know it. */
export interface PasskeySite {
  /** Such as `https://ops.example.com`. */
  origin: string;
  /** Its host name. */
  rpId: string;
}

const needsName =
  'Passkeys need a host name: open the console under one with https, or as http://localhost on the machine of the server.';
const needsHttps = 'Passkeys need https: put the console behind a proxy with TLS, and set its address as Console URL.';

/** `base`: the address under which the browser sees the console. A sentence where browsers offer no passkeys. */
export function passkeySite(base: string): PasskeySite | { problem: string } {
  const { origin, protocol, hostname } = new URL(base);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return { problem: needsName };
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !isLocal) return { problem: needsHttps };
  return { origin, rpId: hostname };
}
