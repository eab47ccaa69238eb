import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** Strips a port and brackets; IPv4 inside IPv6 becomes IPv4. Null for what is no address. */
function parseAddress(text: string): Address | null {
  let bare = text.trim();
  if (bare.startsWith('[')) bare = bare.slice(1, bare.indexOf(']'));
  else if (bare.includes('.') && bare.includes(':') && !bare.includes('::')) bare = bare.slice(0, bare.indexOf(':'));
  // Node alone would let through "10.1" and "0x0a000001", which proxies and people read differently.
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return null;
  return ipaddr.process(bare);
}

export interface TrustedProxies {
  isTrusted(address: string): boolean;
  /**
   * The address nearest to us that no trusted proxy has: the peer itself, or going back through `X-Forwarded-For` from
   * the right, where each proxy adds whom it heard. Entries to the left of it may be made up.
   */
  findClient(peer: string, forwardedFor: string | undefined): string;
}

export function createTrustedProxies(ranges: readonly string[]): TrustedProxies {
  const parsed = ranges.map((range): Range => ipaddr.parseCIDR(range));
  const isTrusted = (address: Address): boolean =>
    parsed.some(([base, bits]) => address.kind() === base.kind() && address.match(base, bits));

  return {
    isTrusted(address) {
      const peer = parsed.length === 0 ? null : parseAddress(address);
      return peer !== null && isTrusted(peer);
    },
    findClient(peer, forwardedFor) {
      const plainPeer = peer.startsWith('::ffff:') && peer.includes('.') ? peer.slice(7) : peer;
      if (parsed.length === 0 || forwardedFor === undefined) return plainPeer;
      let client = parseAddress(peer);
      if (client === null) return plainPeer;
      for (const entry of forwardedFor.split(',').reverse()) {
        if (!isTrusted(client)) break;
        const next = parseAddress(entry);
        if (next === null) break;
        client = next;
      }
      return client.toString();
    },
  };
}
