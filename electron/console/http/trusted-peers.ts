import { createTrustedProxies, type TrustedProxies } from '../../receiver/admit/client-address.ts';

/** Whether a peer is one of `trustedProxies`; the ranges are parsed again only when the setting changes. */
export function followTrustedPeers(trustedProxies: () => readonly string[]): (address: string) => boolean {
  let known: { ranges: readonly string[]; proxies: TrustedProxies } | null = null;
  return (address) => {
    const ranges = trustedProxies();
    if (known?.ranges !== ranges) known = { ranges, proxies: createTrustedProxies(ranges) };
    return known.proxies.isTrusted(address);
  };
}
