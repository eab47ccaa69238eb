import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

/** The second one is killed in the first round, then the first one, and so on. The long form: SIGNALBOX_CHAIN_ROUNDS=200. */
const rounds = Number(process.env.SIGNALBOX_CHAIN_ROUNDS ?? 1);
const senders = 8;
const secret = `whsec_${Buffer.from('a secret of the two Signalboxes').toString('base64')}`;
const env = { CHAIN_SECRET: secret };

// Hundreds of attempts: as many as the second one may be away for.
const firstConfig = (url: string): string => `version: 1
sources:
  - { slug: load, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - slug: onward
    kind: http
    url: "${url}"
    body: payload
    allowPrivate: true
    sign: { scheme: standard-webhooks, secrets: [{ env: CHAIN_SECRET }] }
    retries: [${Array.from({ length: 50 }, () => '50ms').join(', ')}]
listeners:
  - { slug: onward, source: load, type: "**", job: onward }
`;

const secondConfig = `version: 1
sources:
  - slug: chained
    preset: standard-webhooks
    verify: { secret: { env: CHAIN_SECRET } }
    rateLimit: off
`;

it('two Signalboxes, one forwarding signed to the other, lose nothing and know repeats when one is killed', async () => {
  const places = { first: makePlace(), second: makePlace() };
  onTestFinished(places.first.remove);
  onTestFinished(places.second.remove);
  const start = async (args: Parameters<typeof startSignalbox>[0]): Promise<Signalbox> => {
    const box = await startSignalbox(args);
    onTestFinished(async () => {
      await box.end('SIGKILL');
    });
    return box;
  };
  const startSecond = (): Promise<Signalbox> =>
    start({ dataDir: places.second.dataDir, config: secondConfig, env, args: secondArgs });
  let secondArgs: string[] = [];
  let second = await startSecond();
  // It comes back where it was, as a server does.
  secondArgs = ['--receiver', new URL(second.receiverUrl).host];
  const firstArgs = {
    dataDir: places.first.dataDir,
    config: firstConfig(`${second.receiverUrl}/in/chained`),
    env,
  };
  let first = await start(firstArgs);

  const acknowledged = new Set<string>();
  const unanswered: string[] = [];
  let number = 0;
  const send = async (id: string, options: Parameters<typeof ask>[1] = {}): Promise<void> => {
    const { status } = await ask(`${first.receiverUrl}/in/load`, {
      ...options,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'sent', id }),
    });
    expect(status).toBe(202);
    acknowledged.add(id);
  };

  for (let round = 0; round < rounds; round++) {
    for (const id of unanswered.splice(0)) await send(id);
    const before = acknowledged.size;
    let isOver = false;
    const sending = sendersAtOnce(
      senders,
      () => isOver,
      async (agent) => {
        number += 1;
        const id = `load-${number}`;
        // Also one that was refused under load, before anything is killed: a sender repeats what was not acknowledged.
        await send(id, { agent }).catch(() => unanswered.push(id));
      },
    );
    // Not always at the same point, and requests are always under way.
    await until('enough load', async () => acknowledged.size > before + 60 + (round % 7) * 30);
    if (round % 2 === 0) {
      await second.end('SIGKILL');
      isOver = true;
      await sending;
      second = await startSecond();
    } else {
      await first.end('SIGKILL');
      isOver = true;
      await sending;
      first = await start(firstArgs);
    }
  }
  for (const id of unanswered.splice(0)) await send(id);
  await until(
    'everything is forwarded',
    async () => {
      // A host that failed is asked at growing distances: an operator does not wait for that.
      await first.call('destinations.resume', { job: 'onward' });
      const { runs } = await first.call('app.status', {});
      return runs.waiting === 0 && runs.running === 0;
    },
    240_000,
  );
  await first.end();
  await second.end();

  const read = (dataDir: string, sql: string): Record<string, unknown>[] => {
    const db = new DatabaseSync(join(dataDir, 'signalbox.db'), { readOnly: true });
    onTestFinished(() => db.close());
    return db.prepare(sql).all();
  };
  expect(
    read(places.first.dataDir, `SELECT state, reason, count(*) AS n FROM runs WHERE job = 'onward' GROUP BY 1, 2`),
  ).toEqual([{ state: 'completed', reason: 'exit', n: acknowledged.size }]);
  const arrived = read(
    places.second.dataDir,
    `SELECT e.payload AS payload, e.external_id AS id, e.verification AS verification
     FROM events e JOIN event_types t ON t.id = e.type_id WHERE t.source = 'chained'`,
  );
  const ids = arrived.map(({ payload }) => JSON.parse(String(payload)).id);
  expect(ids.filter((id) => !acknowledged.has(id))).toEqual([]);
  expect(new Set(ids).size).toBe(acknowledged.size);
  expect(arrived).toHaveLength(acknowledged.size);
  expect(arrived.filter(({ verification }) => !String(verification).includes('"verified"'))).toEqual([]);
  // Not a test of nothing: some requests were cut short, and sent again.
  const again = read(places.first.dataDir, `SELECT count(*) AS n FROM runs WHERE job = 'onward' AND attempt > 1`);
  expect(again[0]?.n).toBeGreaterThan(0);
}, 3_600_000);
