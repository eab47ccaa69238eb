import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Signalbox, startInVain, startSignalbox } from './signalbox.ts';

const key = 'a secret of Grafana';
const env = { GRAFANA: key, ERP: `whsec_${Buffer.from('a secret of the ERP').toString('base64')}` };

/** Names that scripts rely on, in one file. */
const config = `version: 1
sources:
  - { slug: mail, preset: generic, event: { each: "$[*]", type: $.event, id: $.id } }            # one event an element
  - { slug: graph, preset: generic, challenge: { query: validationToken } }
  - { slug: grafana, preset: generic, verify: { scheme: hmac, header: x-sig, algorithm: sha256, encoding: hex, signed: "{header:x-ts}:{body}", time: { header: x-ts, tolerance: 5m }, secret: { env: GRAFANA } } }
jobs:
  - { slug: dev, kind: http, url: "http://127.0.0.1:3000/hook", body: received, allowPrivate: true }       # bytes and headers as they came
  - { slug: erp, kind: http, url: "https://erp.example.com/events", body: payload, sign: { scheme: standard-webhooks, secrets: [ { env: ERP } ] }, retries: default, rate: { perSecond: 20 }, order: { by: payload.id } }
listeners:
  - { slug: to-dev, source: mail, type: "never", job: dev }
`;

const place = makePlace();
let box: Signalbox;

beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir, config, env });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('a config file of sources that split, answer challenges and verify by a template', () => {
  it('makes one event of every element, each id once', async () => {
    const body = '[{"event":"open","id":12345678901234567890},{"event":"click","id":2},{"event":"click","id":2}]';
    const ids = await box.accept('mail', body);
    expect(ids[1]).toBe(ids[2]);
    expect(await box.accept('mail', body)).toEqual(ids);
  });

  it('answers the validation token of Microsoft Graph', async () => {
    const answer = await box.post('graph?validationToken=Validation%3A+Testing%20a%2Bb', '');
    expect([answer.status, answer.text]).toEqual([200, 'Validation: Testing a+b']);
  });

  it('takes a signature over the time and the body, and no other', async () => {
    const time = String(Math.floor(Date.now() / 1000));
    const signed = createHmac('sha256', key).update(`${time}:{"a":1}`).digest('hex');
    expect((await box.post('grafana', '{"a":1}', { 'x-ts': time, 'x-sig': signed })).status).toBe(202);
    expect((await box.post('grafana', '{"a":2}', { 'x-ts': time, 'x-sig': signed })).status).toBe(401);
  });
});

it('a file without its version is refused, since an empty one would remove every definition', async () => {
  const other = makePlace();
  try {
    const ended = await startInVain({ dataDir: other.dataDir, config: config.replace('version: 1\n', ''), env });
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('signalbox.yaml:1: version is missing')]);
  } finally {
    other.remove();
  }
});
