import { expect, test } from '@playwright/test';
import { type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { walkTheSpine } from './spine.ts';
import { openWorkshop } from './workshop.ts';

let box: Signalbox;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeAll(async () => {
  workshop = openWorkshop();
  box = await startSignalbox({ dataDir: workshop.dataDir, config: workshop.config });
});

test.afterAll(async () => {
  await box.end();
  workshop.remove();
});

test('the printed address signs in, and the same way is walked as in the window', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`${box.consoleUrl}/?token=${box.token}`);
  expect(page.url()).not.toContain('token');
  await walkTheSpine({ page, post: (event) => box.accept('shop', event), release: workshop.release });
  expect(errors).toEqual([]);
});

test('asks for the token, refuses a wrong one and takes the right one', async ({ page }) => {
  await page.goto(box.consoleUrl);
  await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
  const token = page.getByLabel('Console token');
  await expect(token).toBeFocused();
  await token.fill('not-the-token');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/is not the console token/)).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
  await token.fill(box.token);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
});

test('an address with a wrong token opens nothing', async ({ page }) => {
  const response = await page.goto(`${box.consoleUrl}/?token=wrong`);
  expect(response?.status()).toBe(401);
  await page.goto(box.consoleUrl);
  await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
});
