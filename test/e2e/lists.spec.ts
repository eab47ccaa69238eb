import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

const place = makePlace();
let box: Signalbox;

test.beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'shop', preset: 'generic' });
});

test.afterAll(async () => {
  await box.end();
  place.remove();
});

const send = async (type: string, payload: object): Promise<void> => {
  const body = JSON.stringify({ type, ...payload });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${box.receiverUrl}/in/shop`, { method: 'POST', body, headers })).status).toBe(202);
};

test('a value becomes a column, the list becomes a view, and both survive a reload', async ({ page }) => {
  for (let n = 1; n <= 3; n += 1) await send('order.paid', { amount: n * 100, customer: { name: `Customer ${n}` } });
  await send('user.added', { name: 'Ada' });
  await signIn(page, box);
  await goTo(page, '/live?q=type%3Aorder.paid');
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await expect(rows).toHaveCount(3);

  // From the value itself: one click and one choice.
  await rows.first().click();
  const showAsColumn = page.getByRole('menuitem', { name: 'Show as column' });
  const payload = page.getByRole('textbox', { name: 'Payload' });
  // Until the payload's viewer is loaded, and while it takes in the whole event, a click opens nothing.
  await expect(async () => {
    await payload.getByText('"Customer 3"').click();
    await expect(showAsColumn).toBeVisible({ timeout: 2000 });
  }).toPass();
  await showAsColumn.click();
  await page.keyboard.press('Escape');
  const columns = page.getByRole('toolbar', { name: 'Columns' });
  await expect(columns.getByRole('button', { name: 'customer.name' })).toBeVisible();
  await expect(rows.first()).toContainText('Customer 3');

  // A wider column to the left of its neighbor.
  await columns.getByRole('button', { name: 'customer.name' }).click();
  await page.getByRole('menuitem', { name: 'Move left' }).click();
  await expect(page).toHaveURL(/cols=.*customer\.name%2Cabout|cols=.*customer.name.*about/);

  // V, a name, Enter: 3 keys beside the name.
  await page.keyboard.press('v');
  await page.getByRole('textbox', { name: 'Name' }).fill('Paid orders');
  await page.keyboard.press('Enter');
  const views = page.getByRole('list', { name: 'Views of Live' });
  const entry = views.getByRole('link', { name: /Paid orders/ });
  await expect(entry).toHaveAttribute('aria-current', 'true');
  await expect(entry).toContainText('3');
  expect((await box.call('views.list', {})).items).toMatchObject([
    {
      name: 'Paid orders',
      query: 'type:order.paid',
      columns: expect.arrayContaining([{ field: 'payload.customer.name' }]),
    },
  ]);

  // Elsewhere and back: two keys.
  await page.goto('about:blank');
  await signIn(page, box);
  await expect(entry).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/view=view_/);
  await expect(columns.getByRole('button', { name: 'customer.name' })).toBeVisible();
  await expect(rows).toHaveCount(3);

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  // Sorted by a value of its payload, then grouped by one, from the heads of the columns.
  await columns.getByRole('button', { name: 'customer.name' }).click();
  await page.getByRole('menuitem', { name: 'Sort ascending' }).click();
  await expect(rows.first()).toContainText('Customer 1');
  await expect(page.getByText('of all 3 matching events')).toBeVisible();
  await columns.getByRole('button', { name: 'customer.name' }).click();
  await page.getByRole('menuitem', { name: 'Group by customer.name' }).click();
  const group = page.getByRole('listbox', { name: 'Groups' }).getByRole('option', { name: /Customer 2/ });
  await group.click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/Customer\+2|Customer%202/);
  await page.goBack();
  await page.getByRole('button', { name: 'Newest first' }).click();
  await expect(rows).toHaveCount(3);

  // Shift D, Enter: a file of what is matched, with the columns on show.
  await page.keyboard.press('Shift+D');
  await page.getByRole('radio', { name: /CSV/ }).check();
  const downloaded = page.waitForEvent('download');
  await page.keyboard.press('ControlOrMeta+Enter');
  const lines = readFileSync(await (await downloaded).path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(lines[0]).toContain('payload.customer.name');
  expect(lines.slice(1).map((line) => /Customer \d/.exec(line)?.[0])).toEqual([
    'Customer 3',
    'Customer 2',
    'Customer 1',
  ]);

  // Deleted from the palette, and back again with mod+Z.
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByPlaceholder('Search commands or paste an ID').fill('delete view');
  await page.keyboard.press('Enter');
  await expect(entry).toHaveCount(0);
  await expect(page.getByText('View “Paid orders” deleted')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(entry).toHaveAttribute('aria-current', 'true');
  await expect(columns.getByRole('button', { name: 'customer.name' })).toBeVisible();
});
