import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { EventSchedule } from '../../intake/event-schedule.ts';
import type { Raise } from '../../intake/raise.ts';
import { assignEvents } from '../../intake/replay/assign-event.ts';
import type { ReplayDeps } from '../../intake/replay/replay.ts';
import type { JobPlans } from '../../runs/job-plans.ts';
import { listScheduled, toScheduledEvent } from '../../store/events/scheduled-events.ts';

export interface ScheduledEventHandlerDeps extends ReplayDeps {
  jobs: JobPlans;
  raise: Raise;
  schedule: Pick<EventSchedule, 'cancel'>;
  nameOf(caller: Caller): string;
}

type ScheduledEventHandlers = Pick<
  Handlers,
  'events.raise' | 'events.take' | 'scheduledEvents.list' | 'scheduledEvents.cancel'
>;

const shown = 500;

export function createScheduledEventHandlers(deps: ScheduledEventHandlerDeps): ScheduledEventHandlers {
  return {
    'events.raise': (input, caller) => deps.raise(input, { runId: null, depth: 0, by: deps.nameOf(caller) }),
    'events.take': async ({ ids, listener }) => ({ items: await assignEvents(deps, { ids, listener }) }),
    'scheduledEvents.list': ({ state = 'scheduled' }) => {
      const { rows, total } = listScheduled(deps.db, state, shown);
      return { items: rows.map(toScheduledEvent), total };
    },
    'scheduledEvents.cancel': ({ id }) => deps.schedule.cancel(id),
  };
}
