import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, type Request, test } from '@playwright/test';
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
  await page.goto(box.signInUrl);
  expect(page.url()).not.toContain('code');
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

test('a hostile page neither signs in nor keeps the operator out', async ({ page, browser }) => {
  const urls = Array.from({ length: 30 }, (_, index) => `${box.consoleUrl}/?token=guess-${index}`);
  const hostile = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `${urls.map((url) => `<img src="${url}">`).join('')}<iframe src="${urls[0]}"></iframe>` +
        `<script>window.pushes = new EventSource('${box.consoleUrl}/api/push')</script>`,
    );
  });
  await new Promise<void>((done) => hostile.listen(0, '127.0.0.1', done));
  const address = hostile.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const log = (): string => readFileSync(join(box.dataDir, 'signalbox.log'), 'utf8');
  const loggedBefore = log().split('refused').length;
  const asked = new Set<string>();
  const note = (request: Request): void => {
    if (request.url().startsWith(box.consoleUrl)) asked.add(request.url());
  };
  page.on('requestfinished', note);
  page.on('requestfailed', note);
  await page.goto(`http://127.0.0.1:${port}/`);
  await expect.poll(() => asked.size).toBe(31);
  hostile.close();
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(log().split('refused')).toHaveLength(loggedBefore);
  const operator = await browser.newPage();
  await operator.goto(`${box.consoleUrl}/?token=${box.token}`);
  await expect(operator.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await operator.close();
});

test('a sign-in address that was used says so and asks for the token', async ({ page }) => {
  const { url } = await box.call('app.createSignInUrl', {});
  const used = await page.request.get(url, { maxRedirects: 0 });
  expect(used.status()).toBe(303);
  await page.context().clearCookies();
  await page.goto(url);
  await expect(page.getByRole('status').filter({ hasText: 'already used or has expired' })).toBeVisible();
  await page.getByLabel('Console token').fill(box.token);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  expect(page.url()).not.toContain('expired');
});

test('an address with a wrong token opens nothing', async ({ page }) => {
  const response = await page.goto(`${box.consoleUrl}/?token=wrong`);
  expect(response?.status()).toBe(401);
  await page.goto(box.consoleUrl);
  await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
});

test('a source whose preset is not loaded yet shows no values of another one', async ({ page }) => {
  await box.call('sources.create', { slug: 'forge', preset: 'github', verify: { secret: { env: 'FORGE_SECRET' } } });
  let release = (): void => undefined;
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route('**/api/sources.presets', async (route) => {
    await held;
    await route.continue();
  });
  const { url } = await box.call('app.createSignInUrl', {});
  await page.goto(url);
  await page.goto(`${box.consoleUrl}/#/sources/forge`);
  const pane = page.getByRole('region', { name: 'Source forge' });
  await expect(pane.getByRole('status', { name: 'Loading' })).toBeAttached();
  await expect(pane).not.toContainText('anyone who knows the address can post');
  release();
  await expect(pane).toContainText("GitHub's signature");
  await expect(pane.getByRole('status', { name: 'Loading' })).toHaveCount(0);
});
