import { expect, type Page, test } from '@playwright/test';
import { type Demo, goTo, signIn, startDemo } from './demo.ts';

let demo: Demo;

test.beforeAll(async () => {
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.end();
});

test.beforeEach(async ({ page }) => {
  await signIn(page, demo.box);
});

const isCurrent = (page: Page, name: string) =>
  expect(
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: new RegExp(`^${name}`) }),
  ).toHaveAttribute('aria-current', 'page');

/** Presses Tab until the focus is on what is looked for; the number of presses is bounded by the page's controls. */
async function tabTo(page: Page, role: 'button' | 'link' | 'combobox' | 'textbox' | 'listbox', name: string | RegExp) {
  const wanted = page.getByRole(role, { name }).first();
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to the ${role} ${name}`);
}

test('every page has its keys', async ({ page }) => {
  const keys = {
    i: 'Inbox',
    r: 'Runs',
    t: 'Insights',
    n: 'Listeners',
    j: 'Jobs',
    o: 'Sources',
    s: 'Settings',
    l: 'Live',
  };
  for (const [key, name] of Object.entries(keys)) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await isCurrent(page, name);
  }
});

test('every page and its main action are reached with Tab alone', async ({ page }) => {
  const places = [
    { path: '/live', role: 'combobox', name: 'Filter events' },
    { path: '/live', role: 'listbox', name: 'Events' },
    { path: '/inbox', role: 'listbox', name: 'Inbox' },
    { path: '/inbox', role: 'button', name: /^(Acknowledge|Approve|Answer|Send)/ },
    { path: '/runs', role: 'listbox', name: 'Runs' },
    { path: `/runs/${demo.ids.failed}`, role: 'button', name: /^Retry/ },
    { path: `/live/${demo.ids.matched}`, role: 'button', name: 'Replay' },
    { path: '/listeners', role: 'button', name: /New listener/ },
    { path: '/jobs', role: 'button', name: /New job/ },
    { path: '/sources', role: 'button', name: /New source/ },
  ] as const;
  for (const { path, role, name } of places) {
    await goTo(page, path);
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await tabTo(page, role, name);
  }
});

test('events are walked, filtered and opened from the keyboard', async ({ page }) => {
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  const options = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await expect(options.first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('type:file:*');
  await page.keyboard.press('Enter');
  await expect(options.filter({ hasNotText: /file:/ })).toHaveCount(0);
  await expect(options.first()).toBeVisible();
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.keyboard.press('j');
  await expect(page.getByRole('tablist', { name: 'Event tabs' })).toBeVisible();
  for (const [key, name] of [
    ['2', 'Headers'],
    ['5', 'Why'],
    ['1', 'Payload'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('tab', { name: new RegExp(`^${name}`) })).toHaveAttribute('aria-selected', 'true');
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tablist', { name: 'Event tabs' })).toHaveCount(0);
});

test('the command palette goes where it is told', async ({ page }) => {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByPlaceholder('Search commands or paste an ID')).toBeFocused();
  await page.keyboard.type('new listener');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'New listener' })).toBeVisible();
});

test('single-key shortcuts can be turned off', async ({ page }) => {
  await goTo(page, '/settings');
  await page.getByRole('switch', { name: 'Single-key shortcuts' }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.keyboard.press('?');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByPlaceholder('Search commands or paste an ID')).toBeFocused();
  await page.keyboard.press('Escape');
  await isCurrent(page, 'Settings');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(page.getByRole('dialog')).toContainText('Single-key shortcuts are turned off in Settings.');
});

test('the link to a page is copied, and opens it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(page, `/runs/${demo.ids.failed}`);
  await expect(page.getByRole('heading', { name: 'import-file' })).toBeVisible();
  await page.keyboard.press('Shift+Y');
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(new RegExp(`^http.*#/runs/${demo.ids.failed}$`));
  await goTo(page, '/live');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'import-file' })).toBeVisible();
});

test('a single-key shortcut can be changed, and is shown with its new key', async ({ page }) => {
  await goTo(page, '/live');
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('?');
  const change = page.getByRole('button', { name: 'Change the key for: Next row' });
  await change.click();
  await page.keyboard.press('q');
  await expect(change).toHaveAccessibleName('Q Change the key for: Next row');
  await page.keyboard.press('Escape');
  await expect(change).toHaveCount(0);
  await page.keyboard.press('j');
  await expect(page).not.toHaveURL(/#\/live\/evt/);
  await page.keyboard.press('q');
  await expect(page).toHaveURL(/#\/live\/evt/);
});

test('the filter of Runs is in the address, survives a reload, and lights for the query', async ({ page }) => {
  const chip = (name: string) => page.getByRole('toolbar', { name: 'Filter runs' }).getByRole('button', { name });
  await goTo(page, '/runs');
  await chip('Failed').click();
  await expect(page).toHaveURL(/#\/runs\?state=failed$/);
  await page.reload();
  await expect(chip('Failed')).toHaveAttribute('aria-pressed', 'true');
  const rows = page.getByRole('listbox', { name: 'Runs' }).getByRole('option');
  await rows.first().click();
  await expect(page).toHaveURL(/#\/runs\/run_\w+\?state=failed$/);
  await chip('Failed').click();
  await expect(chip('Failed')).toHaveAttribute('aria-pressed', 'false');
  await goTo(page, '/runs?q=is%3Afailed');
  await expect(chip('Failed')).toHaveAttribute('aria-pressed', 'true');
  await chip('Failed').click();
  await expect(page).toHaveURL(/#\/runs$/);
});

test('a job counts its failed runs, and leads to them', async ({ page }) => {
  await goTo(page, '/jobs');
  const row = page.getByRole('listbox', { name: 'Jobs' }).getByRole('option', { name: /Import a file/ });
  await expect(row).toContainText(/\d/);
  await row.click();
  await page.getByRole('link', { name: /^\d+ failed$/ }).click();
  await expect(page).toHaveURL(/#\/runs\?state=failed&job=import-file$/);
});
