import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { expect, it, onTestFinished } from 'vitest';
import { readExamples } from '../../electron/console/handlers/examples.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { newDataDir, type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';

const examplesDir = resolve(import.meta.dirname, '../../resources/examples');
const secret = 'whsec_bm90IGEgcmVhbCBrZXksIG9ubHkgZm9yIHRlc3Rz';

interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = [status: number, body?: unknown, headers?: Record<string, string>];

/** Another system on loopback that answers as it is told. */
async function otherSystem(answer: (asked: Asked, count: number) => Answer) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    };
    asked.push(one);
    const [status, body = '', headers = {}] = answer(one, asked.length);
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

/** Installs the example with what it needs, quick to try again. */
async function install(slug: string, needs: { env?: Record<string, string>; secrets?: Record<string, string> } = {}) {
  const app = await openApp();
  await app.call('secrets.set', { name: 'examples-signing', value: 'for-tests' });
  for (const [name, value] of Object.entries(needs.secrets ?? {})) await app.call('secrets.set', { name, value });
  const { example, disabled } = await app.call('examples.install', { slug });
  for (const { kind, slug: job } of example.parts) {
    if (kind !== 'job') continue;
    const { spec, version } = await specOf(app, job);
    if (spec.kind === 'http') throw new Error('an example sends requests');
    await app.call('jobs.update', { ...spec, env: { ...spec.env, ...needs.env }, version });
  }
  for (const listener of disabled) await app.call('listeners.setState', { slug: listener, state: 'active' });
  return app;
}

async function specOf(app: OpenApp, slug: string) {
  const spec = readExamples(examplesDir, app.dataDir)
    .flatMap(({ jobs }) => jobs)
    .find((job) => job.slug === slug);
  if (spec === undefined) throw new Error(`no job ${slug}`);
  return { spec, version: (await app.call('jobs.get', { slug })).version };
}

async function post(app: OpenApp, type: string, payload: Record<string, Json>): Promise<void> {
  const body = JSON.stringify({ type, ...payload });
  const mac = createHmac('sha256', 'for-tests').update(body).digest('hex');
  const response = await app.post('examples', body, { 'x-signature': `sha256=${mac}` });
  expect(response.ok, await response.text()).toBe(true);
}

const runOf = (app: OpenApp, job: string, state: Run['state']): Promise<Run> =>
  eventually(async () => {
    const { items } = await app.call('runs.list', { query: `job:${job}` });
    const [run] = items;
    expect(run?.state, run?.error ?? '').toBe(state);
    if (run === undefined) throw new Error('no run');
    return run;
  });

it('has a manifest whose files are there and whose definitions are its own', () => {
  const examples = readExamples(examplesDir, '/data');
  expect(examples.map(({ slug }) => slug)).toHaveLength(7);
  for (const example of examples) {
    for (const file of example.files) expect(existsSync(join(examplesDir, 'jobs', file)), file).toBe(true);
    for (const { job } of example.listeners) expect(example.jobs.map(({ slug }) => slug)).toContain(job);
  }
});

it('installs each once, keeps what is there, and holds back listeners that miss something', async () => {
  const app = await openApp();
  const { items } = await app.call('examples.list', {});
  for (const { slug, needs } of items) {
    const first = await app.call('examples.install', { slug });
    expect(first.example.isInstalled, slug).toBe(true);
    expect(first.disabled.length > 0, slug).toBe(needs.length > 0);
    for (const part of first.made) {
      if (part.kind === 'job') {
        expect(await app.call('jobs.get', { slug: part.slug })).toMatchObject({ owner: 'user', version: 1 });
      }
    }
    const file = join(app.dataDir, 'jobs/examples/notify.ts');
    if (slug === 'notify') writeFileSync(file, '// mine');
    expect(await app.call('examples.install', { slug })).toMatchObject({ made: [], disabled: [] });
    if (slug === 'notify') expect(readFileSync(file, 'utf8')).toBe('// mine');
  }
  await expect(app.call('examples.install', { slug: 'other' })).rejects.toMatchObject({ code: 'not_found' });
});

it('checks a CSV file, reports what is wrong, and reads nothing outside of its folder', async () => {
  const app = await install('csv-report');
  await post(app, 'file:created', { file: 'customers.csv' });
  const run = await runOf(app, 'csv-report', 'completed');
  expect(run.outcome).toMatchObject({ rows: 5, badRows: 3, next: { type: 'download' } });
  const { base64 } = await app.call('runs.readFile', { id: run.id, name: 'customers-report.csv' });
  const lines = Buffer.from(base64, 'base64').toString().trim().split('\r\n');
  expect(lines).toEqual([
    'line,column,problem,value',
    '4,email,is no e-mail address,chidi.example.com',
    '4,joined,is no date (YYYY-MM-DD),2026-02-30',
    '5,amount,is no number,"1,200"',
    '6,id,is empty,""',
  ]);
  await post(app, 'file:created', { file: '../../../console-token.csv' });
  writeFileSync(join(app.dataDir, 'console-token.csv'), 'a,b');
  const refused = await runOf(app, 'csv-report', 'failed');
  expect(refused.error).toMatch(/CSV_FOLDER/);
});

it('notifies people, again when it must, and waits in the inbox', async () => {
  const other = await otherSystem((_, count) => (count === 1 ? [503, '', { 'retry-after': '0' }] : [200, 'ok']));
  const app = await install('notify', { secrets: { 'notify-url': `${other.url}/hook` } });
  await post(app, 'notice', { title: 'Full <!channel>', text: 'a & b' });
  const run = await runOf(app, 'notify', 'completed');
  expect(run).toMatchObject({ outcome: { acknowledge: true, attempts: 2 }, acknowledgedAt: null });
  expect(JSON.parse(other.asked[1]?.body ?? '')).toEqual({ text: '*Full &lt;!channel&gt;*\na &amp; b' });
});

it('runs three jobs in a row, and reserves goods once', async () => {
  const app = await install('order-workflow');
  const order = { order: 'A-1', lines: [{ sku: 'lamp', quantity: 2, cents: 1999 }] };
  await post(app, 'order:placed', order);
  const run = await runOf(app, 'order-confirm', 'completed');
  const event = await app.call('events.get', { id: run.eventId });
  expect(event).toMatchObject({ type: 'CUSTOM_ORDER_RESERVED', causedBy: { depth: 2 } });
  const folder = join(app.dataDir, 'jobs/examples/orders');
  expect(readFileSync(join(folder, 'A-1.txt'), 'utf8')).toContain('Total 39.98');
  expect(JSON.parse(readFileSync(join(folder, 'reserved.json'), 'utf8'))).toEqual({ 'A-1': { lamp: 2 } });
  await post(app, 'order:placed', { order: 'A-2', lines: [{ sku: 'lamp', quantity: 399, cents: 1 }] });
  await runOf(app, 'order-reserve', 'failed');
});

it('sends a record on, signed so that others can tell, and again when it must', async () => {
  const other = await otherSystem(({ method }, count) =>
    method === 'GET' ? [200, { id: 7, total: 12 }] : count === 2 ? [500] : [202],
  );
  const app = await install('forward-webhook', {
    env: { FETCH_URL: `${other.url}/orders/{id}`, FORWARD_WAIT_MS: '1' },
    secrets: { 'forward-url': `${other.url}/in`, 'forward-signing': secret },
  });
  await post(app, 'record:changed', { id: '7' });
  expect((await runOf(app, 'forward-webhook', 'completed')).outcome).toMatchObject({ status: 202, attempts: 2 });
  const [fetched, first, second] = other.asked;
  expect(fetched?.path).toBe('/orders/7');
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
  const headers = Object.fromEntries(
    Object.entries(second?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  expect(new Webhook(secret).verify(second?.body ?? '', headers)).toMatchObject({ data: { id: 7, total: 12 } });
});

it.each([true, false])('rotates a key only when the new one is confirmed (%s)', async (isConfirmed) => {
  const keyFile = { path: '' };
  const other = await otherSystem(({ method, headers }) => {
    if (method !== 'GET') return [204];
    // While it is being confirmed the old key is still the one in use.
    expect(readFileSync(keyFile.path, 'utf8').trim()).toBe('old-key');
    expect(headers.authorization).not.toBe('Bearer old-key');
    return [200, { id: isConfirmed ? other.asked[0]?.path.split('/').at(-1) : 'another' }];
  });
  const app = await install('rotate-key', { env: { KEYS_URL: other.url } });
  keyFile.path = join(app.dataDir, 'jobs/examples/keys/current');
  mkdirSync(join(keyFile.path, '..'), { recursive: true });
  writeFileSync(keyFile.path, 'old-key\n');
  await app.call('events.raise', { type: 'rotate_key' });
  await runOf(app, 'rotate-key', isConfirmed ? 'completed' : 'failed');
  const key = readFileSync(keyFile.path, 'utf8').trim();
  expect(other.asked.map(({ method }) => method)).toEqual(isConfirmed ? ['PUT', 'GET', 'DELETE'] : ['PUT', 'GET']);
  if (isConfirmed) expect(other.asked[2]?.headers.authorization).toBe(`Bearer ${key}`);
  else expect(key).toBe('old-key');
});

it('decides about a login while the sender waits', async () => {
  const app = await install('login-risk');
  // What the job decides is tried here, and not whether a busy machine decides within two seconds.
  const [listener] = readExamples(examplesDir, app.dataDir).find(({ slug }) => slug === 'login-risk')?.listeners ?? [];
  if (listener === undefined) throw new Error('the example has no listener');
  const { version } = await app.call('listeners.get', { slug: listener.slug });
  await app.call('listeners.update', { ...listener, deadline: '60s', version });
  await app.call('sources.create', { slug: 'idp', preset: 'generic', event: { type: '$.type' } });
  const ask = async (more: object) =>
    await (await app.post('idp', { type: 'account/v1/login', country: 'DE', usualCountry: 'DE', ...more })).json();
  expect(await ask({})).toMatchObject({ action: 'allow' });
  expect(await ask({ country: 'BR', isNewDevice: true })).toEqual({
    action: 'challenge',
    custom_claims: { risk_score: 50, risk_reasons: ['unusual_country', 'new_device'] },
  });
  expect(await ask({ email: 'a@mailinator.com' })).toMatchObject({ action: 'block' });
});

it('cleans a folder of what was listed, after approval and not before', async () => {
  const folder = join(newDataDir(), 'old');
  mkdirSync(folder);
  for (const name of ['a.log', 'b.log', 'new.log']) writeFileSync(join(folder, name), name);
  for (const name of ['a.log', 'b.log']) utimesSync(join(folder, name), 1000, 1000);
  const app = await install('clean-folder', { env: { CLEAN_FOLDER: folder } });
  await app.call('events.raise', { type: 'clean_folder' });
  const pending = await runOf(app, 'clean-folder', 'pending');
  expect(existsSync(join(folder, 'a.log'))).toBe(true);
  // Changed since it was listed.
  writeFileSync(join(folder, 'b.log'), 'wanted again');
  await app.call('runs.approve', { ids: [pending.id] });
  expect((await runOf(app, 'clean-folder', 'completed')).outcome).toMatchObject({ removed: 1 });
  expect(['a.log', 'b.log', 'new.log'].map((name) => existsSync(join(folder, name)))).toEqual([false, true, true]);
});
