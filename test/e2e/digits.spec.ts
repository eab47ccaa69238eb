import { expect, test } from '@playwright/test';
import { ask } from '../process/http.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { openWorkshop } from './workshop.ts';

const long = '0.1000000000000000055511151231257827';

let desktop: Desktop;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeEach(async () => {
  workshop = openWorkshop();
  const where =
    '{ all: [{ field: payload.n, op: gt, value: 9007199254740992 }, { field: payload.name, op: eq, value: "caf\\u00e9" }] }';
  const config = `${workshop.config}  - { slug: exact, source: shop, type: push, where: ${where}, job: broken }\n`;
  desktop = await openDesktop({ ...workshop, config });
});

test.afterEach(async () => {
  await desktop?.app.close();
  workshop.remove();
});

/** As text: a test that printed the number itself would round it. */
const post = (body: string) =>
  ask(`${desktop.receiverUrl}/in/shop`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

test('digits and unseen characters come through the bridge to the window, and back in an edited replay', async () => {
  const { page } = desktop;
  await post(
    `{"type":"push ","id":"d1","n":9007199254740993,"price":12.50,"deep":[{"long":${long}}],"name":"cafe\\u0301"}`,
  );
  const row = page.getByRole('listbox', { name: 'Events' }).getByRole('option').first();
  await expect(row).toContainText('9007199254740993');
  await expect(row).toContainText('pushU+0020');
  await row.click();
  const payload = page.getByRole('textbox', { name: 'Payload' });
  await expect(payload).toContainText('9007199254740993');
  await expect(payload).toContainText('12.50');
  await expect(payload).toContainText(long);

  await page.getByRole('tab', { name: 'Why' }).click();
  const why = page.getByRole('tabpanel').filter({ hasText: 'exact' });
  await expect(why).toContainText('differs in white space: expected push, got pushU+0020');
  await expect(why).toContainText('differs in Unicode form');
  await expect(why).toContainText('payload.n is more than 9007199254740992got 9007199254740993');

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = page.getByRole('textbox', { name: 'Edited payload' });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('"edited": true, ');
  await page.getByRole('button', { name: /^Replay edited/ }).click();
  const newest = page.getByRole('listbox', { name: 'Events' }).getByRole('option').first();
  await expect(newest.getByLabel('Replay')).toBeVisible();
  await newest.click();
  await page.getByRole('tab', { name: 'Payload' }).click();
  await expect(payload).toContainText('"edited": true');
  await expect(payload).toContainText('9007199254740993');
  await expect(payload).toContainText('12.50');
  await expect(payload).toContainText(long);
});
