import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Demo, goTo, signIn, startDemo } from './demo.ts';

// The pictures of the README: SIGNALBOX_SCREENSHOTS=1 npx playwright test screenshots
test.skip(process.env.SIGNALBOX_SCREENSHOTS !== '1', 'pictures are taken on demand');

const folder = join(import.meta.dirname, '../../docs/screenshots');

const row = (page: Page, list: string) => page.getByRole('listbox', { name: list }).getByRole('option');

const pictures: { name: string; show: (page: Page, demo: Demo) => Promise<void> }[] = [
  {
    name: 'live',
    async show(page) {
      await goTo(page, '/live');
      await expect(row(page, 'Events').nth(20)).toBeVisible();
    },
  },
  {
    name: 'live-why',
    async show(page, { box }) {
      const { items } = await box.call('events.list', { query: 'source:shop type:order.* is:ignored', limit: 1 });
      await goTo(page, `/live/${items[0]?.id ?? ''}`);
      await page.getByRole('tab', { name: /^Why/ }).click();
      await expect(page.getByRole('tabpanel')).toContainText('Orders over 500');
    },
  },
  {
    name: 'inbox',
    async show(page) {
      await goTo(page, '/inbox');
      await expect(row(page, 'Inbox').first()).toBeVisible();
      await row(page, 'Inbox').filter({ hasText: 'Enter the code' }).first().click();
      await expect(page.getByRole('article', { name: /^Run of/ })).toContainText('Cancel the run');
    },
  },
  {
    name: 'failures',
    async show(page) {
      await goTo(page, '/failures');
      await row(page, 'Failures').first().click();
      await expect(page.getByRole('heading', { name: 'Affected context' })).toBeVisible();
    },
  },
  {
    name: 'insights',
    async show(page) {
      await goTo(page, '/insights');
      await expect(page.getByRole('region', { name: 'Slowest jobs' }).getByRole('link').first()).toBeVisible();
    },
  },
  {
    name: 'runs',
    async show(page, { ids }) {
      await goTo(page, `/runs/${ids.completed}`);
      await expect(page.getByRole('region', { name: 'Output' })).toContainText('Importing');
    },
  },
  {
    name: 'listener',
    async show(page) {
      await goTo(page, '/listeners/large-orders');
      await expect(page.getByRole('heading', { name: /Orders over 500/ })).toBeVisible();
    },
  },
  {
    name: 'sources',
    async show(page) {
      await goTo(page, '/sources/crm');
      await expect(page.getByRole('heading', { name: /Customer records/ })).toBeVisible();
    },
  },
];

for (const colorScheme of ['dark', 'light'] as const) {
  test(`pictures of the screens, ${colorScheme}`, async ({ page }) => {
    mkdirSync(folder, { recursive: true });
    const demo = await startDemo();
    try {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await signIn(page, demo.box);
      for (const { name, show } of pictures) {
        await show(page, demo);
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), animations: 'disabled' });
      }
    } finally {
      await demo.end();
    }
  });
}
