import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Signalbox, startSignalbox, until } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';
import { openWorkshop } from './workshop.ts';

/** Keys and windows that must never decide, send or drop something that nobody meant. */

const config = `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: deploy, kind: command, command: [node, deploy.mjs], approval: required }
  - { slug: asker, kind: script, file: ask.mjs }
  - { slug: broken, kind: command, command: [node, -e, "console.error('no such table'); process.exit(3)"] }
listeners:
  - { slug: deploys, source: shop, type: release, job: deploy }
  - { slug: asks, source: shop, type: question, job: asker }
  - { slug: breaks, source: shop, type: order.broken, job: broken }
`;

let box: Signalbox;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeAll(async () => {
  workshop = openWorkshop();
  writeFileSync(join(workshop.dir, 'deploy.mjs'), "console.log('deployed');\n");
  writeFileSync(
    join(workshop.dir, 'ask.mjs'),
    `export default (event, run) => run.ask({ message: 'Go on?', fields: [
      { name: 'reason', type: 'text', label: 'Reason' },
      { name: 'sure', type: 'boolean', label: 'Sure' },
      { name: 'pin', type: 'secret', label: 'PIN' },
    ] });\n`,
  );
  box = await startSignalbox({ dataDir: workshop.dataDir, config });
});

test.afterAll(async () => {
  await box.end();
  workshop.remove();
});

test.beforeEach(async ({ page }) => {
  await signIn(page, box);
});

const runOf = (eventId: string, state: 'pending' | 'failed' | 'completed') =>
  until(`a ${state} run`, async () =>
    (await box.call('runs.list', { eventId })).items.find((run) => run.state === state),
  );

const isUnfocused = (page: Page) => page.evaluate(() => document.activeElement === document.body);

async function send(event: Record<string, unknown>): Promise<string> {
  const [id = ''] = await box.accept('shop', event);
  return id;
}

test('a key for an ended run never approves the one above it, however often it is pressed', async ({ page }) => {
  const release = await send({ type: 'release' });
  const pending = await runOf(release, 'pending');
  await runOf(await send({ type: 'order.broken' }), 'failed');
  await goTo(page, '/inbox');
  const inbox = page.getByRole('listbox', { name: 'Inbox' });
  await expect(inbox.getByRole('option')).toHaveCount(2);
  await inbox.getByRole('option', { name: /broken/ }).click();
  await expect(page.getByRole('article', { name: 'Run of broken' })).toBeVisible();

  await page.keyboard.press('a');
  await expect(inbox.getByRole('option')).toHaveCount(1);
  await expect(page.getByText('1 run is waiting for a decision')).toBeVisible();
  for (const key of ['a', 'a', 'Shift+A', 'r', 'ControlOrMeta+Enter']) await page.keyboard.press(key);
  await page.keyboard.press('u');
  await expect(inbox.getByRole('option')).toHaveCount(2);
  expect(await box.call('runs.get', { id: pending.id })).toMatchObject({ state: 'pending' });

  // Chosen, and then by its own chord alone.
  await inbox.getByRole('option', { name: /deploy/ }).click();
  const approval = page.getByRole('article', { name: 'Run of deploy' });
  await expect(approval.getByRole('region', { name: 'What will run' })).toBeVisible();
  await page.keyboard.press('a');
  expect(await box.call('runs.get', { id: pending.id })).toMatchObject({ state: 'pending' });
  await page.keyboard.press('ControlOrMeta+Enter');
  await runOf(release, 'completed');
  await expect(inbox.getByRole('option')).toHaveCount(1);
});

test('a key held down decides nothing', async ({ page }) => {
  const ids = [await send({ type: 'release', n: 1 }), await send({ type: 'release', n: 2 })];
  for (const id of ids) await runOf(id, 'pending');
  await goTo(page, '/inbox');
  const inbox = page.getByRole('listbox', { name: 'Inbox' });
  await inbox
    .getByRole('option', { name: /deploy/ })
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'What will run' })).toBeVisible();
  // The first press is swallowed by a field; what repeats reaches the page.
  await page.evaluate(() => {
    const target = document.activeElement ?? document.body;
    for (let presses = 0; presses < 5; presses += 1) {
      const init = { key: 'Enter', ctrlKey: true, metaKey: true, repeat: true, bubbles: true, cancelable: true };
      target.dispatchEvent(new KeyboardEvent('keydown', init));
    }
  });
  await page.keyboard.down('j');
  await page.keyboard.up('j');
  for (const id of ids) {
    expect((await box.call('runs.list', { eventId: id })).items).toMatchObject([{ state: 'pending' }]);
  }
});

test('an approval that changes while it is open says so, and waits until that was reviewed', async ({ page }) => {
  const { configFile } = box;
  const state = async (id: string) => (await box.call('runs.get', { id })).state;
  const pending = await runOf(await send({ type: 'release', n: 3 }), 'pending');
  await goTo(page, `/runs/${pending.id}`);
  const approve = page.getByRole('button', { name: /^Approve/ });
  await expect(approve).toBeEnabled();
  const change = page.getByRole('alert', { name: 'Changed while open' });
  await expect(change).toHaveCount(0);
  try {
    writeFileSync(configFile, config.replace('command: [node, deploy.mjs]', 'command: [node, deploy.mjs, --evil]'));
    await expect(change).toContainText('This run changed while you were looking at it');
    await expect(change.getByRole('row', { name: /^command/ })).toContainText('--evil');
    await expect(approve).toBeDisabled();
    const done = change.getByRole('button', { name: 'Review done' });
    await expect(done).toBeEnabled();
    await page.keyboard.press('ControlOrMeta+Enter');
    // Neither the chord nor a held key is the deliberate act.
    await done.focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await done.evaluate((button) => {
      const init = { key: 'Enter', repeat: true, bubbles: true, cancelable: true };
      if (button.dispatchEvent(new KeyboardEvent('keydown', init))) throw new Error('a held key would confirm');
    });
    await expect(change).toBeVisible();
    expect(await state(pending.id)).toBe('pending');

    await done.press('Enter');
    await expect(change).toHaveCount(0);
    await expect(approve).toBeEnabled();
    await expect(page.getByRole('list', { name: 'Command and arguments' })).toContainText('--evil');

    // A file behind it changes: shown without a press of a key. What it imports counts like the file itself.
    for (const [name, text] of [
      ['deploy.mjs', "import './step.mjs';\nconsole.log('deployed again');\n"],
      ['step.mjs', "console.log('a step');\n"],
    ] as const) {
      writeFileSync(join(workshop.dir, name), text);
      await expect(change.getByRole('row', { name: new RegExp(name.replace('.', '\\.')) }).first()).toBeVisible();
      await expect(approve).toBeDisabled();
      expect(await state(pending.id)).toBe('pending');
      await done.click();
      await expect(change).toHaveCount(0);
    }

    // Approved before the page has looked again: refused, and says what differs.
    writeFileSync(join(workshop.dir, 'step.mjs'), "console.log('another step');\n");
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(change.getByRole('row', { name: /step\.mjs/ }).first()).toBeVisible();
    await expect(approve).toBeDisabled();
    expect(await state(pending.id)).toBe('pending');
    await done.click();
    await expect(change).toHaveCount(0);
    await page.keyboard.press('ControlOrMeta+Enter');
    await until('it ran', async () => (await state(pending.id)) === 'completed');
  } finally {
    writeFileSync(configFile, config);
  }
});

test('while a payload is edited one button sends it, and Escape asks before the edit is dropped', async ({ page }) => {
  const id = await send({ type: 'visit', id: 'edit-me', amount: 1 });
  const replays = async () => (await box.call('events.get', { id })).lineage.replays.length;
  await goTo(page, `/live/${id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Replay', exact: true })).toHaveCount(0);
  const editor = page.getByRole('textbox', { name: 'Edited payload' });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"type": "visit", "id": "edit-me", "amount": 77}');

  // A menu takes its Escape for itself.
  await page.getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(editor).toContainText('77');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);

  await editor.focus();
  await page.keyboard.press('Escape');
  const question = page.getByRole('alertdialog', { name: 'Discard your changes?' });
  await expect(question.getByRole('button', { name: /^Keep editing/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(editor).toContainText('77');

  // Looking at another event costs nothing.
  await goTo(page, '/live');
  await expect(editor).toHaveCount(0);
  await goTo(page, `/live/${id}`);
  await expect(editor).toContainText('77');
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.keyboard.press('r');
  expect(await replays()).toBe(0);
  await page.getByRole('button', { name: /^Replay edited/ }).click();
  await expect(page.getByRole('link', { name: 'Open event' })).toBeVisible();
  const [replay] = (await box.call('events.get', { id })).lineage.replays;
  expect((await box.call('events.get', { id: replay?.id ?? '' })).payload).toMatchObject({ amount: 77 });
  await expect(page.getByRole('button', { name: 'Replay', exact: true })).toBeVisible();
});

const blur = (page: Page) =>
  page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });

test('while a payload is edited no other key and no other button replays anything', async ({ page }) => {
  const id = await send({ type: 'edit.alone', id: 'edit-alone', amount: 1 });
  const replays = async () => (await box.call('events.list', { query: 'is:replay type:edit.alone' })).items.length;
  await goTo(page, `/live?q=type%3Aedit.alone`);
  await page
    .getByRole('listbox', { name: 'Events' })
    .getByRole('option', { name: /edit\.alone/ })
    .click();
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeEnabled();
  await page.keyboard.press('x');
  await expect(page.getByRole('button', { name: 'Replay selected' })).toBeVisible();
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: 'Edited payload' });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"type": "edit.alone", "id": "edit-alone", "amount": 78}');
  await expect(page.getByRole('button', { name: /^Replay/ })).toHaveText([/^Replay edited/]);
  await page.getByRole('button', { name: 'View and bulk actions' }).click();
  await expect(page.getByRole('menuitem', { name: /^Replay all matching/ })).toBeDisabled();
  await page.keyboard.press('Escape');
  await blur(page);
  await page.keyboard.press('r');
  await page.keyboard.press('e');
  await expect(editor).toContainText('78');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByText('Replayed with the edited payload')).toBeVisible();
  expect(await replays()).toBe(1);
  expect((await box.call('events.get', { id })).lineage.replays).toHaveLength(1);
  await expect(page.getByRole('button', { name: 'Replay selected' })).toBeVisible();
});

test('a key acts on what the bar that names it shows: the selection, also with an event open', async ({ page }) => {
  for (let n = 0; n < 3; n += 1) await send({ type: 'pick.many', id: `pick-${n}`, n });
  await goTo(page, '/live?q=type%3Apick.many%20-is%3Areplay');
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option', { name: /pick\.many/ });
  await expect(rows).toHaveCount(3);
  await rows.first().click();
  const replayOpen = page.getByRole('button', { name: 'Replay', exact: true });
  await expect(replayOpen).toHaveAttribute('title', /\(R\)/);
  for (const key of ['x', 'j', 'x', 'j']) await page.keyboard.press(key);
  await expect(page.getByText('2 selected')).toBeVisible();
  await expect(replayOpen).toHaveAttribute('title', /^[^(]*$/);
  await page.keyboard.press('r');
  await expect(page.getByText('Replayed 2 events')).toBeVisible();
  const replayed = (await box.call('events.list', { query: 'type:pick.many is:replay' })).items;
  expect(replayed.map(({ payload }) => payload)).toEqual(
    expect.arrayContaining([expect.objectContaining({ n: 1 }), expect.objectContaining({ n: 2 })]),
  );
  expect(replayed).toHaveLength(2);
});

test('an approval opens when it is selected, and not because it is there or arrives', async ({ page }) => {
  // Whatever other tests left waiting is out of the way.
  const left = (await box.call('runs.list', { inbox: true, limit: 200 })).items;
  const pending = left.filter(({ state }) => state === 'pending').map(({ id }) => id);
  const ended = left.filter(({ needsAcknowledgement }) => needsAcknowledgement).map(({ id }) => id);
  if (pending.length > 0) await box.call('runs.reject', { ids: pending });
  if (ended.length > 0) await box.call('runs.acknowledge', { ids: ended });
  const all = await box.call('runs.list', { inbox: true, limit: 200 });
  if (all.items.length > 0) await box.call('runs.acknowledge', { ids: all.items.map(({ id }) => id) });
  await goTo(page, '/inbox');
  await expect(page.getByText('Inbox zero')).toBeVisible();

  const first = await runOf(await send({ type: 'release', n: 4 }), 'pending');
  await expect(page.getByText('1 run is waiting for a decision')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Enter');

  // Opened anew, with a run that failed below the approval: the cursor is on the run.
  await runOf(await send({ type: 'order.broken', n: 5 }), 'failed');
  await goTo(page, '/live');
  await goTo(page, '/inbox');
  await expect(page.getByRole('article', { name: 'Run of broken' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Run of deploy' })).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Enter');
  expect(await box.call('runs.get', { id: first.id })).toMatchObject({ state: 'pending' });
  await box.call('runs.reject', { ids: [first.id] });
});

test('what was typed as an answer is there again, but for a secret, which asks before it is left', async ({ page }) => {
  const event = await send({ type: 'question' });
  const run = await until('a question', async () =>
    (await box.call('runs.list', { eventId: event })).items.find(({ question }) => question !== null),
  );
  await runOf(await send({ type: 'order.broken', n: 6 }), 'failed');
  await goTo(page, '/inbox');
  const inbox = page.getByRole('listbox', { name: 'Inbox' });
  const asking = inbox.getByRole('option', { name: /asker/ });
  await asking.click();
  const form = page.getByRole('form', { name: 'Question from the job' });
  const reason = form.getByRole('textbox', { name: 'Reason' });
  await reason.fill('because');
  await form.getByRole('switch', { name: 'Sure' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(form).toHaveCount(0);
  await inbox
    .getByRole('option', { name: /broken/ })
    .first()
    .click();
  await asking.click();
  await page.keyboard.press('o');
  await expect(reason).toHaveValue('because');
  await goTo(page, `/runs/${run.id}`);
  await expect(reason).toHaveValue('because');
  await expect(form.getByRole('switch', { name: 'Sure' })).toBeChecked();
  await goTo(page, '/inbox');
  await asking.click();
  await expect(reason).toHaveValue('because');

  const pin = form.getByLabel('PIN');
  await pin.fill('1234');
  const question = form.getByRole('alertdialog', { name: 'Discard the secret you typed?' });
  for (const away of [
    () =>
      inbox
        .getByRole('option', { name: /broken/ })
        .first()
        .click(),
    () => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click(),
    async () => {
      await form.getByRole('switch', { name: 'Sure' }).focus();
      await page.keyboard.press('Escape');
    },
  ]) {
    await away();
    await expect(question.getByRole('button', { name: /^Keep editing/ })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(question).toHaveCount(0);
    await expect(pin).toHaveValue('1234');
  }
  await inbox
    .getByRole('option', { name: /broken/ })
    .first()
    .click();
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('article', { name: 'Run of broken' })).toBeVisible();
  await asking.click();
  await expect(pin).toHaveValue('');
  await expect(reason).toHaveValue('because');
  await box.call('runs.cancel', { id: run.id });
});

test('blanks are no filter', async ({ page }) => {
  await send({ type: 'blank.one' });
  await goTo(page, '/live?q=%20%20');
  await page.getByRole('button', { name: 'View and bulk actions' }).click();
  await page.getByRole('menuitem', { name: /^Replay all matching events/ }).click();
  const bar = page.getByRole('form', { name: 'Replay events' });
  await expect(bar).toContainText('every stored event');
  await expect(bar.getByRole('button', { name: /^Replay [\d,]+ events?$/ })).toBeDisabled();
  await bar.getByRole('button', { name: 'Cancel' }).click();
});

test('a replay of many says what it will do, keeps its filter, and asks when it has none', async ({ page }) => {
  for (let n = 0; n < 3; n += 1) await send({ type: 'bulk.one', n });
  await runOf(await send({ type: 'order.broken' }), 'failed');
  await goTo(page, '/live?q=type%3Abulk.one');
  await page.getByRole('button', { name: 'View and bulk actions' }).click();
  await page.getByRole('menuitem', { name: /^Replay all matching events/ }).click();
  const bar = page.getByRole('form', { name: 'Replay events' });
  await expect(bar).toContainText('type:bulk.one');
  await expect(bar.getByRole('button', { name: 'Replay 3 events' })).toBeEnabled();
  await expect(bar).toContainText('no listener matches');

  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page.getByRole('combobox', { name: 'Filter events' })).toHaveValue('');
  await expect(bar).toContainText('type:bulk.one');
  await bar.getByRole('button', { name: 'Use the list’s filter' }).click();
  await expect(bar).toContainText('every stored event');
  await expect(bar.getByRole('button', { name: /^Replay [\d,]+ events$/ })).toBeDisabled();
  await bar.getByRole('checkbox', { name: 'Replay without a filter' }).check();
  await expect(bar.getByRole('button', { name: /^Replay [\d,]+ events$/ })).toBeEnabled();
  await bar.getByRole('checkbox', { name: 'Only listeners whose run failed' }).check();
  await expect(bar).toContainText('breaks');
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect(bar).toHaveCount(0);
});

test('what is typed after N goes into the new pane, and fires no shortcut', async ({ page }) => {
  for (const [path, name] of [
    ['/listeners', 'Name'],
    ['/jobs', 'Name'],
  ] as const) {
    await goTo(page, path);
    await expect(page.getByRole('button', { name: /^New / })).toBeVisible();
    await page.keyboard.press('n');
    const field = page.getByRole('textbox', { name, exact: true });
    await expect(field).toBeFocused();
    await page.keyboard.type('git jobs');
    await expect(field).toHaveValue('git jobs');
  }
  await goTo(page, '/sources');
  await expect(page.getByRole('button', { name: 'New source' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Find a preset' })).toBeFocused();
  await page.keyboard.type('github');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^New source: GitHub/ })).toBeVisible();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await expect(name).toBeFocused();
  expect(await isUnfocused(page)).toBe(false);
});

test.describe('in a window 900 wide', () => {
  test.use({ viewport: { width: 900, height: 700 } });

  test('every pane keeps its Close button in view', async ({ page }) => {
    const event = await send({ type: 'order.broken', note: 'n'.repeat(300) });
    const run = await runOf(event, 'failed');
    for (const path of [
      '/inbox',
      `/live/${event}`,
      `/runs/${run.id}`,
      '/sources/shop',
      '/jobs/broken',
      '/listeners/breaks',
      '/sources/new',
      '/live/raise',
    ]) {
      await goTo(page, path);
      const close = page.getByRole('main').getByRole('button', { name: /^Close/ });
      // A pane draws itself again while it loads, so the button is asked until it answers.
      await expect(async () => {
        const box = await close.first().boundingBox();
        expect(box, path).not.toBeNull();
        expect((box?.x ?? 0) + (box?.width ?? 0), path).toBeLessThanOrEqual(900);
      }).toPass({ timeout: 90_000 });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(await overflow(), path).toBeLessThanOrEqual(0);
      await close.first().click();
      await expect(page.getByRole('main').getByRole('button', { name: /^Close/ }), path).toHaveCount(0);
    }
  });
});
