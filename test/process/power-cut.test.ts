import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diskRecordEnv, PowerCutDisk, readDiskRecord, whyNoDiskRecord } from '../support/disk-record/disk-record.ts';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, startSignalbox } from './signalbox.ts';

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: later, kind: command, command: ["true"] }
listeners:
  - { slug: later, source: crm, type: planned, job: later, approval: required }
`;

const deliveries = 150;
const senders = 12;
/** Such that the log is copied into the database, and begins again, several times. */
const text = 'x'.repeat(170_000);

interface Acknowledged {
  delivery: string;
  events: string[];
}

/** A delivery that a 202 has told the sender of. */
function readAnswer(answer: string): Acknowledged | null {
  const delivery = /\r\nsignalbox-delivery: (\S+)\r\n/i.exec(answer)?.[1];
  if (delivery === undefined || !answer.startsWith('HTTP/1.1 202')) return null;
  const { events }: { events: string[] } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  return { delivery, events };
}

/** The same each time. */
function randomBits(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 31 === 1;
  };
}

const reason = whyNoDiskRecord();

describe.skipIf(reason !== null)(`a power cut${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('after any 202 leaves a whole store with the delivery, its events and its runs', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    const recorded = join(place.dir, 'recorded');
    const box = await startSignalbox({ dataDir: place.dataDir, config, env: diskRecordEnv(recorded) });
    onTestFinished(async () => {
      await box.end('SIGKILL');
    });
    let sent = 0;
    await sendersAtOnce(
      senders,
      () => sent >= deliveries,
      async (agent) => {
        sent += 1;
        const { status } = await ask(`${box.receiverUrl}/in/crm`, {
          agent,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'planned', id: String(sent), text }),
        });
        expect(status).toBe(202);
      },
    );
    await box.end('SIGKILL');

    const disk = new PowerCutDisk();
    const keeps = randomBits(7);
    // In memory where that can be: no disk is waited for.
    const at = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : place.dir, 'signalbox-power-cut-'));
    onTestFinished(() => rmSync(at, { recursive: true, force: true }));
    const missing: string[] = [];
    let checked = 0;
    let cuts = 0;

    /** The store that is found after a power cut now, of which all that were acknowledged last must be in. */
    function cutPower(acknowledged: readonly Acknowledged[], keepsSector: () => boolean): void {
      cuts += 1;
      const { database, log } = disk.files(keepsSector);
      const file = join(at, `${cuts}.db`);
      writeFileSync(file, database);
      writeFileSync(`${file}-wal`, log);
      // One that writes would wait for the disk to move the log when it is closed.
      const db = new DatabaseSync(file, { readOnly: true });
      try {
        expect(db.prepare('PRAGMA quick_check').get()).toEqual({ quick_check: 'ok' });
        const stored = db.prepare('SELECT event_ids FROM deliveries WHERE id = ?');
        const runs = db.prepare('SELECT count(*) AS n FROM events e JOIN runs r ON r.event_seq = e.seq WHERE e.id = ?');
        for (const { delivery, events } of acknowledged) {
          if (stored.get(delivery)?.event_ids !== JSON.stringify(events)) missing.push(delivery);
          for (const event of events) if (runs.get(event)?.n !== 1) missing.push(event);
        }
      } finally {
        db.close();
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`);
      }
    }

    let acknowledged: Acknowledged[] = [];
    let version = 0;
    let restarts = 0;
    // What was on disk when one was answered is on disk for all that are answered before more is.
    const check = (): void => {
      if (acknowledged.length === 0) return;
      checked += acknowledged.length;
      cutPower(acknowledged, () => false);
      if (cuts % 3 === 0) cutPower(acknowledged, keeps);
      acknowledged = [];
    };
    for (const record of readDiskRecord(recorded)) {
      if (record.kind === 'answer') {
        const answer = readAnswer(record.text);
        if (answer === null) continue;
        if (disk.version !== version) check();
        version = disk.version;
        acknowledged.push(answer);
        continue;
      }
      if (record.kind === 'syncEnd') check();
      if (record.kind === 'write' && record.file === 'log' && record.at === 0) restarts += 1;
      disk.apply(record);
    }
    check();
    expect(missing).toEqual([]);
    expect(checked).toBe(deliveries);
    expect(restarts).toBeGreaterThan(1);
  });
});
