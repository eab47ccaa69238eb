import ipaddr from 'ipaddr.js';

/** An IPv6 /64 counts as one address: it usually belongs to one client, which could change addresses at will. */
export function throttleKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join('.');
}
