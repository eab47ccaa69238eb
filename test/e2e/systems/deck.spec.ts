import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { sampleDelivery } from '../../../shared/vendors/sample-delivery.ts';
import { until } from '../../process/signalbox.ts';
import { acceptedEvents, look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const secrets = { now: secretOf('the secret of these days'), before: secretOf('the secret of yesterday') };
const theCode = 'mfa-code-424242';

const config = `version: 1
sources:
  - slug: deck
    preset: deck
    verify: { secrets: [ { env: DECK_SECRET }, { env: DECK_SECRET_OLD } ] }
jobs:
  - { slug: note, kind: command, command: [cat] }
  - slug: collect
    kind: command
    command: [node, collect.mjs, "two words", ""]
    env: { REGION: eu, BOOKS: "2026" }
    approval: required
  - { slug: purge, kind: command, command: [node, collect.mjs], approval: required, approvalTimeout: 1s }
  - { slug: sign-in, kind: script, file: sign-in.mjs }
  - { slug: choose, kind: command, command: [node, choose.mjs], asks: true }
  - { slug: hasty, kind: script, file: hasty.mjs, mode: background }
listeners:
  - { slug: finished, source: deck, type: [ task_run.completed, task_run.failed ], job: note }
  - { slug: everything, source: deck, type: "*", where: { field: payload.data.watched, op: eq, value: true }, job: note }
  - { slug: invoices, source: deck, type: storage.created, job: collect }
  - { slug: removals, source: deck, type: storage.deleted, job: purge }
  - { slug: mfa, source: deck, type: "*.interaction_required", job: sign-in }
  - { slug: which, source: deck, type: session.queued, job: choose }
  - { slug: hurry, source: deck, type: session.running, job: hasty }
`;

const files = {
  'collect.mjs': `console.log('collecting with ' + JSON.stringify(process.argv.slice(2)) + ' in ' + process.env.REGION);\n`,
  'sign-in.mjs': `export default async (event, run) => {
  const { type, message, fields } = event.payload.data.interaction;
  const answer = await run.ask({ type, message, fields: [...fields, { name: 'pin', type: 'password', label: 'PIN' }] });
  console.log('signed in with ' + answer.code + ' and ' + answer.pin);
  return { message: 'Signed in', code: answer.code };
};
`,
  'choose.mjs': `import { createInterface } from 'node:readline';
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();
console.log('::ask ' + JSON.stringify({ type: 'account_selection', message: 'Which account?', fields: [
  { name: 'account', type: 'select', label: 'Account', options: ['Main', 'Savings'] }, { name: 'remember', type: 'checkbox', label: 'Remember it' } ] }));
const answer = JSON.parse((await lines.next()).value);
console.log('chose ' + answer.account + ', remembered: ' + answer.remember);
process.exit(0);
`,
  'hasty.mjs': `export default (event, run) => run.ask({ message: 'Still there?', timeout: '300ms' });\n`,
};

let open: OpenSystem;
let page: Page;

interface Sign {
  secret?: string;
  atMs?: number;
}

/** As Deck posts it: signed by the library that the specification's authors publish. */
function signed(body: object | string, { secret = secrets.now, atMs = Date.now() }: Sign = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const id = `msg_${Math.random().toString(36).slice(2)}`;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), text),
  };
  return { text, headers };
}

const post = (body: object | string, sign?: Sign) => {
  const { text, headers } = signed(body, sign);
  return open.send('deck', { method: 'POST', headers, body: text });
};

let sent = 0;
/** An event as the catalogue shows it, under an id of its own. */
function sample(type: string, data: Record<string, unknown> = {}): Record<string, unknown> {
  const delivery = sampleDelivery('deck', type, { id: `evt_${++sent}`, atMs: Date.now() });
  const event: Record<string, unknown> = JSON.parse(delivery?.body ?? '');
  return { ...event, data: { ...Object(event.data), ...data } };
}

async function accept(type: string, data?: Record<string, unknown>, sign?: Sign): Promise<string> {
  return acceptedEvents(await post(sample(type, data), sign))[0] ?? '';
}

const inState = (state: string) => (run: { state: string }) => run.state === state;
const detail = (job: string) => page.getByRole('article', { name: `Run of ${job}` });

async function openInInbox(job: string, text: string | RegExp): Promise<void> {
  await open.goTo('/inbox');
  await rowOf(page, 'Inbox', text).click();
  await expect(detail(job)).toBeVisible();
}

test.beforeAll(async ({ browser }) => {
  open = await openSystem({
    view: { browser },
    config,
    files,
    env: { DECK_SECRET: secrets.now, DECK_SECRET_OLD: secrets.before },
  });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
});

test('both secrets of a rotation are taken, and each refusal leaves its reason in the window', async () => {
  const now = await accept('task_run.completed');
  const before = await accept('task_run.failed', {}, { secret: secrets.before });
  for (const id of [now, before]) {
    const { verification } = await open.call('events.get', { id });
    expect(verification).toMatchObject({ state: 'verified', scheme: 'standard-webhooks' });
  }
  const stranger = await post(sample('task_run.completed'), { secret: secretOf('somebody else entirely') });
  const old = await post(sample('task_run.completed'), { atMs: Date.now() - 3_600_000 });
  const early = await post(sample('task_run.completed'), { atMs: Date.now() + 3_600_000 });
  const bare = await open.post('deck', sample('task_run.completed'));
  expect([stranger, old, early, bare].map(({ status }) => status)).toEqual([401, 401, 401, 401]);

  await open.goTo('/sources/deck');
  const source = page.getByRole('region', { name: 'Source deck' });
  await expect(source.getByRole('status').first()).toContainText('missing: webhook-id');
  await look(page, 'deck-01-source');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await page.getByRole('tab', { name: 'Refused' }).click();
  await expect(rowOf(page, 'Deliveries', /./)).toHaveCount(4);
  await look(page, 'deck-02-refused');
  await rowOf(page, 'Deliveries', /signature_mismatch/).click();
  await expect(source).toContainText('check that both sides have the same secret');
  await rowOf(page, 'Deliveries', /timestamp_too_old/).click();
  await rowOf(page, 'Deliveries', /timestamp_in_future/).click();
  await look(page, 'deck-03-refusal');
});

test('exact types and a pattern for all of them take what they should', async () => {
  const watched = await accept('agent.created', { watched: true });
  const finished = await accept('task_run.completed', { watched: true });
  const unwatched = await accept('agent.deleted');
  const runsOf = async (eventId: string) =>
    (await open.call('runs.list', { eventId })).items.map(({ listener }) => listener).sort();
  expect(await runsOf(watched)).toEqual(['everything']);
  expect(await runsOf(finished)).toEqual(['everything', 'finished']);
  expect(await runsOf(unwatched)).toEqual([]);
  await open.goTo('/live?q=type:task_run.*');
  await expect(rowOf(page, 'Events', /task_run\.completed/)).toHaveCount(2);
  await expect(rowOf(page, 'Events', /agent/)).toHaveCount(0);
  await showEvent(open, unwatched, 'Why');
  await expect(page.getByRole('tabpanel')).toContainText('one clause away');
  await look(page, 'deck-04-why');
});

test('connections and the credentials that replace them show as what they are', async () => {
  const connected = await accept('connection.connected');
  const verified = await accept('credential.verified');
  await open.goTo(`/live/${connected}`);
  await expect(page.getByText('The sign-in succeeded.')).toBeVisible();
  await expect(page.getByText('legacy', { exact: true })).toBeVisible();
  await look(page, 'deck-05-legacy');
  await open.goTo(`/live/${verified}`);
  await expect(page.getByText('A credential was verified.')).toBeVisible();
  expect(await open.call('events.get', { id: verified })).toMatchObject({
    context: { resource: 'credential', resourceId: 'cred_44' },
  });
});

test('a challenge is echoed when it is signed, and is no event', async () => {
  const before = (await open.call('events.list', {})).items.length;
  const answer = await post({ challenge: 'ch-1' });
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { challenge: 'ch-1' }]);
  const unsigned = await open.post('deck', { challenge: 'ch-2' });
  expect(unsigned.status).toBe(401);
  expect(unsigned.text).not.toContain('ch-2');
  expect((await open.call('events.list', {})).items).toHaveLength(before);
});

test('the inbox shows exactly what would run, and one is approved', async () => {
  const id = await accept('storage.created', { name: 'invoice-205.pdf' });
  const run = await runOf(open, id, inState('pending'));
  await openInInbox('collect', /collect/);
  const what = detail('collect').getByRole('region', { name: 'What will run' });
  const argv = what.getByRole('list', { name: 'Command and arguments' }).getByRole('listitem');
  await expect(argv).toHaveText(['node', 'collect.mjs', 'two words', 'empty']);
  await expect(what).toContainText('REGION');
  await expect(what).toContainText('BOOKS');
  await expect(what).toContainText('storage.created');
  await expect(what).toContainText('No approved run of this job');
  await expect(detail('collect')).toContainText('invoice-205.pdf');
  await look(page, 'deck-06-approval-first');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(rowOf(page, 'Inbox', /collect/)).toHaveCount(0);
  const ended = await runOf(open, id);
  expect(ended).toMatchObject({ id: run.id, state: 'completed' });
  await open.goTo(`/runs/${run.id}`);
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('collecting with ["two words",""] in eu');
  await look(page, 'deck-07-approved');
});

test('the next one says what differs since, and is rejected with a note', async () => {
  writeFileSync(join(open.dir, 'collect.mjs'), `console.log('other code');\n`);
  const id = await accept('storage.created', { name: 'invoice-206.pdf' });
  await runOf(open, id, inState('pending'));
  await openInInbox('collect', /collect/);
  const what = detail('collect').getByRole('region', { name: 'What will run' });
  await expect(what).toContainText('1 difference');
  await expect(what.getByRole('rowheader')).toHaveText([/content of .*collect\.mjs/]);
  await look(page, 'deck-08-differs');
  await page.keyboard.press('d');
  await page.getByLabel('Reject this run').fill('Who changed the script?');
  await look(page, 'deck-09-reject');
  await page.keyboard.press('ControlOrMeta+Enter');
  const ended = await runOf(open, id);
  expect(ended).toMatchObject({
    state: 'canceled',
    reason: 'rejected',
    note: 'Who changed the script?',
    startedAt: null,
  });
  await open.goTo(`/runs/${ended.id}`);
  await expect(page.getByText('Who changed the script?').first()).toBeVisible();
  await look(page, 'deck-10-rejected');
});

test('one that nobody decides on is rejected by itself when its time is over', async () => {
  const id = await accept('storage.deleted');
  const ended = await runOf(open, id);
  expect(ended).toMatchObject({ state: 'canceled', reason: 'expired', startedAt: null });
  await open.goTo(`/runs/${ended.id}`);
  await expect(page.getByText(/Not approved in time/).first()).toBeVisible();
  await look(page, 'deck-11-expired');
});

test('an interaction asks in the inbox, and its secret answer is kept nowhere', async () => {
  const id = await accept('connection.interaction_required', {
    interaction: {
      type: 'mfa',
      message: 'Enter the code that the site has sent to your phone',
      fields: [{ name: 'code', type: 'password', label: 'Code' }],
    },
  });
  await runOf(open, id, inState('interaction_required'));
  await openInInbox('sign-in', /Enter the code/);
  const form = page.getByRole('form', { name: 'Question from the job' });
  await look(page, 'deck-12-question');
  await form.getByRole('button', { name: /^Answer/ }).click();
  await expect(form).toContainText('is required');
  await look(page, 'deck-13-needed');
  await form.getByLabel('Code').fill(theCode);
  await form.getByLabel('PIN').fill(`${theCode}-pin`);
  await page.keyboard.press('ControlOrMeta+Enter');
  const ended = await runOf(open, id);
  expect(ended).toMatchObject({ state: 'completed', outcome: { message: 'Signed in', code: '***' } });
  expect(ended.questions).toMatchObject([{ result: 'answered', answer: { code: '***', pin: '***' } }]);
  await open.goTo(`/runs/${ended.id}`);
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('signed in with *** and ***');
  await look(page, 'deck-14-answered');
  const stored = readdirSync(open.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(stored.length).toBeGreaterThan(3);
  expect(stored.filter((file) => readFileSync(file).includes(theCode))).toEqual([]);
});

test('a command asks with a line of its output', async () => {
  const id = await accept('session.queued');
  await runOf(open, id, inState('interaction_required'));
  await openInInbox('choose', /Which account/);
  const form = page.getByRole('form', { name: 'Question from the job' });
  await form.getByLabel('Account').click();
  await page.getByRole('option', { name: 'Savings' }).click();
  await form.getByRole('switch', { name: 'Remember it' }).click();
  await look(page, 'deck-15-command-asks');
  await form.getByRole('button', { name: /^Answer/ }).click();
  const ended = await runOf(open, id);
  expect(ended).toMatchObject({ state: 'completed' });
  await open.goTo(`/runs/${ended.id}`);
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('chose Savings, remembered: true');
});

test('a question is left by canceling the run, and gives up when nobody answers', async () => {
  const id = await accept('session.queued');
  const asking = await runOf(open, id, inState('interaction_required'));
  await openInInbox('choose', /Which account/);
  await page
    .getByRole('form', { name: 'Question from the job' })
    .getByRole('button', { name: 'Cancel the run' })
    .click();
  expect(await runOf(open, id)).toMatchObject({ state: 'canceled', questions: [{ result: 'canceled' }] });
  await expect(rowOf(page, 'Inbox', /Which account/)).toHaveCount(0);

  const hasty = await runOf(open, await accept('session.running'));
  expect(hasty).toMatchObject({ state: 'failed', reason: 'unanswered', questions: [{ result: 'unanswered' }] });
  await open.goTo(`/runs/${hasty.id}`);
  await expect(page.getByText(/No answer/).first()).toBeVisible();
  await look(page, 'deck-16-unanswered');

  const told = await until('the built-in events', async () => {
    const { items } = await open.call('events.list', { query: 'source:signalbox', limit: 100 });
    const types = new Set(items.map(({ type }) => type));
    return types.has('job:canceled') && types.has('job:failed') ? types : null;
  });
  expect(told).toContain('job:completed');
  expect(asking.id).not.toBe('');
  expect(open.complaints).toEqual([]);
});
