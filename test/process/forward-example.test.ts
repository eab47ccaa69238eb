import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { receivingServer } from '../destinations/receiving-server.ts';
import { ask } from './http.ts';
import { makePlace, startSignalbox, until } from './signalbox.ts';

const config = (devUrl: string): string => `version: 1
sources:
  - { slug: mail, preset: generic, event: { each: "$[*]", type: $.event, id: $.id } }
  - { slug: graph, preset: generic, challenge: { query: validationToken } }
  - { slug: grafana, preset: generic, verify: { scheme: hmac, header: x-sig, algorithm: sha256, encoding: hex, signed: "{header:x-ts}:{body}", time: { header: x-ts, tolerance: 5m }, secret: { env: GRAFANA } } }
jobs:
  - { slug: dev, kind: http, url: "${devUrl}", body: received, allowPrivate: true }
  - { slug: erp, kind: http, url: "https://erp.example.com/events", body: payload, sign: { scheme: standard-webhooks, secrets: [ { env: ERP } ] }, retries: default, rate: { perSecond: 20 }, order: { by: payload.id } }
listeners:
  - { slug: to-dev, source: mail, type: "**", job: dev }
  - { slug: digest, source: mail, type: "open", batch: { count: 100, period: 1m, by: payload.campaign }, job: erp }
`;

const grafana = 'a secret of Grafana';

it('the example of forwarding works as a whole, and what it gathers survives kill -9', async () => {
  const dev = await receivingServer();
  const place = makePlace();
  onTestFinished(place.remove);
  const env = { GRAFANA: grafana, ERP: `whsec_${Buffer.from('a secret of the ERP system').toString('base64')}` };
  const start = async () => {
    const box = await startSignalbox({ dataDir: place.dataDir, config: config(dev.url), env });
    onTestFinished(async () => {
      await box.end('SIGKILL');
    });
    return box;
  };
  const first = await start();
  // Nothing leaves the machine.
  await first.call('destinations.pause', { job: 'erp' });

  const challenge = await ask(`${first.receiverUrl}/in/graph?validationToken=abc`, { method: 'POST' });
  expect(challenge).toMatchObject({ status: 200, text: 'abc' });

  const body = '{"alert":1}';
  const at = String(Math.floor(Date.now() / 1000));
  const signed = createHmac('sha256', grafana).update(`${at}:${body}`).digest('hex');
  await first.accept('grafana', body, { 'x-ts': at, 'x-sig': signed });

  const opened = (from: number, count: number, campaign: string) =>
    Array.from({ length: count }, (_, n) => ({ event: 'open', id: `${campaign}-${from + n}`, campaign }));
  const spring = await first.accept('mail', opened(0, 60, 'spring'));
  const autumn = await first.accept('mail', opened(0, 7, 'autumn'));
  const detail = await first.call('events.get', { id: autumn[0] ?? '' });
  expect(detail.gathering).toMatchObject([{ listener: 'digest', job: 'erp', events: 7, count: 100 }]);
  await first.end('SIGKILL');

  const second = await start();
  spring.push(...(await second.accept('mail', opened(60, 45, 'spring'))));
  // On a busy machine the minute may be over: then there are more runs, and still each event is gathered once.
  const { items } = await second.call('runs.list', { job: 'erp' });
  const batches = await Promise.all(
    items
      .reverse()
      .map(async ({ id }) => (await second.call('runs.get', { id })).batch?.items.map((event) => event.id)),
  );
  const ran = batches.flatMap((ids) => ids ?? []);
  expect(new Set(ran).size).toBe(ran.length);
  const campaigns = batches.map((ids = []) => [spring, autumn].filter((all) => ids.some((id) => all.includes(id))));
  expect(campaigns.every((all) => all.length === 1)).toBe(true);
  expect(ran.filter((id) => spring.includes(id))).toEqual(
    spring.slice(0, ran.filter((id) => spring.includes(id)).length),
  );
  const some = await second.call('events.get', { id: spring[0] ?? '' });
  expect(some.runs.map(({ job }) => job).sort()).toEqual(['dev', 'erp']);
  for (const id of [spring[104] ?? '', autumn[6] ?? '']) {
    const { gathering = [], runs } = await second.call('events.get', { id });
    expect([...gathering, ...runs].map(({ job }) => job).sort()).toEqual(['dev', 'erp']);
  }
  // Each event of a delivery is a run of its own here, with the bytes of the whole delivery.
  await until('all is forwarded', async () => {
    const { items: left } = await second.call('runs.list', { job: 'dev', state: ['queued', 'running', 'scheduled'] });
    return left.length === 0;
  });
  expect(new Set(dev.received.map(({ body: bytes }) => JSON.parse(bytes.toString()).length))).toEqual(
    new Set([60, 7, 45]),
  );
});
