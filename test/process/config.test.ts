import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

const secret = 'a secret of the CRM';
const place = makePlace();
let box: Signalbox;

/** The example of the documentation, word for word where it matters. */
const example = `version: 1
sources:
  - slug: crm
    preset: generic
    event: { type: $.event, id: $.id, occurredAt: $.created_at, context: $.ctx }
    verify: { scheme: hmac, header: x-signature, algorithm: sha256, encoding: hex, prefix: "sha256=", secret: { env: CRM_SECRET } }
    rateLimit: { perSecond: 50, burst: 200 }   # or off
jobs:
  - { slug: import, kind: command, command: [node, jobs/import.mjs], timeout: 5m, concurrency: 2, attempts: 3, backoff: 10s, onInterrupted: retry, acknowledge: required }
  - { slug: hello, kind: script, file: jobs/hello.ts, acknowledge: none }
listeners:
  - { slug: big-files, source: crm, type: "file:*", where: { all: [ { field: payload.size, op: gt, value: 10 } ] }, job: import }
  - { slug: greet, type: ["user.created", "user:created"], job: hello }
`;

const importJob = `import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
const fromStdin = await text(process.stdin);
const { readFileSync } = await import('node:fs');
const event = JSON.parse(fromStdin);
console.log('::progress percent=40::Loading rows');
console.log('::notice::Nearly there');
console.log('size ' + event.payload.size);
writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify({
  same: readFileSync(process.env.SIGNALBOX_EVENT_PATH, 'utf8') === fromStdin,
  event: process.env.SIGNALBOX_EVENT_ID === event.id,
  type: process.env.SIGNALBOX_EVENT_TYPE,
  source: process.env.SIGNALBOX_SOURCE,
  attempt: process.env.SIGNALBOX_ATTEMPT,
  leaked: Object.keys(process.env).filter((name) => name.includes('SECRET')),
}));
`;

const helloJob = `import { defineJob, type Event } from 'signalbox';
interface User { name: string }
const greet = (event: Event<User>): string => \`Hello, \${event.payload.name}\`;
export default defineJob<User>((event, run) => {
  run.progress(50, 'halfway');
  run.log(greet(event));
  return { greeted: event.payload.name };
});
`;

function sign(body: string): Record<string, string> {
  return { 'x-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

async function send(event: Record<string, unknown>): Promise<string> {
  const body = JSON.stringify(event);
  const [id = ''] = await box.accept('crm', body, sign(body));
  return id;
}

/** When the status says that the file was applied, or why not, since `before`. */
const applied = (before: string | null) =>
  until('the config file is applied', async () => {
    const { config } = await box.call('app.status', {});
    return config !== null && (config.appliedAt !== before || config.error !== null) ? config : null;
  });

beforeAll(async () => {
  mkdirSync(join(place.dir, 'jobs'));
  writeFileSync(join(place.dir, 'jobs/import.mjs'), importJob);
  writeFileSync(join(place.dir, 'jobs/hello.ts'), helloJob);
  box = await startSignalbox({ dataDir: place.dataDir, config: example, env: { CRM_SECRET: secret } });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('the example config, from the first delivery to the outcome', () => {
  it('declares what the file says, owned by it and read-only', async () => {
    const sources = (await box.call('sources.list', {})).items.filter(({ owner }) => owner === 'config');
    expect(sources).toMatchObject([{ slug: 'crm', problem: null, url: `${box.receiverUrl}/in/crm` }]);
    const jobs = (await box.call('jobs.list', {})).items;
    expect(jobs.map(({ slug, owner, problem }) => ({ slug, owner, problem }))).toEqual([
      { slug: 'hello', owner: 'config', problem: null },
      { slug: 'import', owner: 'config', problem: null },
    ]);
    const [bigFiles] = (await box.call('listeners.list', {})).items;
    expect(bigFiles).toMatchObject({ slug: 'big-files', owner: 'config', state: 'active', type: ['file:*'] });
    const { reply } = await box.raw('listeners.setState', { slug: 'big-files', state: 'disabled' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'owned_by_config' } });
    expect(JSON.stringify(await box.call('settings.exportConfig', {}))).not.toContain(secret);
  });

  it('runs the command for a big file, with the event on stdin and in its file', async () => {
    const id = await send({
      event: 'file:created',
      id: 'file-1',
      created_at: '2026-05-04T03:02:01Z',
      ctx: { spaceId: 'us_sp_1' },
      size: 11,
    });
    const event = await box.call('events.get', { id });
    expect(event).toMatchObject({
      source: 'crm',
      type: 'file:created',
      externalId: 'file-1',
      context: { spaceId: 'us_sp_1' },
      verification: { state: 'verified', scheme: 'hmac' },
      ignored: false,
    });
    expect(Date.parse(event.occurredAt ?? '')).toBe(Date.parse('2026-05-04T03:02:01Z'));
    const [run] = await endedRunsOf(box, id);
    expect(run).toMatchObject({
      listener: 'big-files',
      job: 'import',
      state: 'completed',
      reason: 'exit',
      exitCode: 0,
      attempt: 1,
      attempts: 3,
      progress: { percent: 40, message: 'Loading rows' },
      annotations: [{ level: 'notice', text: 'Nearly there' }],
      outcome: { same: true, event: true, type: 'file:created', source: 'crm', attempt: '1', leaked: [] },
      acknowledge: 'required',
      needsAcknowledgement: true,
    });
    const { items } = await box.call('runs.output', { id: run?.id ?? '' });
    expect(items.map(({ stream, text }) => `${stream} ${text}`)).toContain('stdout size 11');
  });

  it('leaves a small file alone and says why', async () => {
    const id = await send({ event: 'file:created', id: 'file-2', size: 10 });
    expect(await box.call('events.get', { id })).toMatchObject({ ignored: true, runs: [] });
    const { items } = await box.call('listeners.explain', { eventId: id });
    expect(items[0]).toMatchObject({ listener: 'big-files', matched: false, distance: 1 });
    expect(JSON.stringify(items[0])).toContain('"seen":{"present":true,"value":10}');
  });

  it('runs a script in TypeScript that imports the job API', async () => {
    for (const type of ['user.created', 'user:created']) {
      const id = await send({ event: type, id: type, name: 'Ada' });
      const [run] = await endedRunsOf(box, id);
      expect(run).toMatchObject({
        listener: 'greet',
        state: 'completed',
        outcome: { greeted: 'Ada' },
        progress: { percent: 50, message: 'halfway' },
        needsAcknowledgement: false,
      });
      const { items } = await box.call('runs.output', { id: run?.id ?? '' });
      expect(items.map(({ text }) => text)).toContain('Hello, Ada');
    }
  });

  it('refuses what is not signed, keeps it with the reason, and tells the sender less', async () => {
    const body = JSON.stringify({ event: 'file:created', id: 'forged', size: 99 });
    const forged = await box.post('crm', body, { 'x-signature': `sha256=${'0'.repeat(64)}` });
    expect(forged.status).toBe(401);
    expect(JSON.parse(forged.text)).toEqual({
      error: { code: 'verification_failed', message: expect.any(String) },
    });
    expect((await box.post('crm', body)).status).toBe(401);
    const refused = await until('both are stored', async () => {
      const { items } = await box.call('deliveries.list', { source: 'crm', result: 'refused' });
      return items.length === 2 ? items : null;
    });
    for (const { status, reason, eventIds } of refused) {
      expect({ status, eventIds }).toEqual({ status: 401, eventIds: [] });
      expect(reason?.message).toMatch(/x-signature|signature/i);
    }
    const detail = await box.call('deliveries.get', { id: refused[0]?.id ?? '' });
    expect(detail.body).toMatchObject({ encoding: 'text', data: body });
    expect((await box.call('events.list', { query: 'payload.id:forged' })).items).toEqual([]);
  });
});

describe('a change of the file while the app runs', () => {
  it('is applied without a restart, keeps the old one when it is wrong, and takes the next right one', async () => {
    const before = (await box.call('app.status', {})).config?.appliedAt ?? null;
    writeFileSync(box.configFile, example.replace('value: 10', 'value: 1000'));
    const changed = await applied(before);
    expect(changed.error).toBeNull();
    const small = await send({ event: 'file:created', id: 'file-3', size: 11 });
    expect((await box.call('events.get', { id: small })).runs).toEqual([]);

    writeFileSync(box.configFile, example.replace('job: import }', 'job: nowhere }'));
    const wrong = await until('the mistake is shown', async () => {
      const { config, alerts } = await box.call('app.status', {});
      return config?.error === null || config === null ? null : { config, alerts };
    });
    expect(wrong.config.error).toMatch(/signalbox\.yaml:12(:\d+)?\b.*job/);
    expect(wrong.alerts.map(({ code }) => code)).toContain('config_rejected');
    const stillBig = await send({ event: 'file:created', id: 'file-4', size: 1001 });
    expect((await box.call('events.get', { id: stillBig })).runs).toMatchObject([{ listener: 'big-files' }]);

    writeFileSync(box.configFile, example);
    await until('the mistake is gone', async () => (await box.call('app.status', {})).config?.error === null);
    const big = await send({ event: 'file:created', id: 'file-5', size: 11 });
    expect((await box.call('events.get', { id: big })).runs).toMatchObject([{ listener: 'big-files', job: 'import' }]);
    expect((await box.call('app.status', {})).alerts).toEqual([]);
  });
});
