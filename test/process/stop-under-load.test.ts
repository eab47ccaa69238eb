import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

const rounds = 8;
const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: nap, kind: command, command: [sleep, "0.05"], concurrency: 2, queue: 100000 }
listeners:
  - { slug: all, source: crm, job: nap }
`;

/** Sends until the app is gone; gives the events that were acknowledged. */
function sendTo(box: Signalbox, round: number): { acknowledged: string[]; isOver: Promise<void> } {
  const acknowledged: string[] = [];
  let isGone = false;
  let number = 0;
  const isOver = sendersAtOnce(
    8,
    () => isGone,
    async (agent) => {
      number += 1;
      const answer = await ask(`${box.receiverUrl}/in/crm`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'load', id: `${round}-${number}` }),
        agent,
      }).catch(() => null);
      if (answer === null) isGone = true;
      else if (answer.status === 202) {
        const { events }: { events: string[] } = JSON.parse(answer.text);
        acknowledged.push(...events);
      }
    },
  );
  return { acknowledged, isOver };
}

it('stops in order under load time after time, and what was acknowledged is there in the end', async () => {
  const place = makePlace();
  onTestFinished(place.remove);
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const box = await startSignalbox({ dataDir: place.dataDir, config });
    onTestFinished(async () => void (await box.end('SIGKILL')));
    const load = sendTo(box, round);
    await until('some are acknowledged', async () => load.acknowledged.length > 50);
    const end = await box.end(round % 2 === 0 ? 'SIGTERM' : 'SIGINT');
    await load.isOver;
    expect([end.code, end.tookMs < 20_000]).toEqual([0, true]);
    acknowledged.push(...load.acknowledged);
  }
  const db = new DatabaseSync(join(place.dataDir, 'signalbox.db'), { readOnly: true });
  onTestFinished(() => db.close());
  const stored = new Set(
    db
      .prepare('SELECT id FROM events')
      .all()
      .map(({ id }) => id),
  );
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(db.prepare("SELECT count(*) AS n FROM runs WHERE state = 'running'").get()?.n).toBe(0);
  // A stop in order is known as one: nothing was lost, and that is what the next start says.
  const windows = db.prepare('SELECT DISTINCT kind, detail FROM blind_windows').all();
  expect(windows).toEqual([{ kind: 'off', detail: 'stopped' }]);
});
