import { lookup as dnsLookup } from 'node:dns/promises';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { literalOf, type Reach, RefusedAddressError, refuseAddress } from './outgoing-address.ts';

/** The proxy of the environment cannot be used, or refuses. */
export class ProxyError extends Error {}

/** At the proxy these names are the proxy's own machine. */
const isThisMachine = (hostname: string): boolean => {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  const literal = literalOf(hostname);
  return literal !== null && refuseAddress(literal, 'loopback') === null;
};

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for an address, in either case; null: it is asked without one,
 * as this machine always is. Throws ProxyError.
 */
export function proxyOf(url: URL): URL | null {
  if (isThisMachine(url.hostname)) return null;
  const { protocol, host, port, hostname, href, pathname, search, hash } = url;
  const none = { auth: null, path: null, query: null, slashes: true };
  // As text it would be parsed by the function of Node that is on its way out.
  const text = getProxyForUrl({ protocol, host, port, hostname, href, pathname, search, hash, ...none });
  if (text === '') return null;
  const proxy = URL.canParse(text) ? new URL(text) : null;
  if (proxy === null || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
    // It may have a password in it.
    const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    throw new ProxyError(`${name} is not an address that starts with http:// or https://`);
  }
  return proxy;
}

type ResolveName = (hostname: string) => Promise<{ address: string }[]>;
const resolveName: ResolveName = (hostname) => dnsLookup(hostname, { all: true });

/** The proxy's own connection cannot be checked, so a name is checked by what it resolves to on this machine, if it does. */
export async function refuseBehindProxy(url: URL, reach: Reach, resolve: ResolveName = resolveName): Promise<void> {
  if (literalOf(url.hostname) !== null) return;
  // In closed networks only the proxy knows the names of the internet.
  const found = await resolve(url.hostname).catch(() => []);
  for (const { address } of found) {
    const refusal = refuseAddress(address, reach);
    if (refusal !== null) {
      throw new RefusedAddressError(`${url.hostname} resolves to ${address}, which ${refusal}`, address, reach);
    }
  }
}

/** Connections through a proxy (CONNECT), for http and https alike: it sees neither headers nor bodies of https. */
export function tunnelAgent(proxy: URL, options: { keepAlive: boolean; maxSockets?: number; timeout?: number }) {
  const agent = new HttpsProxyAgent(proxy.href, options);
  // The proxy is trusted as usual, whatever the destination wants.
  const { host, port } = agent.connectOpts;
  agent.connectOpts = { host, port, ALPNProtocols: ['http/1.1'] };
  return agent;
}

/** Why a proxy did not connect; null when it did. `status`: its answer to CONNECT. */
export const refusedByProxy = (proxy: URL, status: number): ProxyError | null =>
  status === 200 ? null : new ProxyError(`the proxy ${proxy.host} refused the connection: it answered ${status}`);
