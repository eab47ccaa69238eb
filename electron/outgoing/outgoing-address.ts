import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which machines may be asked: those of the internet, those of this network and this machine too, this machine alone. */
export type Reach = 'public' | 'private' | 'loopback';

/** Where clouds hand out credentials, besides link-local addresses, which are never asked either. */
const metadataAddresses = new Set([
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  ipaddr.parse('fd00:ec2::254').toString(),
  ipaddr.parse('fd20:ce::254').toString(),
]);
const globalUnicast = ipaddr.parseCIDR('2000::/3');
const privateRanges = new Set(['private', 'uniqueLocal', 'carrierGradeNat', 'loopback']);

type AddressKind = 'public' | 'private' | 'loopback' | 'never';

/** Addresses and hosts of the latest requests: each request to a destination asks about the same ones. */
const maxRemembered = 1000;

/** A pure function whose latest results are kept. */
function remember<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const computed = compute(text);
    if (known.size >= maxRemembered) known.clear();
    known.set(text, computed);
    return computed;
  };
}

const kindOf = remember((address: string): AddressKind => {
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (metadataAddresses.has(parsed.toString())) return 'never';
  if (range === 'loopback') return 'loopback';
  if (privateRanges.has(range)) return 'private';
  if (range !== 'unicast') return 'never';
  // Only 2000::/3 is routed: the rest is reserved, or stands for an IPv4 address (`::127.0.0.1`).
  return parsed.kind() === 'ipv6' && !parsed.match(globalUnicast) ? 'never' : 'public';
});

const wanted = {
  public: { kinds: ['public'], name: 'public address' },
  private: { kinds: ['public', 'private', 'loopback'], name: 'public or private address' },
  loopback: { kinds: ['loopback'], name: 'address of this machine' },
} satisfies { [reach in Reach]: { kinds: AddressKind[]; name: string } };

/** Why an address is not asked, as the end of a sentence that names it: `is no public address`. Null when it may be. */
export function refuseAddress(address: string, reach: Reach): string | null {
  const kind = kindOf(address);
  if (kind === 'never') return 'is a reserved address, which is never allowed';
  const { kinds, name } = wanted[reach];
  return kinds.some((one) => one === kind) ? null : `is no ${name}`;
}

export class RefusedAddressError extends Error {
  /** It is refused only because it is not of the internet, which `allowPrivate` would allow. */
  readonly isNotPublic: boolean;

  constructor(message: string, address: string, reach: Reach) {
    super(message);
    const kind = kindOf(address);
    this.isNotPublic = reach === 'public' && (kind === 'private' || kind === 'loopback');
  }
}

/** A literal IP address as a URL has it, without brackets; null for a name. */
export const literalOf = remember((hostname: string): string | null => {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
});

type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Resolves to addresses in reach only, all of them: a name must not lead to where it may not be asked. */
export const createLookup =
  (reach: Reach, resolve: ResolveAll = dnsLookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '');
      for (const { address } of addresses) {
        const refusal = refuseAddress(address, reach);
        if (refusal === null) continue;
        const message = `${hostname} resolves to ${address}, which ${refusal}`;
        return callback(new RefusedAddressError(message, address, reach), '');
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
