import { z } from 'zod';
import type { CallName } from '../../shared/contract/index.ts';
import { type App, startApp } from './app.ts';
import type { BenchOptions, Goal, Part, Row } from './bench-types.ts';
import { sampleDocument } from './fill-store.ts';
import { bigStoreConfig, copyFilledStore, storedEvents } from './filled-store.ts';
import { createRandom, median, percentile } from './numbers.ts';
import { sendSteadily } from './steady-sender.ts';

const perSecond = 100;
const limit = 50;
const aimMs = 50;
/** As it was when the aim was set. */
const worstMedianMs = 32.4;

interface Looked {
  what: string;
  call: CallName & ('events.list' | 'runs.list' | 'deliveries.list');
  query: string;
}

const looked: readonly Looked[] = [
  { what: 'first page of events', call: 'events.list', query: '' },
  { what: 'one type', call: 'events.list', query: 'type:crm.entity7.changed' },
  { what: 'types by pattern, one source', call: 'events.list', query: 'source:shop type:shop.entity1*.changed' },
  { what: 'payload comparison, 1 in 10', call: 'events.list', query: 'payload.amount:>900' },
  { what: 'payload comparison, 1 in 10,000', call: 'events.list', query: 'payload.amount:>999.9' },
  { what: 'context equality', call: 'events.list', query: 'context.spaceId:us_sp_1' },
  { what: 'failed', call: 'events.list', query: 'is:failed' },
  { what: 'ignored of one type', call: 'events.list', query: 'is:ignored type:crm.entity7.changed' },
  { what: 'full text, frequent words', call: 'events.list', query: 'lantern quartz' },
  { what: 'full text, a phrase', call: 'events.list', query: '"winter copper meadow"' },
  { what: 'full text, 1,000 events', call: 'events.list', query: 'batch77' },
  { what: 'full text, one event', call: 'events.list', query: 'ord_4711' },
  { what: 'full text, nothing', call: 'events.list', query: 'nowhere' },
  { what: 'first page of runs', call: 'runs.list', query: '' },
  { what: 'failed runs', call: 'runs.list', query: 'is:failed' },
  { what: 'first page of deliveries', call: 'deliveries.list', query: '' },
];

const pageSchema = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });

export const listsPart: Part = {
  name: 'lists',
  letters: 'f',
  about: `pages and searches over a big store while ${perSecond} events a second arrive`,
  async run(options) {
    const dataDir = await copyFilledStore(options);
    const app = await startApp({ dataDir, config: bigStoreConfig });
    await app.settled(storedEvents(options.isQuick));
    const random = createRandom(11);
    const sender = sendSteadily(`${app.receiverUrl}/in/crm`, perSecond, (n) => {
      const event = `crm.entity${random(40)}.changed`;
      const ctx = { spaceId: `us_sp_${random(2000)}` };
      return JSON.stringify({ event, ctx, ...sampleDocument(storedEvents(false) + n, random) });
    });
    try {
      return await measure(app, options);
    } finally {
      await sender.stop();
      await app.stop();
      if (sender.failed() > 0) options.say(`${sender.failed()} of ${sender.sent()} arriving events FAILED`);
    }
  },
};

/** In turns over all queries, so that each is asked at many moments of the stream. */
async function measure(app: App, { isQuick, say }: BenchOptions): Promise<Row[]> {
  const rounds = isQuick ? 15 : 60;
  const tookMs = new Map<Looked, number[]>(looked.map((one) => [one, []]));
  const found = new Map<Looked, string>();
  for (let round = -3; round < rounds; round++) {
    for (const one of looked) {
      const startedMs = performance.now();
      const reply = await app.call(one.call, { query: one.query, limit });
      const ms = performance.now() - startedMs;
      if (round >= 0) tookMs.get(one)?.push(ms);
      const page = pageSchema.parse(reply);
      found.set(one, `${page.items.length} found${page.nextCursor === null ? '' : ', more'}`);
    }
  }
  const events = storedEvents(isQuick);
  say(`${rounds} times each`);
  const rows = looked.map((one): Row => {
    const values = tookMs.get(one) ?? [];
    const p95 = percentile(values, 0.95);
    return {
      part: 'f',
      what: `${one.what}${one.query === '' ? '' : ` (${one.query})`}`,
      value: median(values),
      unit: 'ms',
      aim: `< ${aimMs} ms`,
      met: p95 < aimMs,
      note: `p95 ${p95.toFixed(1)} ms, ${found.get(one)}, of ${events.toLocaleString('en-US')}`,
      rounds: values,
    };
  });
  const slowest = Math.max(...rows.map((row) => row.value));
  const goal: Goal = {
    what: `lists and searches over ${events.toLocaleString('en-US')}, the slowest median`,
    aim: `≤ ${worstMedianMs} ms`,
    got: `${slowest.toFixed(1)} ms`,
    met: slowest <= worstMedianMs,
  };
  return rows.map((row, at) => (at === 0 ? { ...row, goals: [goal] } : row));
}
