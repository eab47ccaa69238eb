import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { type OpenSystem, openSystem } from './systems/open-system.ts';

let open: OpenSystem;

test.beforeAll(async ({ browser }) => {
  open = await openSystem({ view: { browser } });
  await open.call('sources.create', { slug: 'crm', name: 'CRM', preset: 'generic' });
});

test.afterAll(() => open.end());

test('a delivery refused for its host offers to take such deliveries, and undoes that', async () => {
  const { page } = open;
  const deliver = () =>
    open.send('crm', {
      method: 'POST',
      headers: { host: 'abc.ngrok-free.app', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
  expect((await deliver()).status).toBe(421);
  await open.goTo('/sources/crm');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await page.getByRole('option').filter({ hasText: 'unknown_host' }).click();
  const take = page.getByRole('button', { name: 'Accept deliveries for this host' });
  await expect(take).toBeVisible();
  await expect(page.getByText('{"a":1}')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  if (process.env.SHOT !== undefined) await page.screenshot({ path: process.env.SHOT });

  await take.press('Enter');
  await expect(page.getByText('are accepted now')).toBeVisible();
  expect((await deliver()).status).toBe(202);
  expect((await open.call('settings.get', {})).acceptedHosts).toEqual(['abc.ngrok-free.app']);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(take).toBeVisible();
  expect((await deliver()).status).toBe(421);
  expect(open.complaints).toEqual([]);
});
