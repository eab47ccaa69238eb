import { sql as spine } from './0001-spine.ts';
import { sql as blindWindows } from './0002-blind-windows.ts';
import { sql as pendingRuns } from './0003-pending-runs.ts';
import { sql as deliveryNotes } from './0004-delivery-notes.ts';
import { sql as accounts } from './0005-accounts.ts';
import { sql as definitionGaps } from './0006-definition-gaps.ts';
import { sql as histogramIndexes } from './0007-histogram-indexes.ts';
import { sql as failedByJob } from './0008-failed-by-job.ts';
import { sql as destinations } from './0009-destinations.ts';
import { sql as failures } from './0010-failures.ts';
import { sql as batches } from './0011-batches.ts';
import { sql as insights } from './0012-insights.ts';
import { sql as shadowMatches } from './0013-shadow-matches.ts';
import { sql as failedBatches } from './0014-failed-batches.ts';
import { sql as views } from './0015-views.ts';
import { sql as alarms } from './0016-alarms.ts';
import { sql as passkeys } from './0017-passkeys.ts';
import { sql as cluster } from './0018-cluster.ts';

/** In order; a database's `user_version` is the number of those it has had. Never edit one that has shipped. */
export const migrations: readonly string[] = [
  spine,
  blindWindows,
  pendingRuns,
  deliveryNotes,
  accounts,
  definitionGaps,
  histogramIndexes,
  failedByJob,
  destinations,
  failures,
  batches,
  insights,
  shadowMatches,
  failedBatches,
  views,
  alarms,
  passkeys,
  cluster,
];
