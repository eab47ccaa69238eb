import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { type Signalbox, startSignalbox, until } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';
import { openWorkshop } from './workshop.ts';

/** How often has this failed and since when, who takes care of it, is it dealt with, leave me alone with it until Monday. */

const config = `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type, context: $.context }, rateLimit: off }
jobs:
  - { slug: import-file, kind: command, command: [node, -e, "console.error('no such table'); process.exit(3)"] }
listeners:
  - { slug: imports, source: shop, type: file.added, job: import-file }
`;

let box: Signalbox;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeAll(async () => {
  workshop = openWorkshop();
  box = await startSignalbox({ dataDir: workshop.dataDir, config });
});

test.afterAll(async () => {
  await box.end();
  workshop.remove();
});

/** Resolves when its run has failed. */
async function fail(space: string): Promise<void> {
  const [eventId] = await box.accept('shop', { type: 'file.added', context: { space } });
  await until('a failed run', async () =>
    (await box.call('runs.list', { eventId })).items.find((run) => run.state === 'failed'),
  );
}

test('a failure is looked at, noted, assigned, snoozed, resolved and reopened, and its runs retried together', async ({
  page,
}) => {
  for (const space of ['sp_1', 'sp_1', 'sp_2']) await fail(space);
  await signIn(page, box);
  await goTo(page, '/inbox');
  const inbox = page.getByRole('listbox', { name: 'Inbox' });
  await expect(inbox.getByRole('option')).toHaveCount(1);
  await inbox.getByRole('option').click();

  // How often, since when, and what it affects.
  await page.keyboard.press('h');
  const failure = page.getByRole('article', { name: 'Failure of import-file' });
  await expect(failure.getByRole('definition').first()).toHaveText('3');
  await expect(failure.getByText('sp_1')).toBeVisible();
  await expect(failure.getByRole('slider', { name: 'Failed runs over time' })).toBeVisible();
  const address = page.url();

  await failure.getByRole('textbox', { name: 'Note' }).fill('Waits for **the DBA** <img src=x onerror=alert(1)>');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(failure.locator('strong')).toHaveText('the DBA');
  await expect(failure.locator('img')).toHaveCount(0);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());

  // Who takes care of it.
  await page.keyboard.press('t');
  await page.getByRole('menuitem', { name: /Assign to me/ }).click();
  await expect(failure.getByText(/assigned it to/)).toBeVisible();

  // Leave me alone with it until Monday.
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: /Until Monday/ }).click();
  await expect(failure.getByText('Snoozed', { exact: true })).toBeVisible();
  await fail('sp_3');
  await expect(failure.getByRole('definition').first()).toHaveText('4');
  await goTo(page, '/inbox');
  await expect(page.getByText('Inbox zero')).toBeVisible();
  await page.getByRole('link', { name: '1 snoozed' }).click();
  await page.getByRole('listbox', { name: 'Failures' }).getByRole('option').click();
  await expect(failure.getByText(/^Snoozed until/)).toBeVisible();
  await page.keyboard.press('u');
  await expect(failure.getByText('Open', { exact: true })).toBeVisible();

  // Is it dealt with: resolved, taken back, resolved again, and back as a regression.
  await page.keyboard.press('e');
  await expect(failure.getByText('Resolved', { exact: true })).toBeVisible();
  expect((await box.call('runs.list', { query: 'is:unresolved' })).items).toHaveLength(0);
  // The state is pushed, and may be there before undo is offered.
  await expect(page.getByText('Failure resolved')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(failure.getByText('Open', { exact: true })).toBeVisible();
  expect((await box.call('runs.list', { query: 'is:unresolved' })).items).toHaveLength(4);
  await page.keyboard.press('e');
  await expect(failure.getByText('Resolved', { exact: true })).toBeVisible();
  await fail('sp_1');
  await expect(failure.getByText('Regression', { exact: true })).toBeVisible();
  await page.goto(address);
  await expect(failure.getByRole('definition').first()).toHaveText('5');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }

  // Many runs at once.
  await goTo(page, '/runs?q=is%3Afailed');
  const runs = page.getByRole('listbox', { name: 'Runs' });
  await expect(runs.getByRole('option')).toHaveCount(5);
  await page.keyboard.press('j');
  for (const key of ['x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
  await expect(page.getByRole('toolbar', { name: 'Selection' })).toContainText('3 selected');
  await expect(page.getByRole('toolbar', { name: 'Selection' })).toContainText('imports (3)');
  await page.keyboard.press('r');
  await expect(page.getByRole('button', { name: /^Retry 3 runs/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 runs restarted')).toBeVisible();
  await until('eight runs', async () => (await box.call('runs.list', {})).items.length === 8);
});
