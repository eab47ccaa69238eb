import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, type Page, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { until } from '../../process/signalbox.ts';
import { look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// In the window. Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

let open: OpenSystem;
let page: Page;
let server: Server;
let otherSystem: string;
const asked: { method: string; path: string; headers: Record<string, string>; body: string }[] = [];
const keys = { current: '' };

const titles = [
  'Check a CSV file',
  'Notify people',
  'Three jobs in a row',
  'Send a webhook on',
  'Rotate a key',
  'Decide about a login',
  'Clean a folder, once approved',
];
const forwardSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test.beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    asked.push({ method, path, headers, body: await text(request) });
    if (method === 'PUT') keys.current = path.split('/').at(-1) ?? '';
    response.setHeader('content-type', 'application/json');
    response.end(path === '/keys/current' ? JSON.stringify({ id: keys.current }) : '{"name":"Ada","total":12}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  otherSystem = `http://127.0.0.1:${address.port}`;
  open = await openSystem({ view: 'window' });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
  server?.closeAllConnections();
  server?.close();
});

const dialog = () => page.getByRole('dialog', { name: 'Example jobs' });

/** Opens the dialog, does what is still to do, and sends the example's own event: gives its id. */
async function tryIt(title: string): Promise<string> {
  await open.goTo('/jobs');
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  const enable = dialog().getByRole('button', { name: new RegExp(`^Enable its listeners?: ${title}`) });
  const attempt = dialog().getByRole('button', { name: `Try it: ${title}` });
  await expect(enable.or(attempt)).toBeVisible();
  if (await enable.isVisible()) await enable.click();
  await attempt.click();
  await expect(dialog()).toHaveCount(0);
  await expect(page.getByRole('tab', { name: /^Runs/ })).toBeVisible();
  return decodeURIComponent(/#\/live\/([^?]+)/.exec(page.url())?.[1] ?? '');
}

/** Fills in a variable of a job as an operator does. */
async function setVariable(job: string, name: string, value: string): Promise<void> {
  await open.goTo(`/jobs/${job}`);
  const pane = page.getByRole('region', { name: `Job ${job}` });
  await pane.getByRole('textbox', { name: `Value of ${name}` }).fill(value);
  await pane.getByRole('button', { name: 'Save' }).click();
  await expect(pane.getByRole('button', { name: 'Save' })).toBeDisabled();
}

/** The run's outcome as the window shows it. */
async function showOutcome(runId: string, heading: string): Promise<void> {
  await open.goTo(`/runs/${runId}`);
  await page.getByRole('tab', { name: 'Outcome' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(heading);
}

test('every example is installed by a click, and says what it still needs', async () => {
  await open.goTo('/jobs');
  await look(page, 'ex-01-no-jobs');
  await page.getByRole('button', { name: 'Start from an example' }).click();
  await expect(dialog().getByRole('button', { name: /^Install/ })).toHaveCount(titles.length);
  await look(page, 'ex-02-dialog');
  for (const title of titles) {
    await dialog()
      .getByRole('button', { name: `Install ${title}` })
      .click();
    await expect(dialog().getByRole('listitem').filter({ hasText: title }).first()).toContainText('Installed');
  }
  await look(page, 'ex-03-installed');
  await expect(dialog().getByRole('button', { name: /^Try it/ })).toHaveCount(2);
  await expect(dialog()).toContainText('Once these are set, enable its listeners here.');
  await page.keyboard.press('Escape');
  await expect(rowOf(page, 'Jobs', /.*/)).toHaveCount(10);
  await look(page, 'ex-04-jobs');
});

test('a CSV file is checked, and its report saved from the window', async () => {
  const run = await runOf(open, await tryIt('Check a CSV file'));
  expect(run.state).toBe('completed');
  await look(page, 'ex-05-tried');
  await showOutcome(run.id, 'has 3 rows that are not valid');
  await look(page, 'ex-06-csv');
  const file = join(open.dir, 'saved.csv');
  // Stands in for the person at the dialog that asks where to.
  const saved = open.electron?.evaluate(
    ({ session }, path) =>
      new Promise<string>((resolve) => {
        session.defaultSession.once('will-download', (_event, item) => {
          item.setSavePath(path);
          item.once('done', (_done, state) => resolve(state));
        });
      }),
    file,
  );
  await page.getByRole('button', { name: 'Get the report' }).click();
  expect(await saved).toBe('completed');
  expect(readFileSync(file, 'utf8')).toContain('is no e-mail address');
});

test('three jobs follow each other', async () => {
  const first = await runOf(open, await tryIt('Three jobs in a row'));
  expect(first).toMatchObject({ job: 'order-check', state: 'completed' });
  const last = await until('the order is confirmed', async () => {
    const { items } = await open.call('runs.list', { job: 'order-confirm', state: 'completed' });
    return items[0];
  });
  await showOutcome(last.id, 'A-1001');
  await look(page, 'ex-07-workflow');
  await showEvent(open, last.eventId, 'Lineage');
  await expect(page.getByRole('tabpanel')).toContainText('a run of order-reserve');
  await look(page, 'ex-08-lineage');
});

test('people are notified', async () => {
  await open.call('secrets.set', { name: 'notify-url', value: `${otherSystem}/hook` });
  const run = await runOf(open, await tryIt('Notify people'));
  expect(run).toMatchObject({ state: 'completed', needsAttention: 'acknowledgement' });
  expect(JSON.parse(asked.find(({ path }) => path === '/hook')?.body ?? '')).toEqual({
    text: '*Disk almost full*\n12 % are left on backup-2.',
  });
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await rowOf(page, 'Inbox', /Disk almost full/).click();
  await expect(page.getByRole('article', { name: 'Run of notify' })).toContainText('12 % are left on backup-2.');
  await look(page, 'ex-09-notified');
});

test('a webhook is sent on, signed', async () => {
  await open.goTo('/jobs');
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  await dialog().getByRole('link', { name: 'Variable of forward-webhook' }).click();
  await expect(dialog()).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Job forward-webhook' })).toBeVisible();
  await look(page, 'ex-10-job');
  await setVariable('forward-webhook', 'FETCH_URL', `${otherSystem}/records/{id}`);
  await open.call('secrets.set', { name: 'forward-url', value: `${otherSystem}/forward` });
  await open.call('secrets.set', { name: 'forward-signing', value: forwardSecret });
  const run = await runOf(open, await tryIt('Send a webhook on'));
  await showOutcome(run.id, 'Record 1001 was sent on');
  await look(page, 'ex-11-forwarded');
  const forwarded = asked.find(({ path }) => path === '/forward');
  expect(new Webhook(forwardSecret).verify(forwarded?.body ?? '', forwarded?.headers ?? {})).toMatchObject({
    type: 'record:changed',
    data: { name: 'Ada', total: 12 },
  });
});

test('a key is rotated', async () => {
  const folder = join(open.dataDir, 'jobs/examples/keys');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'current'), 'sbk_old\n', { mode: 0o600 });
  await setVariable('rotate-key', 'KEYS_URL', otherSystem);
  const run = await runOf(open, await tryIt('Rotate a key'));
  await showOutcome(run.id, 'The key was rotated');
  const key = readFileSync(join(folder, 'current'), 'utf8').trim();
  expect(key).not.toBe('sbk_old');
  await expect(page.getByRole('main')).not.toContainText(key);
  expect(asked.slice(-3).map(({ method }) => method)).toEqual(['PUT', 'GET', 'DELETE']);
});

test('a login is decided while its sender waits', async () => {
  await open.call('sources.create', { slug: 'idp', preset: 'generic', event: { type: '$.type' } });
  const login = {
    type: 'account/v1/login',
    email: 'ada@example.com',
    country: 'FR',
    usualCountry: 'DE',
    isNewDevice: true,
  };
  const decide = async (): Promise<unknown> => JSON.parse((await open.post('idp', login)).text);
  // On a busy machine the first process may be too late for the deadline: that sender is answered with the fallback.
  await expect.poll(decide).toMatchObject({ action: 'challenge', custom_claims: { risk_score: 50 } });
  const { items } = await open.call('events.list', { query: 'source:idp' });
  const [event] = items;
  await showEvent(open, event?.id ?? '', 'Answer');
  await expect(page.getByRole('tabpanel')).toContainText('challenge');
  await expect(page.getByRole('tabpanel')).toContainText('unusual_country');
  await look(page, 'ex-12-answer');
  const run = await runOf(open, event?.id ?? '');
  await showOutcome(run.id, 'risk_score');
});

test('a folder is cleaned once an operator has seen what will run and approved', async () => {
  const folder = join(open.dir, 'attic');
  mkdirSync(folder);
  const longAgo = new Date(Date.now() - 90 * 86_400_000);
  for (const name of ['old.log', 'older.log', 'fresh.log']) writeFileSync(join(folder, name), name);
  for (const name of ['old.log', 'older.log']) utimesSync(join(folder, name), longAgo, longAgo);
  for (const job of ['clean-folder-list', 'clean-folder']) await setVariable(job, 'CLEAN_FOLDER', folder);
  const listed = await runOf(open, await tryIt('Clean a folder, once approved'));
  expect(listed.outcome).toMatchObject({ count: 2 });
  const pending = await until('the approval is asked for', async () => {
    const { items } = await open.call('runs.list', { job: 'clean-folder', state: 'pending' });
    return items[0];
  });
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await rowOf(page, 'Inbox', /clean-folder/).click();
  const detail = page.getByRole('article', { name: 'Run of clean-folder' });
  const what = detail.getByRole('region', { name: 'What will run' });
  await expect(what.getByRole('list', { name: 'Command and arguments' })).toContainText('clean-folder.mjs');
  await expect(what).toContainText('CLEAN_FOLDER');
  await expect(what).toContainText('SHA-256');
  await expect(what).toContainText('No approved run of this job');
  await expect(detail).toContainText('older.log');
  await expect(detail).not.toContainText('fresh.log');
  await look(page, 'ex-13-approval');
  expect(existsSync(join(folder, 'old.log'))).toBe(true);
  await detail.getByRole('button', { name: /^Approve/ }).click();
  await showOutcome(pending.id, '2 files were removed');
  await look(page, 'ex-14-cleaned');
  expect(['old.log', 'older.log', 'fresh.log'].map((name) => existsSync(join(folder, name)))).toEqual([
    false,
    false,
    true,
  ]);
  expect(open.complaints).toEqual([]);
});
