import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newId } from '../../electron/store/database/ids.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { internEventType } from '../../electron/store/events/event-types.ts';
import { insertEvent } from '../../electron/store/events/events.ts';
import { insertRun } from '../../electron/store/runs/insert-run.ts';
import { cpuMsOfProcess } from '../support/cpu-time.ts';
import { makePlace, startSignalbox, until } from './signalbox.ts';

const backlog = 100_000;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: work, kind: script, file: work.mjs, queue: 1000000, onInterrupted: retry }
listeners:
  - { slug: work, source: crm, type: go, job: work }
`;

/** What a kill leaves behind: runs that wait, and some that the database still calls running. */
function queueRuns(databaseFile: string): void {
  const db = openWritable(databaseFile);
  db.pragma('synchronous = OFF');
  db.exec('BEGIN');
  const receivedAtMs = Date.now() - 60_000;
  const typeId = internEventType(db, 'crm', 'generic', 'go');
  const verification = JSON.stringify({ state: 'none', scheme: null, detail: null });
  for (let i = 0; i < backlog; i++) {
    const eventSeq = insertEvent(db, {
      id: newId('evt', receivedAtMs),
      typeId,
      externalId: `backlog-${i}`,
      occurredAtMs: null,
      receivedAtMs,
      context: '{}',
      payload: `{"type":"go","id":"backlog-${i}"}`,
      verification,
      deliverySeq: null,
      replayOf: null,
      causedByRun: null,
      depth: 0,
      ignored: false,
      chainStopped: false,
    });
    insertRun(db, {
      id: newId('run', receivedAtMs),
      eventSeq,
      listener: 'work',
      listenerVersion: 1,
      job: 'work',
      retryNo: 0,
      retryOf: null,
      state: 'queued',
      reason: null,
      error: null,
      attempts: 1,
      mode: 'foreground',
      needsApproval: false,
      expiresAtMs: null,
      queuedAtMs: receivedAtMs,
      acknowledge: 'none',
      inbox: false,
      depth: 0,
    });
  }
  db.exec('COMMIT');
  db.exec("UPDATE runs SET state = 'running', attempt = 1, started_at = queued_at WHERE seq <= 4");
  db.close();
}

describe('a start with 100,000 runs waiting', () => {
  it('adds less than 5 s, and the app then takes deliveries and works', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    writeFileSync(join(place.dir, 'work.mjs'), 'export default () => "done";\n');
    const start = { dataDir: place.dataDir, config };
    // Once empty, so that the definitions are there.
    const empty = await startSignalbox(start);
    const emptyMs = cpuMsOfProcess(empty.pid, empty.readyMs);
    await empty.end();
    queueRuns(join(place.dataDir, 'signalbox.db'));

    const box = await startSignalbox(start);
    onTestFinished(async () => {
      await box.end();
    });
    // What the backlog adds to a start, on whatever machine, and beside whatever other work.
    expect(cpuMsOfProcess(box.pid, box.readyMs) - emptyMs).toBeLessThan(5000);
    expect((await box.post('crm', { type: 'go', id: 'new' })).status).toBe(202);
    await until('runs complete', async () => {
      const { items } = await box.call('runs.list', { state: 'completed', limit: 10 });
      return items.length > 5;
    });
    // The interrupted ones were given back, not forgotten.
    const interrupted = await until('the interrupted runs have ended', async () => {
      const { items } = await box.call('events.list', { query: 'payload.id:backlog-0' });
      const run = items[0]?.runs[0];
      return run?.state === 'completed' ? run : null;
    });
    expect(interrupted.job).toBe('work');
  });
});
