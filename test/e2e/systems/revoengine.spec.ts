import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// In the window. Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

let open: OpenSystem;
let page: Page;

const token = 'revo-token-1f6a';
const authorization = `Bearer ${token}`;
const send = (body: unknown, headers = { authorization }) => open.post('revo', body, headers);
const accept = async (body: unknown): Promise<string> => (await open.accept('revo', body, { authorization }))[0] ?? '';

test.beforeAll(async () => {
  open = await openSystem({
    view: 'window',
    // Fails until the file is there.
    files: {
      'sync.mjs': `import { existsSync } from 'node:fs';
import { json } from 'node:stream/consumers';
const event = await json(process.stdin);
console.log('for ' + event.type);
if (!existsSync('crm-is-up')) { console.error('the CRM did not answer'); process.exit(7); }
console.log('synchronised');
`,
    },
    config: `version: 1
jobs:
  - { slug: sync, kind: command, command: [node, sync.mjs] }
`,
  });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
});

const pane = (name: string) => page.getByRole('region', { name });

test('an operator makes the source, is told how to set it up, and sees the first delivery come', async () => {
  await open.goTo('/sources/new');
  await look(page, 'revo-01-presets');
  await page.getByRole('button', { name: /^RevoEngine/ }).click();
  const form = pane('New source');
  await form.getByLabel('Name', { exact: true }).fill('Revo');
  await look(page, 'revo-02-new');
  await form.getByRole('button', { name: 'Create source' }).click();
  await look(page, 'revo-02b-missing');
  await form.getByRole('button', { name: 'Token: store a new secret', exact: true }).click();
  await form.getByLabel('Value of the secret').fill(token);
  await look(page, 'revo-03-secret');
  await form.getByRole('button', { name: 'Store', exact: true }).click();
  await form.getByRole('button', { name: 'Create source' }).click();

  const source = pane('Source revo');
  await expect(source.getByRole('status').first()).toContainText('Waiting for the first delivery');
  const setup = source.getByRole('region', { name: 'Setup' });
  await expect(setup).toContainText('RevoEngine documents no signature');
  await expect(setup).toContainText('Authorization: Bearer TOKEN');
  await look(page, 'revo-04-waiting');

  await accept({ type: 'USER_CREATED', metadata: { correlationId: 'c-1' }, message: { id: 'usr_1', total: 40 } });
  await expect(source.getByRole('status').first()).toContainText('First delivery received');
  await expect(source.getByRole('status').first()).toHaveAttribute('data-tone', 'green');
  await look(page, 'revo-05-arrived');
});

test('both spellings are one type, custom names get their prefix, and a wrong token leaves its reason', async () => {
  const created = await accept({ type: 'USER_CREATE', metadata: { correlationId: 'c-2' }, message: { id: 'usr_2' } });
  const custom = await accept({ type: 'customer_sync', metadata: {}, message: { id: 7 } });
  await accept({ type: 'SOMETHING_NEW', metadata: {}, message: {} });
  await open.goTo('/live?q=type:USER_CREATE');
  await expect(rowOf(page, 'Events', /USER_CREATE/)).toHaveCount(2);
  await showEvent(open, created, 'Payload');
  await expect(page.getByRole('tabpanel')).toContainText('usr_2');
  await expect(page.getByRole('tabpanel')).toContainText('c-2');
  await look(page, 'revo-06-event');
  await open.goTo('/live');
  await expect(rowOf(page, 'Events', /CUSTOM_CUSTOMER_SYNC/)).toHaveCount(1);
  await rowOf(page, 'Events', /SOMETHING_NEW/).click();
  await expect(page.getByText('not in the catalog')).toBeVisible();
  await look(page, 'revo-07-unknown');
  expect(await open.call('events.get', { id: custom })).toMatchObject({ context: { sentType: 'customer_sync' } });

  const refused = await send({ type: 'USER_DELETE', message: {} }, { authorization: 'Bearer somebody-else' });
  expect(refused.status).toBe(401);
  await open.goTo('/sources/revo');
  await expect(pane('Source revo').getByRole('status').first()).toContainText('is not the one of this source');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  const row = rowOf(page, 'Deliveries', /token_wrong/);
  await expect(row).toHaveCount(1);
  await row.click();
  await expect(pane('Source revo')).toContainText('token_wrong: the token in the header authorization');
  await expect(pane('Source revo')).toContainText('USER_DELETE');
  await look(page, 'revo-08-refused');
  await page.getByRole('tab', { name: /^Headers/ }).click();
  await expect(pane('Source revo')).not.toContainText('somebody-else');
});

test('a pasted filter is shown as conditions and takes the right events', async () => {
  await open.goTo('/listeners/new');
  const form = pane('New listener');
  await form.getByLabel('Name', { exact: true }).fill('Large customers');
  await form.getByLabel('Source', { exact: true }).click();
  await page.getByRole('option', { name: /^Revo/ }).click();
  await form.locator('#listener-job').click();
  await page.getByRole('option', { name: 'sync' }).click();
  await form.getByRole('tab', { name: 'From a vendor’s filter' }).click();
  await look(page, 'revo-09-vendor-empty');
  const editor = page.getByRole('textbox', { name: 'RevoEngine filter' });
  await editor.click();
  await page.keyboard.insertText('{"and": [{"field": "message.total", "op": "gt", "value": "10"}]}');
  await look(page, 'revo-10-vendor-wrong');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(
    JSON.stringify({
      and: [
        { field: 'type', op: 'in', value: ['USER_CREATE', 'USER_UPDATE'] },
        { field: 'message.total', op: 'gte', value: 10000 },
        {
          or: [
            { field: 'message.email', op: 'ilike', value: '%@EXAMPLE.com' },
            { field: 'message.vip', op: 'eq', value: true },
          ],
        },
        { not: { field: 'metadata.correlationId', op: 'startsWith', value: 'test-' } },
      ],
    }),
  );
  // Nobody makes a listener for every event because the filter was pasted and no more.
  await form.getByRole('button', { name: 'Create listener' }).click();
  await expect(form.getByRole('status').last()).toContainText('not part of the conditions yet');
  await form.getByRole('button', { name: 'Convert to conditions' }).click();
  const conditions = form.getByRole('region', { name: 'Conditions' });
  await expect(conditions.getByLabel('Field')).toHaveCount(5);
  await expect(conditions.locator('input[value="payload.total"]')).toBeVisible();
  await expect(conditions.locator('input[value="context.correlationId"]')).toBeVisible();
  await look(page, 'revo-11-conditions');
  await form.getByRole('button', { name: 'Create listener' }).click();
  await expect(pane('Listener large-customers')).toContainText('Saved as the vendor’s filter');

  const event = (message: object, correlationId = 'c-9', type = 'USER_CREATED') =>
    accept({ type, metadata: { correlationId }, message });
  const takes = async (id: string) => (await open.call('events.get', { id })).runs.length === 1;
  const taken = [
    await event({ total: 10000, email: 'Ada@example.COM' }),
    await event({ total: 20000, vip: true }, 'c-9', 'USER_UPDATE'),
  ];
  const left = [
    await event({ total: '10000', email: 'ada@example.com' }),
    await event({ total: 9999, vip: true }),
    await event({ total: 20000, vip: 'true' }),
    await event({ total: 20000, vip: true }, 'test-1'),
    await event({ total: 20000, vip: true }, 'c-9', 'USER_DELETE'),
  ];
  for (const id of taken) expect(await takes(id)).toBe(true);
  for (const id of left) expect(await takes(id)).toBe(false);
  await showEvent(open, left[0] ?? '', 'Why');
  await expect(page.getByRole('tabpanel')).toContainText('one clause away');
  await look(page, 'revo-12-why');
});

test('a stale version is refused, and a deleted listener comes back disabled', async () => {
  await open.goTo('/listeners/large-customers');
  const listener = pane('Listener large-customers');
  const form = listener.getByLabel('Name', { exact: true });
  await form.fill('Mine');
  const { version, filter } = await open.call('listeners.get', { slug: 'large-customers' });
  const theirs = { slug: 'large-customers', source: 'revo', job: 'sync', filter };
  await open.call('listeners.update', { ...theirs, name: 'Theirs', version });
  await expect(listener.getByRole('alert')).toContainText('was changed elsewhere (now version 2)');
  await look(page, 'revo-13-stale');
  await expect(open.call('listeners.update', { ...theirs, name: 'Late', version })).rejects.toThrow('stale_version');
  await expect(form).toHaveValue('Mine');
  await listener.getByRole('button', { name: 'Keep mine' }).click();
  await listener.getByRole('button', { name: 'Save' }).click();
  await expect(listener.getByRole('heading', { name: 'Mine' })).toBeVisible();
  expect(await open.call('listeners.get', { slug: 'large-customers' })).toMatchObject({ name: 'Mine', filter });
  await listener.getByRole('tab', { name: /^Versions/ }).click();
  await expect(listener.getByRole('tabpanel')).toContainText('Theirs');
  await look(page, 'revo-14-versions');

  await listener.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(listener.getByRole('note')).toContainText('was deleted and matches no events');
  await look(page, 'revo-15-deleted');
  const big = { type: 'USER_CREATE', metadata: {}, message: { total: 10000, vip: true } };
  expect(await open.call('events.get', { id: await accept(big) })).toMatchObject({ ignored: true });
  await listener.getByRole('button', { name: 'Restore' }).click();
  await expect(listener.getByRole('button', { name: 'Enable' })).toBeVisible();
  expect(await open.call('events.get', { id: await accept(big) })).toMatchObject({ ignored: true });
  await listener.getByRole('button', { name: 'Enable' }).click();
  await expect(listener.getByRole('button', { name: 'Disable' })).toBeVisible();
  expect(await open.call('events.get', { id: await accept(big) })).toMatchObject({ ignored: false });
});

test('a custom event is raised from the form, now and later; one to come is called off', async () => {
  await open.goTo('/live/raise');
  const form = page.getByRole('form', { name: 'Raise an event' });
  await form.getByLabel('Name').fill('nightly_report');
  await expect(form).toContainText('CUSTOM_NIGHTLY_REPORT');
  const message = form.getByRole('textbox', { name: 'Message' });
  await message.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"day": "2026-02-01"}');
  await form.getByLabel('Metadata').fill('{"correlationId": "raised"}');
  await look(page, 'revo-16-raise');
  await form.getByRole('button', { name: /^Raise event/ }).click();
  await page.getByRole('link', { name: 'Open event' }).click();
  await expect(page.getByRole('heading', { name: 'CUSTOM_NIGHTLY_REPORT' })).toBeVisible();
  await expect(rowOf(page, 'Events', /CUSTOM_NIGHTLY_REPORT/)).toHaveCount(1);
  await look(page, 'revo-17-raised');

  await open.goTo('/live/raise');
  // A notice stays while the pointer is on it, and lies over the form.
  await page.mouse.move(0, 0);
  await expect(page.getByText(/ was deleted$/)).toHaveCount(0);
  for (const delay of ['2h', '29d']) {
    await form.getByText('In', { exact: true }).click();
    await form.getByRole('textbox', { name: 'In', exact: true }).fill(delay);
    await form.getByRole('button', { name: /^Schedule event/ }).click();
    await expect(page.getByText(`CUSTOM_NIGHTLY_REPORT scheduled in ${delay === '2h' ? '2 h' : '29 d'}`)).toBeVisible();
  }
  await form.getByRole('textbox', { name: 'In', exact: true }).fill('31d');
  await form.getByRole('button', { name: /^Schedule event/ }).click();
  await expect(form).toContainText('30 days');
  await look(page, 'revo-18-too-late');
  // The sender's own way to put an event off.
  const later = await send({ type: 'CUSTOM_LATER', metadata: {}, message: {}, inSeconds: 3600 });
  expect(later.status).toBe(200);
  await open.goTo('/live/scheduled');
  const scheduled = pane('Scheduled events');
  await expect(scheduled.getByRole('listitem')).toHaveCount(3);
  await expect(scheduled.getByRole('listitem').first()).toContainText('CUSTOM_LATER');
  await look(page, 'revo-19-scheduled');
  await scheduled
    .getByRole('listitem')
    .filter({ hasText: 'CUSTOM_LATER' })
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect(scheduled.getByRole('listitem')).toHaveCount(2);
  await scheduled.getByRole('tab', { name: 'Canceled' }).click();
  await expect(scheduled.getByRole('listitem')).toContainText('CUSTOM_LATER');
});

test('a run that failed is run again as its child', async () => {
  const id = await accept({ type: 'USER_CREATE', metadata: {}, message: { total: 50000, vip: true } });
  const failed = await runOf(open, id);
  expect(failed).toMatchObject({ state: 'failed', exitCode: 7 });
  await open.goTo('/runs');
  await rowOf(page, 'Runs', /sync/).first().click();
  await open.goTo(`/runs/${failed.id}`);
  const run = page.getByRole('article', { name: 'Run of sync' });
  await expect(run).toContainText('the CRM did not answer');
  await look(page, 'revo-20-failed');
  writeFileSync(join(open.dir, 'crm-is-up'), '');
  await run.getByRole('button', { name: 'Retry' }).click();
  await expect(run.getByRole('link', { name: `…${failed.id.slice(-6)}` })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('synchronised');
  await look(page, 'revo-21-retried');
  const { retriedBy } = await open.call('runs.get', { id: failed.id });
  expect(retriedBy).toHaveLength(1);
  const child = await open.call('runs.get', { id: retriedBy[0] ?? '' });
  expect(child).toMatchObject({ retryOf: failed.id, eventId: id, listener: 'large-customers' });
  expect(open.complaints).toEqual([]);
});
