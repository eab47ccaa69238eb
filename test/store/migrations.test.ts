import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openWritable } from '../../electron/store/database/open.ts';
import { readDestinations } from '../../electron/store/definitions/destinations.ts';
import { getDeliveryBySeq } from '../../electron/store/events/deliveries.ts';
import { migrations } from '../../electron/store/migrations/index.ts';
import { pickOrdered, pickQueued } from '../../electron/store/runs/run-claims.ts';
import { tempDir } from '../support/temp-store.ts';

/** A store as the version with so many migrations left it, with a delivery in it. */
function storeOfVersion(version: number): string {
  const file = join(tempDir(), 'signalbox.db');
  const db = new DatabaseSync(file);
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
});
