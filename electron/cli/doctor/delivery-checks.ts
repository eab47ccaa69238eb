import ipaddr from 'ipaddr.js';
import type { Delivery, DeliveryDetail } from '../../../shared/contract/deliveries.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { showDuration } from '../output/show-time.ts';
import type { Session } from '../server-command.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

type Client = Session['client'];

/** What senders have done lately shows what is set up wrongly between them and the receiver. */
const lookedAt = 200;
const skewAllowedMs = 60_000;

export async function checkDeliveries(client: Client): Promise<Finding[]> {
  const [settings, refused, latest] = await Promise.all([
    client.call('settings.get', {}),
    client.call('deliveries.list', { result: 'refused', limit: lookedAt }),
    client.call('deliveries.list', { limit: 20 }),
  ]);
  const details = await Promise.all(
    // Retention may remove one meanwhile.
    latest.items.map(({ id }) => client.call('deliveries.get', { id }).catch(() => null)),
  );
  return [
    checkHosts(refused.items, settings),
    checkProxies(details, settings),
    ...(await checkSkew(client, refused.items)),
  ];
}

function checkHosts(refused: readonly Delivery[], { acceptedHosts }: Settings): Finding {
  const check = 'host settings';
  const hosts = new Set(
    refused.flatMap(({ reason }) =>
      reason?.code === 'unknown_host' ? [/for the host "([^"]+)"/.exec(reason.message)?.[1] ?? 'another host'] : [],
    ),
  );
  const unknown = [...hosts].filter((host) => !acceptedHosts.includes(host));
  if (unknown.length === 0) return ok(check, 'No deliveries were refused because of their host.');
  const names = unknown.slice(0, 5).join(', ');
  return problem(
    check,
    `Deliveries for ${names} were refused: the receiver does not accept that host.`,
    `Add ${names} to the accepted hosts in the settings, or set up verification for the source.`,
  );
}

function checkProxies(details: readonly (DeliveryDetail | null)[], { trustedProxies }: Settings): Finding {
  const check = 'proxy';
  const ranges = trustedProxies.map((range) => ipaddr.parseCIDR(range));
  const isTrusted = (address: string): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
  };
  const proxies = new Set(
    details.flatMap((detail) =>
      detail?.headers.some(([name]) => name.toLowerCase() === 'x-forwarded-for') === true ? [detail.remoteAddress] : [],
    ),
  );
  // Behind a trusted proxy the address is the client's own, which is not looked for among the proxies.
  const untrusted = ranges.length > 0 ? [] : [...proxies].filter((address) => !isTrusted(address));
  if (untrusted.length === 0) return ok(check, 'No deliveries came through an untrusted proxy.');
  const names = untrusted.slice(0, 5).join(', ');
  return warning(
    check,
    `Deliveries with X-Forwarded-For come from ${names}: rate limits and allowed addresses apply to the proxy, not to the senders.`,
    `If this is your proxy, add ${untrusted.slice(0, 5).map(asRange).join(', ')} to the trusted proxies in the settings.`,
  );
}

const asRange = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** Signed times that were refused, and events that happened after they were received. */
async function checkSkew(client: Client, refused: readonly Delivery[]): Promise<Finding[]> {
  const check = 'time skew';
  const found = new Map<string, Finding>();
  for (const { source, reason } of refused) {
    if (source === null || reason === null || !/^timestamp_(in_future|too_old)$/.test(reason.code)) continue;
    const remedy = `Set the clock of this machine and of the sender (NTP). If the sender is just slow, set a longer tolerance for ${source}.`;
    found.set(source, problem(check, `Deliveries of ${source} were refused: ${reason.message}.`, remedy));
  }
  const { items } = await client.call('events.list', { limit: lookedAt });
  for (const [source, aheadMs] of aheadBySource(items)) {
    if (found.has(source) || aheadMs <= skewAllowedMs) continue;
    const message = `The clock of ${source} is ${showDuration(aheadMs)} ahead: its events are dated after they were received.`;
    found.set(source, problem(check, message, `Set the clock of the sender, or of this machine, with NTP.`));
  }
  return found.size > 0 ? [...found.values()] : [ok(check, 'The timestamps of senders match this clock.')];
}

/** The smallest lead of a source's times is its clock's; single events may be dated into the future on purpose. */
function aheadBySource(events: readonly EventItem[]): Map<string, number> {
  const ahead = new Map<string, number>();
  for (const { source, occurredAt, receivedAt } of events) {
    if (occurredAt === null) continue;
    const ms = Date.parse(occurredAt) - Date.parse(receivedAt);
    ahead.set(source, Math.min(ahead.get(source) ?? Number.POSITIVE_INFINITY, ms));
  }
  return ahead;
}
