import type { Logger } from 'pino';
import { listenerDefaults } from '../../shared/contract/listeners.ts';
import type { Bus } from '../runs/announcements.ts';
import { type BatchTimer, createBatchTimer } from '../runs/batch-timer.ts';
import type { JobPlans } from '../runs/job-plans.ts';
import { createRunLifecycle, type RunLifecycle } from '../runs/lifecycle.ts';
import type { OwnEvents } from '../runs/run-announcer.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';
import {
  createEventSchedule,
  type EventSchedule,
  type EventScheduleDeps,
  type SharedSchedule,
} from './event-schedule.ts';
import { createIntake } from './intake.ts';
import type { Intake } from './intake-types.ts';
import { createMissedEvents, type MissedEvents } from './match-missed-events.ts';
import { createOwnEvents } from './own-events.ts';
import { createPlanMatch, type PlanMatch } from './plan-matches.ts';
import type { ListenerMatcher } from './planning-types.ts';
import { createRaise, type Raise } from './raise.ts';

/** What taking events takes where the nodes of a cluster share them. */
export interface SharedIntake extends SharedSchedule {
  share<A extends unknown[], T>(name: string, method: (...args: A) => Promise<T>): (...args: A) => Promise<T>;
  /** Of this node's own store. */
  ownWriter: Writer;
}

export interface IntakePartDeps extends Pick<EventScheduleDeps, 'onChanged' | 'onUnreadable'> {
  db: ReadableDb;
  writer: Writer;
  bus: Bus;
  listeners: ListenerMatcher;
  jobs: JobPlans;
  log: Logger;
  nowMs: () => number;
  /** Present in a cluster. */
  shared?: SharedIntake | undefined;
  /** Whether runs are shown anywhere. */
  isWatched: () => boolean;
}

export interface IntakeDeps {
  lifecycle: RunLifecycle;
  planMatch: PlanMatch;
  ownEvents: OwnEvents;
  intake: Intake;
  raise: Raise;
  schedule: EventSchedule;
  batches: BatchTimer;
  missedEvents: MissedEvents;
}

/** Everything that makes events, and runs of them: the same in the app and in tests. */
export function composeIntake(deps: IntakePartDeps): IntakeDeps {
  const { bus, jobs, nowMs, isWatched, shared } = deps;
  // A run's end is an event, which may start another run.
  const ownEvents = createOwnEvents({ ...deps, plan: (tx, event, match) => planMatch(tx, event, match) });
  const planMatch = createPlanMatch({ ...deps, plan: (tx, event, run) => lifecycle.plan(tx, event, run) });
  const lifecycle = createRunLifecycle({
    bus,
    jobs,
    nowMs,
    isWatched,
    events: ownEvents,
    resolves: (slug) => deps.listeners.find(slug)?.resolves ?? listenerDefaults.resolves,
  });
  const { raiseEvent } = ownEvents;
  const raise = createRaise({ ...deps, raiseEvent });
  return {
    lifecycle,
    planMatch,
    ownEvents,
    intake: createIntake({ ...deps, shared: shared?.commands, ownWriter: shared?.ownWriter, plan: planMatch }),
    raise: shared === undefined ? raise : shared.share('raise', raise),
    schedule: createEventSchedule({ ...deps, raiseEvent }),
    batches: createBatchTimer({ ...deps, closeDue: lifecycle.closeDueBatches }),
    missedEvents: createMissedEvents({ ...deps, plan: planMatch }),
  };
}
