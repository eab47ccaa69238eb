import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findMarked } from '../../electron/jobs/process/process-tree.ts';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, markedProcesses, type Signalbox, startSignalbox, until } from './signalbox.ts';

const rounds = 6;
const senders = 16;
const marker = 'SIGNALBOX_KILL_TEST';
const mark = `${process.pid}-${Date.now()}`;

// `retried` and `failed` outlive any round: a kill always finds some of them running. Each forks a child that leaves its
// session. After `release` is there they end at once, so that in the end nothing may be left.
const config = `version: 1
sources:
  - { slug: load, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: quick, kind: script, file: quick.mjs, concurrency: 4, queue: 1000000 }
  - { slug: retried, kind: command, command: [sh, slow.sh], concurrency: 2, onInterrupted: retry, env: { ${marker}: "${mark}" } }
  - { slug: failed, kind: command, command: [sh, slow.sh], concurrency: 2, onInterrupted: fail, env: { ${marker}: "${mark}" } }
listeners:
  - { slug: quick, source: load, type: quick, job: quick }
  - { slug: retried, source: load, type: retried, job: retried }
  - { slug: failed, source: load, type: failed, job: failed }
`;

const slow = `test -e release && exit 0
setsid sleep 600 &
sleep 600
`;

const quick = 'export default (event) => event.payload.id;\n';

/** Kills the app without a word, as a power cut would, and waits until it is gone. */
async function killNow(box: Signalbox): Promise<void> {
  const end = await box.end('SIGKILL');
  expect(end.signal).toBe('SIGKILL');
}

describe('kill -9 in a loop under load', () => {
  it('loses nothing that was acknowledged, plans it once, and leaves neither stuck runs nor processes', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    writeFileSync(join(place.dir, 'slow.sh'), slow);
    writeFileSync(join(place.dir, 'quick.mjs'), quick);
    const start = { dataDir: place.dataDir, config };
    /** The sender's own id → the event's. */
    const acknowledged = new Map<string, string>();
    /** Sent, and never answered: the sender cannot know, so it sends again. */
    const unanswered: { type: string; id: string }[] = [];
    const interrupted: Record<'retried' | 'failed', string[]> = { retried: [], failed: [] };
    let number = 0;

    const send = async (box: Signalbox, body: { type: string; id: string }, agent?: Parameters<typeof ask>[1]) => {
      const { status, text } = await ask(`${box.receiverUrl}/in/load`, {
        ...agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(status).toBe(202);
      const answer: { events: string[]; duplicate: boolean } = JSON.parse(text);
      acknowledged.set(body.id, answer.events[0] ?? '');
      return answer;
    };

    for (let round = 0; round < rounds; round++) {
      const box = await startSignalbox(start);
      onTestFinished(async () => {
        await box.end('SIGKILL');
      });
      // So many that the slow runs leave slots for the others.
      await box.call('settings.update', { concurrency: 8 });
      // What the sender got no answer to, it repeats; what it did get an answer to is known.
      for (const body of unanswered.splice(0)) await send(box, body);
      const known = [...acknowledged].slice(-3);
      for (const [id, eventId] of known) {
        expect(await send(box, { type: 'quick', id })).toEqual({ accepted: true, events: [eventId], duplicate: true });
      }
      const slowRuns: Record<'retried' | 'failed', string> = { retried: '', failed: '' };
      for (const type of ['retried', 'failed'] as const) {
        const answer = await send(box, { type, id: `${type}-${round}` });
        slowRuns[type] = answer.events[0] ?? '';
      }
      // The retried ones of the first rounds keep their job's two slots, from kill to kill.
      for (const type of round < 2 ? (['retried', 'failed'] as const) : (['failed'] as const)) {
        const run = await until(`a run of ${type} is running`, async () => {
          return (await box.call('runs.list', { eventId: slowRuns[type], state: 'running' })).items[0];
        });
        interrupted[type].push(run.id);
      }
      const before = acknowledged.size;
      let isOver = false;
      const sending = sendersAtOnce(
        senders,
        () => isOver,
        async (agent) => {
          number += 1;
          const body = { type: 'quick', id: `load-${number}` };
          await send(box, body, { agent }).catch(() => {
            unanswered.push(body);
            isOver = true;
          });
        },
      );
      // Not always at the same point: of the round's load, and so of commits, claims and ends.
      await until('enough load', async () => acknowledged.size > before + 150 + round * 70);
      await killNow(box);
      await sending;
      expect(unanswered.length).toBeGreaterThan(0);
      expect(findMarked({ name: marker, values: [mark] })).toEqual([]);
      expect(markedProcesses(place.dataDir)).toEqual([]);
    }

    writeFileSync(join(place.dir, 'release'), '');
    const box = await startSignalbox(start);
    onTestFinished(async () => {
      await box.end('SIGKILL');
    });
    for (const body of unanswered.splice(0)) await send(box, body);
    await until(
      'every run has ended',
      async () => {
        const { runs } = await box.call('app.status', {});
        return runs.waiting === 0 && runs.running === 0;
      },
      60_000,
    );
    expect((await box.call('runs.list', { state: ['scheduled', 'queued', 'running'] })).items).toEqual([]);
    for (const id of interrupted.failed) {
      expect(await box.call('runs.get', { id })).toMatchObject({ state: 'failed', reason: 'interrupted', attempt: 1 });
    }
    for (const id of interrupted.retried) {
      const run = await box.call('runs.get', { id });
      expect(run.state === 'completed' || run.reason === 'interrupted').toBe(true);
      expect(run.history.filter(({ reason }) => reason === 'interrupted').length).toBeGreaterThan(1);
    }
    await box.end();

    const db = new DatabaseSync(join(place.dataDir, 'signalbox.db'), { readOnly: true });
    onTestFinished(() => db.close());
    const rows = db
      .prepare(
        `SELECT e.id AS id, e.external_id AS sent, (SELECT count(*) FROM runs r WHERE r.event_seq = e.seq) AS runs
         FROM events e JOIN event_types t ON t.id = e.type_id WHERE t.source = 'load'`,
      )
      .all();
    const stored = new Map(rows.map((row) => [row.sent, row]));
    expect(rows).toHaveLength(stored.size);
    expect([...acknowledged].filter(([sent, id]) => stored.get(sent)?.id !== id)).toEqual([]);
    expect(rows.filter(({ runs }) => runs !== 1)).toEqual([]);
    expect(rows).toHaveLength(acknowledged.size);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  });
});
