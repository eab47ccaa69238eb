import type { Handlers } from '../../../shared/contract/index.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import type { Reader } from '../../store/read/reader.ts';
import type { Reading } from '../../store/statistics/readings/readings.ts';

export interface InsightHandlerDeps {
  reader: Reader;
  definitions: Pick<Definitions, 'sources' | 'settings'>;
  /** Of now, not stored yet. */
  reading: () => Promise<Reading>;
  /** Free bytes at which deliveries are refused. */
  stopBytes: number;
  nowMs: () => number;
}

type InsightHandlers = Pick<Handlers, Extract<keyof Handlers, `insights.${string}`>>;

export function createInsightHandlers(deps: InsightHandlerDeps): InsightHandlers {
  const { reader, definitions, stopBytes, nowMs } = deps;
  return {
    'insights.readings': async ({ hours }) =>
      reader.read('insightReadings', {
        hours,
        now: await deps.reading(),
        retentionDays: definitions.settings.get().retention.days,
        stopBytes,
      }),
    'insights.runs': ({ hours }) => reader.read('runRanking', { hours, nowMs: nowMs() }),
    'insights.sources': async () => {
      const sources = definitions.sources
        .list()
        .filter(({ owner, spec }) => owner !== 'builtin' && spec.enabled !== false)
        .map(({ spec }) => spec.slug);
      return { items: await reader.read('sourceRhythms', { sources, nowMs: nowMs() }) };
    },
  };
}
