import { assignEvents } from '../intake/replay/assign-event.ts';
import { type ReplayDeps, replayEvents, type SharedReplays } from '../intake/replay/replay.ts';
import type { JobPlans } from '../runs/job-plans.ts';
import type { Machine } from './machine.ts';

/** Replays by way of the log: each node makes the same events, with the same runs. `deps` write in an entry that is being applied. */
export const shareReplays = (deps: ReplayDeps & { jobs: JobPlans }, share: Machine['share']): SharedReplays => ({
  replay: share('replay', (input: Parameters<SharedReplays['replay']>[0]) => replayEvents(deps, input)),
  assign: share('replay.assign', (input: Parameters<SharedReplays['assign']>[0]) => assignEvents(deps, input)),
});
