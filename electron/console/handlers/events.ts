import { checkTypePattern } from '../../../shared/conditions/patterns/type-pattern.ts';
import { assertMay } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { BulkReplays } from '../../intake/replay/bulk-replays.ts';
import { previewReplay } from '../../intake/replay/preview-replay.ts';
import { type ReplayDeps, replayEvents } from '../../intake/replay/replay.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readAnswer } from '../../store/events/answers.ts';
import { readGathering } from '../../store/events/batches.ts';
import { getDeliveryBySeq } from '../../store/events/deliveries.ts';
import { listEventTypes } from '../../store/events/event-types.ts';
import { type EventRow, readEventRow, toEventItem } from '../../store/events/events.ts';
import { readLineage } from '../../store/lists/lineage.ts';
import { defaultPageLimit } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';
import { readEventRuns } from '../../store/runs/event-runs.ts';

export interface EventHandlerDeps extends ReplayDeps {
  reader: Reader;
  bulkReplays: BulkReplays;
}

type EventHandlers = Pick<
  Handlers,
  | 'events.list'
  | 'events.histogram'
  | 'runs.histogram'
  | 'runs.statistics'
  | 'events.get'
  | 'events.types'
  | 'events.schema'
  | 'events.replay'
  | 'replays.start'
  | 'replays.preview'
  | 'replays.list'
  | 'replays.cancel'
>;

const typesShown = 500;

export function eventHandlers(deps: EventHandlerDeps): EventHandlers {
  const { db, reader, bulkReplays } = deps;
  return {
    'events.list': ({ query, limit = defaultPageLimit, cursor }) =>
      reader.read('listEvents', { query, limit, cursor, nowMs: deps.nowMs() }),
    'events.histogram': (input) => reader.read('eventHistogram', { ...input, nowMs: deps.nowMs() }),
    'runs.histogram': (input) => reader.read('runHistogram', { ...input, nowMs: deps.nowMs() }),
    'runs.statistics': (input) => reader.read('runStatistics', { ...input, nowMs: deps.nowMs() }),
    'events.get': ({ id }) => readDetail(db, id),
    'events.types': ({ source }) => ({
      items: listEventTypes(db, typesShown)
        .filter((row) => source === undefined || row.source === source)
        .map(({ id: _id, ...type }) => type),
    }),
    'events.schema': ({ source = null, type = [] }) => {
      const wrong = type.map(checkTypePattern).find((message) => message !== null);
      if (wrong !== undefined && wrong !== null) throw new AppError('invalid_input', wrong);
      return reader.read('typeSchema', { source, type });
    },
    'events.replay': async ({ ids, payload, listeners, onlyFailed }, caller) => {
      // Any payload for any listener, as by `events.raise`.
      if (payload !== undefined) assertMay(caller, 'define', 'Replaying with an edited payload');
      if (payload !== undefined && ids.length > 1) {
        throw new AppError('invalid_input', 'payload replaces the payload of one event; give a single id with it');
      }
      return { items: await replayEvents(deps, { ids, payload, listeners, onlyFailed }) };
    },
    'replays.start': (input) => bulkReplays.start(input),
    'replays.preview': (input) => previewReplay(deps, input),
    'replays.list': () => ({ items: bulkReplays.list() }),
    'replays.cancel': ({ id }) => bulkReplays.cancel(id),
  };
}

function readDetail(db: ReadableDb, id: string): ReturnType<typeof detailOf> {
  const row = readEventRow(db, id);
  if (row === null) throw new AppError('not_found', `there is no event ${id}; it may have been removed by retention`);
  return detailOf(db, row);
}

function detailOf(db: ReadableDb, row: EventRow) {
  const runs = readEventRuns(db, [row.seq]).get(row.seq) ?? [];
  return {
    ...toEventItem(row, runs, Number.POSITIVE_INFINITY),
    answer: readAnswer(db, row.id),
    delivery: row.delivery_seq === null ? null : getDeliveryBySeq(db, row.delivery_seq),
    gathering: readGathering(db, row.seq),
    lineage: readLineage(db, row),
  };
}
