import { errorText } from '../../../shared/error-text.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readApprovedPlan } from '../../store/runs/run-approvals.ts';
import type { ClaimRow } from '../../store/runs/run-claims.ts';
import type { ApprovedFiles } from '../attempt/attempt.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { type PlannedFiles, planDifferences, planDigest, planOf, readRunPlan } from './run-plan.ts';

/** Of what has changed; a note is one sentence. */
const maxNamed = 10;

/** What was approved, as it is on the disk now; or why a run that needs an approval may not start as it is. */
export type Checked = { approved: ApprovedFiles } | { note: string };

/** Reads all that would run. Never rejects. */
export async function checkApproved(
  db: ReadableDb,
  row: Pick<ClaimRow, 'seq' | 'decided_at'>,
  job: CatalogJob,
  dataDir: string,
): Promise<Checked> {
  const approved = readApprovedPlan(db, row.seq);
  if (approved === null || row.decided_at === null) return { note: 'Not approved yet.' };
  let now: PlannedFiles;
  try {
    now = await planOf(job, dataDir);
  } catch (error) {
    return { note: `The files to run could not be read: ${errorText(error)}` };
  }
  const approvedPlan = readRunPlan(approved);
  if (approvedPlan === null) return { note: 'The stored approval is damaged.' };
  const differences = planDifferences(approvedPlan, now.plan);
  if (differences.length === 0) return { approved: { digest: planDigest(now.plan), contents: now.contents } };
  const named = differences.slice(0, maxNamed).map(({ what }) => what);
  const more = differences.length > maxNamed ? `, and ${differences.length - maxNamed} more` : '';
  return { note: `Changed since it was approved: ${named.join(', ')}${more}.` };
}
