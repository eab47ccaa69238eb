import { expect, type Page } from '@playwright/test';
import type { Demo } from './demo.ts';

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

/** Every page, pane and dialog of the console, over what the demo has stored. */
export const screens: Screen[] = [
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
  { name: 'failures', path: () => '/failures', ready: seesList('Failures'), within: 'main' },
  { name: 'runs', path: () => '/runs', ready: seesList('Runs'), within: 'main' },
  { name: 'a failed run', path: (ids) => `/runs/${ids.failed}`, ready: seesHeading('import-file'), within: 'main' },
  {
    name: 'a completed run',
    path: (ids) => `/runs/${ids.completed}`,
    ready: seesHeading('import-file'),
    within: 'main',
  },
  {
    name: 'insights',
    path: () => '/insights',
    ready: async (page) => {
      await expect(page.getByRole('region', { name: 'Sources' }).getByRole('listitem').first()).toBeVisible();
      await expect(page.getByRole('region', { name: 'Slowest jobs' }).getByRole('row').nth(1)).toBeVisible();
    },
    within: 'main',
  },
  ...(['sources/crm', 'listeners/large-orders', 'jobs/import-file'] as const).map((path) => ({
    name: `the activity of ${path}`,
    path: () => `/${path}`,
    ready: seesTab('Activity'),
    within: '[role=tabpanel]',
  })),
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
  { name: 'destinations', path: () => '/destinations', ready: seesHeading('Destinations'), within: 'main' },
  { name: 'alarms', path: () => '/alarms', ready: seesHeading('Alarms'), within: 'main' },
  { name: 'a new alarm', path: () => '/alarms/new', ready: seesHeading('New alarm'), within: 'main' },
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
