import type { CallInput, CallName } from '../../shared/contract/index.ts';
import { startApp } from './app.ts';
import type { Part, Row } from './bench-types.ts';
import { bigStoreConfig, copyFilledStore, storedEvents } from './filled-store.ts';
import { median } from './numbers.ts';

const aimMs = 50;

type Asked = { [N in CallName]: { what: string; call: N; input: CallInput<N> } }[CallName];

const asked: readonly Asked[] = [
  { what: 'events over time, all', call: 'events.histogram', input: { buckets: 60 } },
  { what: 'events over time, 24 h', call: 'events.histogram', input: { query: 'after:24h', buckets: 60 } },
  { what: 'runs over time, all', call: 'runs.histogram', input: { buckets: 60 } },
  { what: 'deliveries of a source over time', call: 'deliveries.histogram', input: { source: 'crm', buckets: 60 } },
  { what: 'a source, 30 d', call: 'sources.statistics', input: { slug: 'crm', hours: 720 } },
  { what: 'rankings of runs, 30 d', call: 'insights.runs', input: { hours: 720 } },
  { what: 'rhythm of all sources', call: 'insights.sources', input: {} },
  { what: 'readings, 30 d', call: 'insights.readings', input: { hours: 720 } },
];

export const statisticsPart: Part = {
  name: 'statistics',
  letters: 'l',
  about: 'calls behind the charts of Insights and Activity over a big store',
  async run(options) {
    const dataDir = await copyFilledStore(options);
    const app = await startApp({ dataDir, config: bigStoreConfig });
    await app.settled(storedEvents(options.isQuick));
    const rows: Row[] = [];
    try {
      for (const { what, call, input } of asked) {
        const times: number[] = [];
        for (let round = 0; round < (options.isQuick ? 5 : 15); round += 1) {
          const startedMs = performance.now();
          await app.call(call, input);
          times.push(performance.now() - startedMs);
        }
        const value = median(times);
        options.say(`${what}: ${value.toFixed(1)} ms`);
        rows.push({
          part: 'l',
          what,
          value,
          unit: 'ms median',
          note: `longest ${Math.max(...times).toFixed(0)} ms`,
          goals: [{ what: `${what}, a call`, aim: `< ${aimMs} ms`, got: `${value.toFixed(1)} ms`, met: value < aimMs }],
        });
      }
    } finally {
      await app.stop();
    }
    return rows;
  },
};
