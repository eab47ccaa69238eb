import ipaddr from 'ipaddr.js';
import { z } from 'zod';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** `203.0.113.0/24`, `2001:db8::/32`, or one address. Null for anything else, `10.1` and its like included. */
function parseRange(text: string): Range | null {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address))) return null;
  const base = ipaddr.parse(address);
  const width = base.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [base, width];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? [base, Number(bits)] : null;
}

export const addressRangesSchema = z
  .array(
    z
      .string()
      .max(100, 'must be at most 100 characters')
      .refine((text) => parseRange(text) !== null, 'must be an address or a range such as 203.0.113.0/24'),
  )
  .min(1, 'must name at least one address')
  .max(200, 'must be at most 200');

/** Gives the first range that an address is in, as it was written, or null. Takes ranges that the schema accepts. */
export function createAddressList(ranges: readonly string[]): (address: string) => string | null {
  const parsed = ranges.map((text) => ({ text, range: parseRange(text) }));
  return (address) => {
    if (!ipaddr.isValid(address)) return null;
    const given = ipaddr.process(address);
    const found = parsed.find(
      ({ range }) => range !== null && given.kind() === range[0].kind() && given.match(range[0], range[1]),
    );
    return found?.text ?? null;
  };
}
