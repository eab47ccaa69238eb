import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { readRaised } from '../../electron/store/alarms/incidents.ts';
import { migrationFunctions } from '../../electron/store/database/migration-functions.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { putAlarm, readAlarms } from '../../electron/store/definitions/alarms.ts';
import { readDestinations } from '../../electron/store/definitions/destinations.ts';
import { getDeliveryBySeq } from '../../electron/store/events/deliveries.ts';
import { listFailures } from '../../electron/store/failures/list-failures.ts';
import { migrations } from '../../electron/store/migrations/index.ts';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { pickOrdered, pickQueued } from '../../electron/store/runs/run-claims.ts';
import { eventsByRuns, eventsByRunsSql } from '../../electron/store/runs/run-terms.ts';
import { tempDir } from '../support/temp-store.ts';

/** A store as the version with so many migrations left it, with a delivery in it. */
function storeOfVersion(version: number): string {
  const file = join(tempDir(), 'signalbox.db');
  const db = new DatabaseSync(file);
  for (const [name, compute] of Object.entries(migrationFunctions)) db.function(name, { varargs: true }, compute);
  for (const sql of migrations.slice(0, version)) db.exec(sql);
  db.exec(`PRAGMA user_version = ${version}`);
  db.exec(`INSERT INTO deliveries (id, source, received_at, method, url, remote_address, headers, body, body_bytes, result,
    status, event_ids) VALUES ('d1', 'crm', 1, 'POST', '/in/crm', '127.0.0.1', '{}', x'7b7d', 2, 'accepted', 202, '[]')`);
  db.close();
  return file;
}

const schemaOf = (file: string): unknown[] => {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  } finally {
    db.close();
  }
};

describe('a store of an earlier version', () => {
  const versions = Array.from({ length: migrations.length - 1 }, (_, n) => n + 1);

  it.each(versions)('%i is brought to the newest schema and keeps what is in it', (version) => {
    const fresh = join(tempDir(), 'signalbox.db');
    openWritable(fresh).close();
    const file = storeOfVersion(version);
    const db = openWritable(file);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(db.prepare('SELECT id, body_bytes FROM deliveries').all()).toEqual([{ id: 'd1', body_bytes: 2 }]);
    expect(getDeliveryBySeq(db, 1)?.notes).toEqual([]);
    db.close();
    expect(schemaOf(file)).toEqual(schemaOf(fresh));
  });

  it('starts the runs that waited in a store from before destinations', () => {
    const file = storeOfVersion(8);
    const before = new DatabaseSync(file);
    before.exec(`INSERT INTO event_types (id, source, system, type) VALUES (1, 'crm', 'generic', 'made');
      INSERT INTO events (seq, id, type_id, received_at, context, payload, verification) VALUES (1, 'e1', 1, 1, '{}', '{}', '{}');
      INSERT INTO runs (id, event_seq, listener, job, state, attempts, queued_at, acknowledge)
        VALUES ('r1', 1, 'on-made', 'erp', 'queued', 1, 1, 'none');`);
    before.close();
    const db = openWritable(file);
    for (const pick of [pickQueued, pickOrdered]) expect(pick(db, 'erp', 10, 2).map(({ id }) => id)).toEqual(['r1']);
    expect(readDestinations(db)).toEqual([]);
    db.close();
  });

  it('counts the failed runs of a store from before failures', () => {
    const file = storeOfVersion(9);
    const before = new DatabaseSync(file);
    before.exec(`INSERT INTO event_types (id, source, system, type) VALUES (1, 'crm', 'generic', 'made');
      INSERT INTO events (seq, id, type_id, received_at, context, payload, verification)
        VALUES (1, 'e1', 1, 1, '{"space":"a"}', '{}', '{}'), (2, 'e2', 1, 1, '{}', '{}', '{}');
      INSERT INTO runs (seq, id, event_seq, listener, listener_version, job, retry_no, state, reason, exit_code, error, outcome,
          attempts, queued_at, finished_at, acknowledge, inbox, acknowledged_at, acknowledged_by) VALUES
        (1, 'r1', 1, 'on', 1, 'erp', 0, 'failed', 'exit', 2, 'No space sp_1', NULL, 1, 10, 11, 'none', 1, NULL, NULL),
        (2, 'r2', 2, 'on', 3, 'erp', 0, 'failed', 'exit', 2, 'No space sp_22', NULL, 1, 20, 21, 'none', 0, NULL, NULL),
        (3, 'r3', 2, 'on', 3, 'erp', 1, 'completed', 'exit', 0, NULL, NULL, 1, 30, 31, 'none', 0, NULL, NULL),
        (4, 'r4', 1, 'other', 1, 'erp', 0, 'failed', 'outcome', 0, NULL, '{"title":"Late"}', 1, 40, 41, 'none', 0, 50, 'ada'),
        (5, 'r5', 2, 'late', 1, 'erp', 0, 'failed', 'timeout', NULL, 'late', NULL, 1, 50, 51, 'none', 0, NULL, NULL),
        (6, 'r6', 2, 'late', 1, 'erp', 1, 'failed', 'timeout', NULL, 'late', NULL, 1, 60, 61, 'none', 0, 70, 'ada');`);
    before.close();
    const db = openWritable(file);
    expect(listFailures(db, { limit: 10 }).items).toMatchObject([
      { listener: 'late', count: 2, state: 'acknowledged', stateBy: 'ada', lastRunId: 'r6' },
      { listener: 'other', message: 'Late', count: 1, state: 'acknowledged', stateBy: 'ada', lastRunId: 'r4' },
      {
        listener: 'on',
        message: 'No space sp_22',
        count: 2,
        state: 'open',
        firstSeenAt: '1970-01-01T00:00:00.011Z',
        lastSeenAt: '1970-01-01T00:00:00.021Z',
        lastRunId: 'r2',
        listenerVersions: { first: 1, last: 3 },
      },
    ]);
    const unresolved = listRuns(db, { query: 'is:unresolved', limit: 10, nowMs: 100 });
    expect(unresolved.items.map(({ id }) => id)).toEqual(['r1']);
    db.close();
  });

  it('finds the failed batches of a store from before their index by that index', () => {
    const file = storeOfVersion(13);
    const before = new DatabaseSync(file);
    before.exec(`INSERT INTO event_types (id, source, system, type) VALUES (1, 'crm', 'generic', 'made');
      INSERT INTO events (seq, id, type_id, received_at, context, payload, verification) VALUES
        (1, 'e1', 1, 1, '{}', '{}', '{}'), (2, 'e2', 1, 1, '{}', '{}', '{}'), (3, 'e3', 1, 1, '{}', '{}', '{}');
      INSERT INTO batches (seq, listener, key, version, job, needs_approval, depth, events, bytes, count)
        VALUES (1, 'on', '', 1, 'erp', 0, 0, 2, 4, 2);
      INSERT INTO batch_events (event_seq, listener, batch_seq) VALUES (1, 'on', 1), (2, 'on', 1);
      INSERT INTO runs (seq, id, event_seq, listener, job, state, reason, attempts, queued_at, acknowledge, batch_seq) VALUES
        (1, 'r1', 2, 'on', 'erp', 'failed', 'exit', 1, 1, 'none', 1),
        (2, 'r2', 3, 'alone', 'erp', 'failed', 'exit', 1, 1, 'none', NULL);`);
    before.close();
    const db = openWritable(file);
    const seqs = eventsByRuns(db, "r.state = 'failed'")(100, 0, 10);
    expect(seqs).toEqual([{ seq: 3 }, { seq: 2 }, { seq: 1 }]);
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${eventsByRunsSql("r.state = 'failed'", true)}`)
      .all({ below: 100, above: 0, limit: 10 });
    expect(JSON.stringify(plan)).toContain('runs_failed_batches');
    db.close();
  });

  it('has no alarms in a store from before them, and takes the first', () => {
    const db = openWritable(storeOfVersion(15));
    expect(readAlarms(db)).toEqual({ rows: [], broken: [] });
    const spec = { slug: 'disk', when: { kind: 'disk_free', below: 1 } } as const;
    putAlarm(db, { spec, owner: 'user', version: 1, createdAtMs: 1, updatedAtMs: 1 });
    expect(readAlarms(db).rows).toMatchObject([{ spec }]);
    expect(readRaised(db)).toEqual([]);
    db.close();
  });
});
