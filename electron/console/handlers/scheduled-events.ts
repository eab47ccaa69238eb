import type { Handlers } from '../../../shared/contract/index.ts';
import type { EventSchedule } from '../../intake/event-schedule.ts';
import type { Raise } from '../../intake/raise.ts';
import type { ReplayDeps } from '../../intake/replay.ts';
import { takeEvents } from '../../intake/take.ts';
import { listScheduled, toScheduledEvent } from '../../store/scheduled-events.ts';

export interface ScheduledEventHandlerDeps extends ReplayDeps {
  raise: Raise;
  schedule: Pick<EventSchedule, 'cancel'>;
  operatorName(): string;
}

type ScheduledEventHandlers = Pick<
  Handlers,
  'events.raise' | 'events.take' | 'scheduledEvents.list' | 'scheduledEvents.cancel'
>;

const shown = 500;

export function createScheduledEventHandlers(deps: ScheduledEventHandlerDeps): ScheduledEventHandlers {
  return {
    'events.raise': (input) => deps.raise(input, { runId: null, depth: 0, by: deps.operatorName() }),
    'events.take': async ({ ids, listener }) => ({ items: await takeEvents(deps, { ids, listener }) }),
    'scheduledEvents.list': ({ state = 'scheduled' }) => {
      const { rows, total } = listScheduled(deps.db, state, shown);
      return { items: rows.map(toScheduledEvent), total };
    },
    'scheduledEvents.cancel': ({ id }) => deps.schedule.cancel(id),
  };
}
