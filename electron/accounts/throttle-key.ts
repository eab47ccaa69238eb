import ipaddr from 'ipaddr.js';

/** One IPv6 customer has a whole /64: counted as one, or guessing would cost nothing but changing addresses. */
export function throttleKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join('.');
}
