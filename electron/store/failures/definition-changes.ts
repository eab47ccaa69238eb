import { z } from 'zod';
import type { FailureDetail } from '../../../shared/contract/failures.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import type { FailureRow } from './failure-rows.ts';

type Change = FailureDetail['changes'][number];

const listenerRow = z.object({ version: z.number(), at: z.number(), saved_by: z.string().nullable() });
const jobRow = z.object({ version: z.number(), at: z.number(), saved_by: z.string().nullable() });

/** What was saved of its listener and job since it was first seen, newest first; of a job the present version alone is kept. */
export function definitionChanges(db: ReadableDb, failure: FailureRow): Change[] {
  const since = failure.first_seen_at;
  const changes: (Change & { atMs: number })[] = [];
  if (failure.listener !== null) {
    const rows = statement(
      db,
      `SELECT version, at, saved_by FROM listener_versions
       WHERE slug = ? AND at > ? ORDER BY version DESC LIMIT 50`,
    ).all(failure.listener, since);
    for (const row of rows) {
      const { version, at, saved_by: savedBy } = listenerRow.parse(row);
      changes.push({ kind: 'listener', slug: failure.listener, version, at: isoTime(at), atMs: at, savedBy });
    }
  }
  const job = statement(db, 'SELECT version, updated_at AS at, saved_by FROM jobs WHERE slug = ? AND updated_at > ?');
  const row = job.get(failure.job, since);
  if (row !== undefined) {
    const { version, at, saved_by: savedBy } = jobRow.parse(row);
    changes.push({ kind: 'job', slug: failure.job, version, at: isoTime(at), atMs: at, savedBy });
  }
  return changes.sort((one, other) => other.atMs - one.atMs).map(({ atMs: _atMs, ...change }) => change);
}
