import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Demo, goTo, signIn, startDemo } from './demo.ts';

let demo: Demo;

test.beforeAll(async () => {
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.end();
});

interface Screen {
  name: string;
  path: (ids: Demo['ids']) => string;
  /** Until it is there; for what is not part of the address, how to get to it. */
  ready: (page: Page) => Promise<void>;
  /** What of the page is new here; the rest was looked at with the screens before. */
  within?: string;
}

const seesTab = (name: string) => async (page: Page) => {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  await expect(page.getByRole('tabpanel')).not.toBeEmpty();
};
const seesList = (name: string) => (page: Page) =>
  expect(page.getByRole('listbox', { name }).getByRole('option').first()).toBeVisible();
const seesHeading = (name: string | RegExp) => (page: Page) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible();

const screens: Screen[] = [
  { name: 'live', path: () => '/live', ready: seesList('Events') },
  ...['Payload', 'Headers', 'Raw', 'Runs', 'Why', 'Lineage'].map((tab) => ({
    name: `an event, ${tab.toLowerCase()}`,
    path: (ids: Demo['ids']) => `/live/${ids.matched}`,
    ready: seesTab(tab),
    within: tab === 'Payload' ? 'main' : '#event-panel',
  })),
  {
    name: 'an ignored event, why',
    path: (ids) => `/live/${ids.ignored}`,
    ready: seesTab('Why'),
    within: '#event-panel',
  },
  {
    name: 'an edited replay',
    path: (ids) => `/live/${ids.matched}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await expect(page.getByRole('textbox', { name: 'Edited payload' })).toBeVisible();
    },
    within: 'main',
  },
  { name: 'inbox', path: () => '/inbox', ready: seesList('Inbox'), within: 'main' },
  { name: 'runs', path: () => '/runs', ready: seesList('Runs'), within: 'main' },
  { name: 'a failed run', path: (ids) => `/runs/${ids.failed}`, ready: seesHeading('import-file'), within: 'main' },
  {
    name: 'a completed run',
    path: (ids) => `/runs/${ids.completed}`,
    ready: seesHeading('import-file'),
    within: 'main',
  },
  { name: 'listeners', path: () => '/listeners', ready: seesHeading('Listeners'), within: 'main' },
  { name: 'a listener', path: () => '/listeners/large-orders', ready: seesHeading(/Orders over 500/), within: 'main' },
  { name: 'a new listener', path: () => '/listeners/new', ready: seesHeading('New listener'), within: 'main' },
  { name: 'jobs', path: () => '/jobs', ready: seesHeading('Jobs'), within: 'main' },
  { name: 'a job', path: () => '/jobs/import-file', ready: seesHeading(/Import a file/), within: 'main' },
  { name: 'a new job', path: () => '/jobs/new', ready: seesHeading('New job'), within: 'main' },
  {
    name: 'the example jobs',
    path: () => '/jobs',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Examples', exact: true }).click();
      await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
    },
    within: '[role=dialog]',
  },
  { name: 'raising an event', path: () => '/live/raise', ready: seesHeading('Raise an event'), within: 'main' },
  { name: 'scheduled events', path: () => '/live/scheduled', ready: seesHeading('Scheduled events'), within: 'main' },
  { name: 'sources', path: () => '/sources', ready: seesHeading('Sources'), within: 'main' },
  { name: 'a source', path: () => '/sources/crm', ready: seesHeading(/Customer records/), within: 'main' },
  { name: 'a new source', path: () => '/sources/new', ready: seesHeading('New source'), within: 'main' },
  { name: 'settings', path: () => '/settings', ready: seesHeading('Settings'), within: 'main' },
  {
    name: 'the command palette',
    path: () => '/live',
    ready: async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await expect(page.getByPlaceholder('Search commands or paste an ID')).toBeVisible();
    },
  },
  {
    name: 'the keyboard map',
    path: () => '/live',
    ready: async (page) => {
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

/** What axe calls serious or critical, contrast included, each with the elements it is about. */
async function violations(page: Page, rules: readonly string[] | null, within = 'html'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).include(within);
  const { violations: found } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any.map(({ message }) => message).join('; ')}`),
    );
}

// The dark screens are the same but for their colours.
const schemes = [
  { colorScheme: 'light', rules: null },
  { colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] },
] as const;

for (const { colorScheme, rules } of schemes) {
  test.describe(`no serious fault for those who see or reach it differently, ${colorScheme}`, () => {
    let page: Page;

    /** Looked at until it is at rest: what is being worked out anew is dimmed for that moment. */
    const expectNone = (name: string, within?: string) =>
      expect.poll(() => violations(page, rules, within), { message: name }).toEqual([]);

    // One page for all screens: signing in and loading for each would take longer than looking.
    test.beforeAll(async ({ browser }) => {
      // axe looks into pages of a context of their own only.
      const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      page = await context.newPage();
      await page.goto(demo.box.consoleUrl);
      await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
      await expectNone('sign-in');
      await signIn(page, demo.box);
    });
    test.afterAll(async () => {
      await page.context().close();
    });

    for (const screen of screens) {
      test(screen.name, async () => {
        await goTo(page, screen.path(demo.ids));
        await screen.ready(page);
        await expectNone(screen.name, screen.within);
        // Dialogs and editors are left before the next page.
        await page.keyboard.press('Escape');
        await goTo(page, '/settings');
      });
    }
  });
}
