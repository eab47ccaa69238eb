import { expect, type Page, test } from '@playwright/test';
import { acceptedEvents, look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// In a browser. Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

let open: OpenSystem;
let page: Page;

const token = 'studio-7d1e5b';
const config = `version: 1
sources:
  - slug: studio
    name: Studio
    preset: icfm
    verify: { scheme: url-token, token: { env: STUDIO_TOKEN } }
  - { slug: fenced, preset: icfm, verify: { scheme: url-token, allowFrom: [203.0.113.0/24] } }
jobs:
  - { slug: sync, kind: command, command: [cat] }
listeners:
  - { slug: approved, name: Approved projects, source: studio, type: project_status_change, where: { payload.project.status: Approved }, job: sync }
`;

test.beforeAll(async ({ browser }) => {
  open = await openSystem({ view: { browser }, config, env: { STUDIO_TOKEN: token } });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Multipart as a browser's form makes it. */
function multipart(fields: Record<string, string>) {
  const boundary = '----studioForm42';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}

test('whatever a web service can be sent becomes an event', async () => {
  await open.goTo('/sources/studio');
  const source = page.getByRole('region', { name: 'Source studio' });
  await expect(source.getByRole('status').first()).toContainText('Waiting for the first delivery');
  await expect(source.getByRole('region', { name: 'Setup' })).toContainText(`${open.receiverUrl}/in/studio/listen.php`);
  await look(page, 'icfm-01-waiting');

  const project = { id: 4021, name: 'Spring catalog', status: 'Draft' };
  const json = JSON.stringify({ event: 'project_status_change', project });
  const sent: [what: string, type: string, answer: Awaited<ReturnType<OpenSystem['send']>>][] = [
    ['a ping by GET', 'ping', await open.send(`studio?event=ping&token=${token}`)],
    [
      '.php and token in the query',
      'asset_added',
      await open.send(`studio/listen.php?event=asset_added&token=${token}`),
    ],
    [
      'a form, token in the path',
      'task_created',
      await open.send(`studio/${token}/listen.php`, {
        method: 'POST',
        headers: form,
        body: 'event_type=task_created&id=7',
      }),
    ],
    [
      'multipart',
      'user_login',
      await open.send(`studio/${token}`, multipart({ action: 'user_login', user: 'Ada Lovelace' })),
    ],
    [
      'JSON in a field',
      'project_status_change',
      await open.send(`studio/listen.php?token=${token}`, {
        method: 'POST',
        headers: form,
        body: `payload=${encodeURIComponent(json)}`,
      }),
    ],
    [
      'JSON that says it is text',
      'project_status_change',
      await open.send(`studio/${token}`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: json }),
    ],
  ];
  for (const [what, type, answer] of sent) {
    expect([what, answer.status]).toEqual([what, 200]);
    const [id = ''] = acceptedEvents(answer);
    expect([what, (await open.call('events.get', { id })).type]).toEqual([what, type]);
  }
  await expect(source.getByRole('status').first()).toContainText('First delivery received');
  await open.goTo('/live');
  for (const type of ['ping', 'asset_added', 'task_created', 'user_login']) {
    await expect(rowOf(page, 'Events', new RegExp(type))).toHaveCount(1);
  }
  await expect(rowOf(page, 'Events', /project_status_change/)).toHaveCount(2);
  await look(page, 'icfm-02-live');
  const [fieldId = ''] = sent[4] === undefined ? [] : acceptedEvents(sent[4][2]);
  await showEvent(open, fieldId, 'Payload');
  await expect(page.getByRole('tabpanel')).toContainText('Spring catalog');
  await look(page, 'icfm-03-field');
});

test('who does not know the token or calls from elsewhere is refused, with a stored reason', async () => {
  const refused = [
    await open.send('studio/not-the-token/listen.php?event=ping'),
    await open.send('studio/listen.php?event=ping'),
    await open.send('fenced/listen.php?event=ping'),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
  await open.goTo('/sources/studio');
  const studio = page.getByRole('region', { name: 'Source studio' });
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await expect(rowOf(page, 'Deliveries', /token_missing/)).toHaveCount(1);
  await rowOf(page, 'Deliveries', /token_wrong/).click();
  await expect(studio).toContainText('GET /in/studio/***/listen.php?event=ping');
  await expect(studio).not.toContainText('not-the-token');
  await look(page, 'icfm-04-refused');
  await rowOf(page, 'Deliveries', /accepted/)
    .first()
    .click();
  await expect(studio).toContainText('Show the event');
  expect(await page.content()).not.toContain(token);

  await open.goTo('/sources/fenced');
  const fenced = page.getByRole('region', { name: 'Source fenced' });
  await expect(fenced.getByRole('status').first()).toContainText('127.0.0.1 is not among the addresses');
  await expect(fenced.getByRole('status').first()).toContainText('address_not_allowed');
  await expect(fenced.getByRole('region', { name: 'Setup' })).not.toContainText('TOKEN');
  await look(page, 'icfm-05-fenced');
});

test('what nobody took is shown as ignored and is given to a listener later', async () => {
  const post = async (status: string): Promise<string> => {
    const event = { event: 'project_status_change', project: { id: 1, status } };
    const [id = ''] = await open.accept(`studio/${token}/listen.php`, event);
    return id;
  };
  const approved = await post('Approved');
  expect(await runOf(open, approved)).toMatchObject({ state: 'completed', listener: 'approved' });
  const late = await post('Rejected');
  await open.goTo('/live?q=is:ignored payload.project.status:Rejected');
  const row = rowOf(page, 'Events', /project_status_change/);
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('ignored');
  await row.click();
  await look(page, 'icfm-06-ignored');
  await page.getByRole('button', { name: 'Run a listener…' }).click();
  await look(page, 'icfm-07-take');
  await page.getByRole('menuitem', { name: /Approved projects/ }).click();
  await expect(page.getByText('1 event sent to Approved projects')).toBeVisible();
  await look(page, 'icfm-08-taken');
  expect(await runOf(open, late)).toMatchObject({ state: 'completed', listener: 'approved' });
  expect(await open.call('events.get', { id: late })).toMatchObject({ ignored: false });
  await expect(page.getByRole('button', { name: 'Run a listener…' })).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await expect(page.getByRole('tabpanel').getByRole('link', { name: /sync/ })).toContainText('completed');

  // Several at once.
  await open.goTo('/live?q=is:ignored type:ping,asset_added');
  const shown = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await expect(shown).toHaveCount(2);
  for (const type of ['ping', 'asset_added']) {
    await shown.filter({ hasText: type }).click({ modifiers: ['ControlOrMeta'] });
  }
  await expect(page.getByText('2 selected')).toBeVisible();
  await look(page, 'icfm-09-several');
  await page.getByRole('button', { name: 'Run a listener…' }).click();
  await page.getByRole('menuitem', { name: /Approved projects/ }).click();
  await expect(page.getByText('2 events sent to Approved projects')).toBeVisible();
  await expect(rowOf(page, 'Events', /ping|asset_added/)).toHaveCount(0);
  expect(open.complaints).toEqual([]);
});
