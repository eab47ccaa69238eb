import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';

/** The host name a delivery was refused for, as *Accepted hosts* has it; null for any other delivery. */
export function refusedHost({ reason, headers }: Pick<DeliveryDetail, 'reason' | 'headers'>): string | null {
  if (reason?.code !== 'unknown_host') return null;
  const host = headers.find(([name]) => name === 'host')?.[1] ?? '';
  const name = host
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return name === '' ? null : name;
}
