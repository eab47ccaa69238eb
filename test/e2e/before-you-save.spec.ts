import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

const place = makePlace();
let box: Signalbox;

const send = async (payload: Record<string, unknown>): Promise<void> => {
  const body = JSON.stringify({ type: 'order.paid', ...payload });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${box.receiverUrl}/in/crm`, { method: 'POST', body, headers })).status).toBe(202);
};

test.beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic' });
  await box.call('jobs.create', { slug: 'import', kind: 'command', command: ['true'] });
  await box.call('listeners.create', {
    slug: 'large-orders',
    source: 'crm',
    type: 'order.*',
    where: { field: 'payload.amount', op: 'gt', value: 25 },
    job: 'import',
  });
  for (let amount = 10; amount <= 60; amount += 10) await send({ amount, customer: { country: `C${amount}` } });
});

test.afterAll(async () => {
  await box.end();
  place.remove();
});

async function expectAccessible(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
    })
    .toEqual([]);
}

test('a value of a payload filters, and two events are compared', async ({ page }) => {
  await signIn(page, box);
  await goTo(page, '/live');
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await expect(rows).toHaveCount(6);
  await rows.first().click();
  const payload = page.getByRole('textbox', { name: 'Payload' });
  await payload.getByText('"C60"').click();
  const menu = page.getByRole('menu');
  await expect(menu).toContainText('payload.customer.country');
  await expectAccessible(page);
  await menu.getByRole('menuitem', { name: 'Filter by value' }).click();
  await expect(page).toHaveURL(/C60/);
  await expect(rows).toHaveCount(1);

  // The same by keys: the caret stands on the line after the first.
  await goTo(page, '/live');
  await expect(rows).toHaveCount(6);
  await rows.first().click();
  await payload.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await menu.getByRole('menuitem', { name: 'Exclude value' }).click();
  await expect(page).toHaveURL(/-payload/);

  await goTo(page, '/live');
  await expect(rows).toHaveCount(6);
  await rows.first().click();
  await page.keyboard.press('x');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toHaveAttribute('data-active', 'true');
  await page.keyboard.press('x');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('d');
  await expect(page.getByRole('rowheader', { name: 'payload.amount' })).toBeVisible();
  await expect(page.getByRole('row', { name: /payload\.customer\.country/ })).toContainText('C60');
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'Headers' }).click();
  await expect(page.getByRole('rowheader', { name: 'content-type' })).toBeVisible();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await expect(page.getByRole('region', { name: 'Runs of import' })).toContainText('Open run');
  await expectAccessible(page);
});

test('a draft shows what it would have matched, and shadow mode what it would run', async ({ page }) => {
  await signIn(page, box);
  await goTo(page, '/listeners/large-orders');
  const history = page.getByRole('region', { name: 'On stored events' });
  await expect(history).toContainText('6 events tested');
  const counts = history.locator('dl');
  await expect(counts).toHaveText(/Matched4Newly matched0No longer matched0/);
  const value = page.getByRole('textbox', { name: 'Value' }).first();
  await value.fill('45');
  await expect(counts).toHaveText(/Matched2Newly matched0No longer matched2/);
  const lost = history.getByRole('region', { name: 'No longer matched' });
  await expect(lost.getByRole('listitem')).toHaveCount(2);
  await value.fill('15');
  await expect(counts).toHaveText(/Matched5Newly matched1No longer matched0/);
  await expectAccessible(page);
  await history.getByRole('link', { name: /^Why/ }).first().click();
  await expect(page.getByRole('tab', { name: 'Why' })).toHaveAttribute('aria-selected', 'true');

  await goTo(page, '/listeners/large-orders');
  await value.fill('25');
  await page.getByText('Shadow', { exact: true }).click();
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByRole('tab', { name: 'Shadow' }).click();
  const matches = page.getByRole('region', { name: 'Shadow matches' });
  await expect(matches).toContainText('0 runs of import');
  await send({ amount: 100 });
  await expect(matches).toContainText('1 run of import');
  await expectAccessible(page);
  await matches.getByRole('button', { name: 'Start runs' }).click();
  await expect(page.getByText('starts runs')).toBeVisible();
  expect((await box.call('listeners.get', { slug: 'large-orders' })).mode).toBe('notify');
});

test('the schema of a type lists its fields', async ({ page }) => {
  await signIn(page, box);
  await goTo(page, '/live/schema?source=crm&type=order.paid');
  const row = page.getByRole('row', { name: /payload\.customer\.country/ });
  await expect(row).toContainText('string');
  await expectAccessible(page);
});
