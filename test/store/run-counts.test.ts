import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storedBytes } from '../../electron/store/database/database-size.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { countFailed } from '../../electron/store/runs/run-counts.ts';
import { tempDir, tempStore } from '../support/temp-store.ts';

it('failed runs of a job are counted whether they were retried or acknowledged', () => {
  const { db } = tempStore();
  db.exec(`INSERT INTO event_types (id, source, system, type) VALUES (1, 'crm', 'generic', 'a');
    INSERT INTO events (seq, id, type_id, received_at, context, payload, verification, depth, ignored, chain_stopped)
      VALUES (1, 'e1', 1, 1, '{}', '{}', '{}', 0, 0, 0)`);
  const insert = db.prepare(
    `INSERT INTO runs (id, event_seq, listener, job, retry_no, state, attempts, queued_at, acknowledge, inbox, depth)
       VALUES (?, 1, 'l', ?, ?, ?, 1, 1, 'required', ?, 0)`,
  );
  insert.run('r1', 'import', 0, 'failed', 0);
  insert.run('r2', 'import', 1, 'failed', 1);
  insert.run('r3', 'import', 2, 'completed', 0);
  insert.run('r4', 'export', 3, 'failed', 1);
  expect([countFailed(db, 'import'), countFailed(db, 'export'), countFailed(db, 'none')]).toEqual([2, 1, 0]);
});

it('the size is that of the database, not of its log', () => {
  const file = join(tempDir(), 'signalbox.db');
  const db = openWritable(file);
  const before = storedBytes(db);
  for (let turn = 0; turn < 200; turn += 1)
    db.exec(`INSERT OR REPLACE INTO meta (key, value) VALUES ('k', 'v${turn}')`);
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
  expect(storedBytes(db)).toBe(before);
  db.pragma('wal_checkpoint(TRUNCATE)');
  expect(statSync(file).size).toBe(before);
  db.close();
});
