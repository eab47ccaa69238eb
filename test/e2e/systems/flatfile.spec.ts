import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// In a browser. Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

let open: OpenSystem;
let page: Page;

/** Stops in the middle of its second part until it is let go on. */
const loadJob = `import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
export default async (event, run) => {
  run.plan(['Read', 'Check', 'Write']);
  await run.part('Read', () => run.log('reading ' + event.context.spaceId));
  await run.part('Check', async (part) => {
    part.progress(40);
    while (!existsSync(new URL('release', import.meta.url))) await wait(20);
  });
  await run.part('Write', () => writeFileSync(join(run.filesDir, 'report.csv'), 'row,problem\\n3,no email\\n'));
  return {
    acknowledge: true,
    heading: 'Space configured',
    message: '41 of 42 rows are fine.',
    buttonText: 'Get the report',
    next: { type: 'download', fileName: 'report.csv' },
  };
};
`;
/** Ends as the event's payload says. */
const finishJob = `import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
export default (event, run) => {
  const { next, heading, buttonText } = event.payload;
  if (next.type === 'files') for (const name of next.files) writeFileSync(join(run.filesDir, name), name);
  if (next.type === 'view') next.eventId = event.id;
  return { acknowledge: true, heading, message: 'For ' + event.externalId, buttonText, next };
};
`;

const config = `version: 1
sources:
  - { slug: flatfile, preset: flatfile, rateLimit: off }
jobs:
  - { slug: load, kind: script, file: load.mjs }
  - { slug: finish, kind: script, file: finish.mjs }
  - { slug: note, kind: script, file: note.mjs }
listeners:
  - { slug: finish, source: flatfile, type: "file:created", job: finish }
  - { slug: note, source: signalbox, type: "job:**", where: { context.job: load }, job: note }
`;

const accessToken = 'ff_live_9c41e07d2b8f43a1';
const bearer = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c19hY2NfNTEifQ.c2lnbmF0dXJlLW9mLXRlc3Q';

let eventNo = 0;
const rawEvent = (topic: string, payload: object, more: object = {}) => {
  eventNo += 1;
  return {
    id: `us_evt_${eventNo}`,
    domain: topic.split(':')[0],
    topic,
    createdAt: '2026-01-31T08:00:00.000Z',
    context: { accountId: 'us_acc_51', environmentId: 'us_env_52', spaceId: 'us_sp_53', actorId: 'us_usr_55' },
    payload,
    attributes: { progress: { current: 0, total: 1, percent: 0 } },
    origin: { id: 'us_sp_53', slug: 'space' },
    namespaces: ['space'],
    ...more,
  };
};
/** What the vendor's webhook forwarder makes of an event. */
const forwarded = (src: ReturnType<typeof rawEvent>) => {
  const { domain, topic, context, payload, createdAt } = src;
  return {
    _accessToken: accessToken,
    _apiUrl: 'https://platform.example.com/api/v1',
    src,
    afterAllCallbacks: [],
    cache: { cache: {} },
    domain,
    topic,
    context,
    payload,
    target: '',
    origin: src.origin,
    action: '',
    namespace: ['space'],
    createdAt,
  };
};
const accept = async (body: unknown): Promise<string> =>
  (await open.accept('flatfile', body, { authorization: `Bearer ${bearer}` }))[0] ?? '';

const ready = { job: 'space:configure', domain: 'space', operation: 'configure', status: 'ready', info: null };

test.beforeAll(async ({ browser }) => {
  open = await openSystem({
    view: { browser },
    config,
    files: { 'load.mjs': loadJob, 'finish.mjs': finishJob, 'note.mjs': 'export default () => null;\n' },
  });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
});

test('both shapes are the same event, and the access token is nowhere', async () => {
  const raw = await accept(
    rawEvent('commit:created', { sheetId: 'us_sh_1', commitId: 'us_vr_1' }, { domain: 'workbook' }),
  );
  const object = await accept(forwarded(rawEvent('workbook:updated', { name: 'Books' })));
  await open.goTo('/live');
  await look(page, 'flat-01-live');
  await showEvent(open, object, 'Payload');
  await expect(page.getByRole('heading', { name: 'workbook:updated' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('us_evt_2');
  await expect(page.getByRole('tabpanel')).toContainText('Books');
  await expect(page.getByRole('tabpanel')).toContainText('us_sp_53');
  await page.getByText(/^id, domain, createdAt/).click();
  await expect(page.getByLabel('flatfile', { exact: true })).toContainText('us_evt_2');
  await look(page, 'flat-02-forwarded');
  await page.getByRole('tab', { name: 'Raw' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('"_accessToken"');
  await look(page, 'flat-03-raw');
  expect(await page.content()).not.toContain(accessToken);
  await page.getByRole('tab', { name: /^Headers/ }).click();
  await expect(page.getByRole('tabpanel')).toContainText('content-type');
  expect(await page.content()).not.toContain(bearer);
  const shown = [
    await open.call('events.list', {}),
    await open.call('events.get', { id: object }),
    await open.call('deliveries.list', { source: 'flatfile' }),
    await open.call('deliveries.get', { id: (await open.call('events.get', { id: object })).deliveryId ?? '' }),
  ];
  expect(shown[1]).toMatchObject({
    externalId: 'us_evt_2',
    context: { spaceId: 'us_sp_53' },
    payload: { name: 'Books' },
  });
  expect(JSON.stringify(shown)).not.toContain(accessToken);
  expect(JSON.stringify(shown)).not.toContain(bearer);
  // What was written is on the disk by now: the answer came after it.
  const files = readdirSync(open.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain('signalbox.db');
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    for (const secret of [accessToken, bearer]) expect([name, bytes.includes(secret)]).toEqual([name, false]);
  }
  expect(await open.call('events.get', { id: raw })).toMatchObject({
    context: { flatfile: { domain: 'workbook', namespaces: ['space'] } },
  });
});

test('the samples’ slips are taken as they come, and what is no JSON leaves its reason', async () => {
  const slip = rawEvent('data-clip:created', { dataClipId: 'us_dc_1', stauts: 'OPEN' });
  const id = await accept(slip);
  expect(await open.accept('flatfile', slip)).toEqual([id]);
  await showEvent(open, id, 'Payload');
  await expect(page.getByRole('tabpanel')).toContainText('stauts');
  const broken = await open.post('flatfile', `{"topic": "data-clip:created", "payload": {"stauts": "OPEN",}}`);
  expect(broken.status).toBe(422);
  await open.goTo('/sources/flatfile');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await expect(rowOf(page, 'Deliveries', /422/)).toHaveCount(1);
  await expect(rowOf(page, 'Deliveries', /repeated, started no runs/)).toHaveCount(1);
  await rowOf(page, 'Deliveries', /422/).click();
  await look(page, 'flat-04-deliveries');
});

test('a pasted filter record takes what the vendor’s listener would', async () => {
  await open.goTo('/listeners/new');
  const form = page.getByRole('region', { name: 'New listener' });
  await form.getByLabel('Name', { exact: true }).fill('Configure spaces');
  await form.getByLabel('Source', { exact: true }).click();
  await page.getByRole('option', { name: /flatfile/ }).click();
  await form.locator('#listener-job').click();
  await page.getByRole('option', { name: 'load' }).click();
  await form.getByRole('tab', { name: 'From a vendor’s filter' }).click();
  await form.getByLabel('Topics').fill('job:ready');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Flatfile filter' }).click();
  await page.keyboard.insertText('{"job": "space:*", "payload.status": ["ready", "again"], "slug": "space"}');
  await look(page, 'flat-05-filter');
  await form.getByRole('button', { name: 'Convert to conditions' }).click();
  const conditions = form.getByRole('region', { name: 'Conditions' });
  await expect(conditions).toContainText('Saved as the vendor’s filter');
  await conditions.scrollIntoViewIfNeeded();
  await look(page, 'flat-06-conditions');
  await form.getByRole('button', { name: 'Create listener' }).click();
  await expect(page.getByRole('region', { name: 'Listener configure-spaces' })).toBeVisible();

  const runs = async (body: unknown) => (await open.call('events.get', { id: await accept(body) })).runs.length;
  expect(await runs(rawEvent('job:ready', { ...ready, job: 'sheet:configure' }))).toBe(0);
  expect(await runs(rawEvent('job:ready', { ...ready, status: 'waiting' }))).toBe(0);
  expect(await runs(rawEvent('job:completed', ready))).toBe(0);
  expect(await runs(rawEvent('job:ready', ready, { origin: { id: 'x', slug: 'sheet' } }))).toBe(0);
});

test('a job shows its plan, ends with an outcome, hands over its file and is acknowledged', async () => {
  const id = await accept(forwarded(rawEvent('job:ready', ready)));
  const { id: runId } = await runOf(open, id, ({ steps }) => steps?.[1]?.state === 'running');
  await open.goTo(`/runs/${runId}`);
  const plan = page.getByRole('list', { name: 'Plan' });
  await expect(plan.getByRole('listitem')).toHaveCount(3);
  await expect(plan.locator('[aria-current=step]')).toContainText('Check');
  await expect(plan.locator('[aria-current=step]')).toContainText('40 %');
  await look(page, 'flat-07-running');
  writeFileSync(join(open.dir, 'release'), '');
  await page.getByRole('tab', { name: 'Outcome' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('Space configured');
  await look(page, 'flat-08-outcome');

  await page.getByRole('link', { name: /^Inbox/ }).click();
  await rowOf(page, 'Inbox', /load/).click();
  const detail = page.getByRole('article', { name: 'Run of load' });
  await expect(detail).toContainText('Space configured');
  await expect(detail).toContainText('41 of 42 rows are fine.');
  await look(page, 'flat-09-inbox');
  const begun = page.waitForEvent('download');
  await detail.getByRole('button', { name: 'Get the report' }).click();
  const download = await begun;
  expect(download.suggestedFilename()).toBe('report.csv');
  expect(readFileSync(await download.path(), 'utf8')).toBe('row,problem\n3,no email\n');
  await detail.getByRole('button', { name: /^Acknowledge A/ }).click();
  await expect(rowOf(page, 'Inbox', /load/)).toHaveCount(0);

  // The vendor's lifecycle, as events of the built-in source.
  await open.goTo(`/live?q=source:signalbox context.runId:${runId}`);
  for (const type of [
    'job:created',
    'job:ready',
    'job:updated',
    'job:parts-completed',
    'job:completed',
    'job:outcome-acknowledged',
  ]) {
    await expect(rowOf(page, 'Events', new RegExp(`${type}( |$)`)).first()).toBeVisible();
  }
  await look(page, 'flat-10-lifecycle');
  await rowOf(page, 'Events', /job:outcome-acknowledged/).click();
  await page.getByRole('tab', { name: 'Payload' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('job:load');
  const { items } = await open.call('events.list', { query: `source:signalbox context.runId:${runId}` });
  expect(items.at(-1)).toMatchObject({
    type: 'job:created',
    payload: { job: 'job:load', domain: 'job', operation: 'load', status: 'created' },
  });
  expect(items.find(({ type }) => type === 'job:completed')).toMatchObject({
    payload: { status: 'complete', outcome: { heading: 'Space configured' }, steps: [{ state: 'completed' }, {}, {}] },
  });
});

test('an outcome leads to a page, its files, another try or an event', async () => {
  const finish = async (next: object, buttonText: string, heading: string) => {
    const id = await accept(rawEvent('file:created', { next, buttonText, heading }));
    const run = await runOf(open, id);
    expect(run.state).toBe('completed');
    await open.goTo('/inbox');
    await rowOf(page, 'Inbox', heading).click();
    await expect(detail).toContainText(heading);
    return { id, run };
  };
  const detail = page.getByRole('article', { name: 'Run of finish' });
  await finish({ type: 'url', url: 'https://docs.example.com/import' }, 'Read on', 'Leads out');
  const link = detail.getByRole('link', { name: 'Read on' });
  await expect(link).toHaveAttribute('href', 'https://docs.example.com/import');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await look(page, 'flat-11-url');

  await finish({ type: 'files', files: ['a.txt', 'b.txt'] }, 'Both files', 'Wrote files');
  const begun = page.waitForEvent('download');
  await detail.getByRole('button', { name: 'Download b.txt' }).click();
  expect(readFileSync(await (await begun).path(), 'utf8')).toBe('b.txt');
  await look(page, 'flat-12-files');

  const { run } = await finish({ type: 'retry' }, 'Once more', 'May be tried again');
  await detail.getByRole('button', { name: 'Once more' }).click();
  await expect.poll(async () => (await open.call('runs.get', { id: run.id })).retriedBy).toHaveLength(1);

  const { id } = await finish({ type: 'view' }, 'See the event', 'Points back');
  await look(page, 'flat-13-view');
  await detail.getByRole('link', { name: 'See the event' }).click();
  await expect(page.getByRole('heading', { name: 'file:created' })).toBeVisible();
  expect(page.url()).toContain(id);

  await open.goTo('/runs');
  await expect(rowOf(page, 'Runs', /finish/)).toHaveCount(5);
  await expect(rowOf(page, 'Runs', /queued/)).toHaveCount(0);
  await look(page, 'flat-14-runs');
  // A link of an outcome may be anything a stranger sent.
  await finish({ type: 'url', url: 'javascript:alert(1)' }, 'Do not', 'Leads nowhere');
  await expect(detail.getByRole('link', { name: 'Do not' })).toHaveCount(0);
  expect(open.complaints).toEqual([]);
});
