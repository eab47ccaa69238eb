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
  const keys = { i: 'Inbox', r: 'Runs', n: 'Listeners', j: 'Jobs', o: 'Sources', s: 'Settings', l: 'Live' };
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
