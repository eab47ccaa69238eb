import { compileReach } from '../../../shared/conditions/evaluate/reach.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { StoredListener } from '../../store/definitions/listeners.ts';
import { listEventTypes } from '../../store/events/event-types.ts';
import type { Reader } from '../../store/read/reader.ts';

export interface StatisticsHandlerDeps {
  db: ReadableDb;
  reader: Reader;
  definitions: Pick<Definitions, 'listeners' | 'sources'>;
  nowMs: () => number;
}

type StatisticsHandlers = Pick<
  Handlers,
  'deliveries.histogram' | 'sources.statistics' | 'listeners.histogram' | 'listeners.statistics'
>;

/** Types looked at for those that a listener can match: the latest. */
const mostTypes = 5000;

export function createStatisticsHandlers({
  db,
  reader,
  definitions,
  nowMs,
}: StatisticsHandlerDeps): StatisticsHandlers {
  const { listeners, sources } = definitions;

  function typeIdsOf(listener: StoredListener): number[] {
    const reach = compileReach(listener);
    return listEventTypes(db, mostTypes)
      .filter(({ source, type }) => reach.takesSource(source) && reach.takesType(source, type))
      .map(({ id }) => id);
  }

  return {
    'deliveries.histogram': ({ source, ...input }) =>
      reader.read('deliveryHistogram', { ...input, source: sources.get(source).spec.slug, nowMs: nowMs() }),
    'sources.statistics': ({ slug, hours }) =>
      reader.read('sourceStatistics', { source: sources.get(slug).spec.slug, hours, nowMs: nowMs() }),
    'listeners.histogram': ({ slug, ...input }) =>
      reader.read('listenerHistogram', {
        ...input,
        listener: slug,
        typeIds: typeIdsOf(listeners.get(slug)),
        nowMs: nowMs(),
      }),
    'listeners.statistics': ({ slug, hours }) => {
      const listener = listeners.get(slug);
      const where = stringifyExact(listener.where);
      return reader.read('clauseSample', { where, typeIds: typeIdsOf(listener), hours, nowMs: nowMs() });
    },
  };
}
