import { FlatfileEvent, FlatfileListener } from '@flatfile/listener';
import { flatfile } from '../../electron/sources/presets/flatfile.ts';
import { compileConditions } from '../../shared/conditions/evaluate/compile.ts';
import type { ConditionInput, JsonValue } from '../../shared/conditions/tree.ts';
import { parseFlatfileFilter } from '../../shared/conditions/vendor-filters/flatfile-filter.ts';
import { jsonSchema } from '../../shared/contract/common.ts';
import type { Part, Row } from './bench-types.ts';
import { median } from './numbers.ts';

interface Kind {
  what: string;
  topic?: string | string[];
  filter: { [key: string]: JsonValue };
}

const kinds: readonly Kind[] = [
  { what: 'topic job:ready', topic: 'job:ready', filter: {} },
  { what: 'topics file:*, job:*', topic: ['file:*', 'job:*'], filter: {} },
  { what: 'topic **:ready', topic: '**:ready', filter: {} },
  { what: 'a key at any depth', filter: { job: 'space:configure' } },
  { what: 'two keys at any depth', filter: { job: 'space:configure', spaceId: 'us_sp_53' } },
  { what: 'a key that is nowhere', filter: { workbookId: 'us_wb_1' } },
  { what: 'topic and a key', topic: 'job:ready', filter: { job: 'space:configure' } },
  { what: 'a dotted key', filter: { 'payload.status': ['complete', 'ready'] } },
  { what: 'a glob head us_sp_*', filter: { spaceId: 'us_sp_*' } },
  { what: 'a glob tail *:configure', filter: { job: '*:configure' } },
  { what: 'a glob in segments', filter: { job: 'sp*ce:**' } },
  { what: 'a number', filter: { total: 1 } },
  { what: 'any value of a key, **', filter: { status: '**' } },
  { what: 'any key, one value', filter: { '**': 'us_jb_54' } },
  { what: 'any key, a value not there', filter: { '**': 'us_wb_1' } },
  { what: 'keys payload.*', filter: { 'payload.*': 'executing' } },
  { what: 'keys **.progress.*', filter: { '**.progress.*': 7 } },
];

/** `job:ready` as the vendor documents it, with the ids of event number `n`. */
function rawEvent(n: number): Record<string, unknown> {
  const spaceId = `us_sp_${n === 0 ? 53 : 53 + (n % 2)}`;
  return {
    id: `us_evt_${n}`,
    domain: 'job',
    topic: 'job:ready',
    createdAt: '2026-01-31T08:00:00.000Z',
    deletedAt: null,
    acknowledgedAt: null,
    context: {
      accountId: 'us_acc_51',
      environmentId: 'us_env_52',
      spaceId,
      jobId: 'us_jb_54',
      actorId: 'us_usr_55',
      precedingEventId: `us_evt_${n - 1}`,
      slugs: { space: 'orders', sheet: 'contacts' },
    },
    payload: {
      job: 'space:configure',
      domain: 'space',
      operation: 'configure',
      status: 'ready',
      info: null,
      isPart: false,
      input: { file: 'orders.csv', rows: 1200 + n },
    },
    attributes: { progress: { current: 0, total: 1, percent: 0 }, targetUpdatedAt: '2026-01-31T07:59:59.000Z' },
    callbackUrl: `https://platform.flatfile.com/api/v1/events/us_evt_${n}/ack`,
    dataUrl: '',
    target: spaceId,
    origin: { id: spaceId, slug: 'space' },
    namespaces: ['space'],
  };
}

/** Listeners that look at one event: what is found out about it for one of them serves the others. */
const listenersOfEvent = 10;
const eventCount = 256;
const aimPerSecond = 1_000_000;
const aimHostileMs = 50;

type OurTest = (event: ConditionInput) => boolean;

function compileOurs({ topic, filter }: Kind): OurTest {
  const parsed = parseFlatfileFilter(filter, topic);
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return compileConditions(parsed.conditions);
}

function compileTheirs({ topic, filter }: Kind): (event: FlatfileEvent) => boolean {
  const listener = new FlatfileListener().on(topic ?? '**', filter, () => {});
  return (event) => listener.getListeners(event).length > 0;
}

/** As the source stores it: objects made there have other shapes inside than literals have. */
function asStored(raw: string): ConditionInput {
  const source = flatfile.prepare({ slug: 'flatfile', preset: 'flatfile' }, () => '');
  const body = Buffer.from(raw);
  const request = { method: 'POST', subpath: '', query: new URLSearchParams(), headers: {}, body };
  const read = source.read(
    { ...request, remoteAddress: '127.0.0.1', receivedAtMs: 0 },
    { kind: 'json', value: jsonSchema.parse(JSON.parse(raw)), text: raw },
  );
  const [event] = read.ok ? read.events : [];
  if (event === undefined) throw new Error('the source does not read the event');
  return { ...event, source: 'flatfile', system: 'flatfile', headers: {} };
}

/** Checks a second of CPU time, so that what else runs on the machine does not count. */
function checksPerSecond<Event>(
  events: readonly Event[],
  { repeats, minMs, test }: { repeats: number; minMs: number; test(event: Event): boolean },
): number {
  const before = process.cpuUsage();
  for (let checks = 0; ; ) {
    for (const event of events) for (let i = 0; i < repeats; i += 1) test(event);
    checks += events.length * repeats;
    const { user, system } = process.cpuUsage(before);
    if (user + system >= minMs * 1000) return (checks / (user + system)) * 1e6;
  }
}

function hostileRow(): Row {
  const test = compileOurs({ what: '', filter: { '**': '*a*a*a*a*a*a*a*a*b' } });
  const rounds = Array.from({ length: 5 }, (_, n) => {
    const event = { ...asStored(JSON.stringify(rawEvent(n))), payload: { text: 'a'.repeat(2 ** 20) } };
    const before = process.cpuUsage();
    test(event);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const value = median(rounds);
  return {
    part: 'i',
    what: 'one check of 1 MiB made to stall it',
    value,
    unit: 'ms',
    aim: `< ${aimHostileMs} ms`,
    met: value < aimHostileMs,
    note: 'theirs does not come back',
    rounds,
  };
}

export const filtersPart: Part = {
  name: 'filters',
  letters: 'i',
  about: "Flatfile filters checked a second of CPU time, beside the vendor's own listener",
  async run({ isQuick, say }) {
    const raws = Array.from({ length: eventCount }, (_, n) => JSON.stringify(rawEvent(n)));
    const stored = raws.map(asStored);
    const vendors = raws.map((raw) => new FlatfileEvent(JSON.parse(raw)));
    const measured = kinds.map((kind) => ({
      kind,
      ours: compileOurs(kind),
      theirs: compileTheirs(kind),
      shared: [] as number[],
      alone: [] as number[],
      vendor: [] as number[],
    }));
    for (const { kind, ours, theirs } of measured) {
      stored.forEach((event, n) => {
        const vendor = vendors[n];
        if (vendor !== undefined && ours(event) !== theirs(vendor)) throw new Error(`${kind.what}: another answer`);
      });
    }
    const minMs = isQuick ? 40 : 200;
    // The first round warms all kinds up, for an app that runs but one of them is not what is measured.
    const rounds = isQuick ? 4 : 8;
    for (let round = 0; round < rounds; round += 1) {
      for (const { ours, theirs, shared, alone, vendor } of measured) {
        const results = [
          checksPerSecond(stored, { repeats: listenersOfEvent, minMs, test: ours }),
          checksPerSecond(stored, { repeats: 1, minMs, test: ours }),
          checksPerSecond(vendors.slice(0, 16), { repeats: 1, minMs, test: theirs }),
        ] as const;
        if (round === 0) continue;
        shared.push(results[0]);
        alone.push(results[1]);
        vendor.push(results[2]);
      }
      say(`round ${round + 1} of ${rounds}`);
    }
    const rows = measured.map(({ kind, shared, alone, vendor }): Row => {
      const value = median(shared);
      return {
        part: 'i',
        what: kind.what,
        value,
        unit: '/s',
        aim: '≥ 1,000,000 /s',
        met: value >= aimPerSecond,
        note: `alone with an event ${thousands(median(alone))}, theirs ${thousands(median(vendor))}`,
        rounds: shared,
      };
    });
    return [...rows, hostileRow()];
  },
};

const thousands = (value: number): string => `${Math.round(value / 1000).toLocaleString('en-US')} k`;
