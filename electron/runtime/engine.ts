import { createDestinations, type Destinations } from '../destinations/destinations.ts';
import { composeIntake, type IntakeDeps, type IntakePartDeps, type SharedIntake } from '../intake/compose-intake.ts';
import type { JobCatalog } from '../jobs/attempt/job-catalog.ts';
import type { JobRunner } from '../jobs/operator/runner-types.ts';
import type { JobRunnerDeps, SharedRuns } from '../jobs/run/runner-deps.ts';
import { createJobRunner } from '../jobs/runner.ts';

export interface EngineDeps
  extends Omit<IntakePartDeps, 'jobs' | 'nowMs' | 'shared'>,
    Omit<JobRunnerDeps, 'lifecycle' | 'raise' | 'catalog' | 'requests' | 'gate' | 'nowMs' | 'shared'> {
  catalog: JobCatalog;
  /** Signs a token with this installation's key. */
  signToken: (claims: Record<string, string | number>) => Promise<string>;
  /** Present in a cluster. */
  shared?: (SharedIntake & SharedRuns) | undefined;
  /** Where a destination stands has changed. */
  onDestinationChanged: (job: string) => void;
  nowMs: () => number;
}

/** What takes events and runs jobs: the same in the app and in tests. */
export function createEngine(deps: EngineDeps): IntakeDeps & { runner: JobRunner; destinations: Destinations } {
  const parts = composeIntake({ ...deps, jobs: deps.catalog });
  const destinations = createDestinations({ ...deps, ...parts, events: parts.ownEvents });
  const { requests, gate } = destinations;
  return { ...parts, destinations, runner: createJobRunner({ ...deps, ...parts, requests, gate }) };
}
