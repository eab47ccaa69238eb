import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makePlace, type Place, type Signalbox, startSignalbox, until } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

/** Set to look at the page: a folder for pictures of it. */
const pictures = process.env.SIGNALBOX_PICTURES;

let place: Place;
let box: Signalbox;
let server: Server;
let answers = 0;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      answers += 1;
      response.writeHead(request.url === '/broken' ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ accepted: answers }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  place = makePlace();
  box = await startSignalbox({
    dataDir: place.dataDir,
    config: `version: 1
sources:
  - { slug: shop, preset: generic }
jobs:
  - { slug: erp, name: Orders to the ERP, kind: http, url: "http://127.0.0.1:${port}/events", allowPrivate: true }
  - { slug: broken, kind: http, url: "http://127.0.0.1:${port}/broken", allowPrivate: true, retries: none }
listeners:
  - { slug: to-erp, source: shop, type: order, job: erp }
  - { slug: to-broken, source: shop, type: order, job: broken }
`,
  });
  for (const n of [1, 2, 3]) await box.accept('shop', { type: 'order', n });
  await until('all is sent', async () => {
    const { items } = await box.call('runs.list', { state: ['queued', 'running', 'scheduled'] });
    return items.length === 0;
  });
});

test.afterAll(async () => {
  await box.end();
  server.closeAllConnections();
  server.close();
  place.remove();
});

async function expectNoViolations(page: Page): Promise<void> {
  await expect
    .poll(async () => (await new AxeBuilder({ page }).include('main').analyze()).violations.map(({ id }) => id))
    .toEqual([]);
}

async function look(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const width of [900, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('destinations are seen, paused, tested and recovered, and their answers compared', async ({ browser }) => {
  const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await signIn(page, box);
  await goTo(page, '/destinations');
  const rows = page.getByRole('listbox', { name: 'Destinations' }).getByRole('option');
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'Orders to the ERP' })).toContainText('200');
  await expect(rows.filter({ hasText: 'broken' })).toContainText('503');
  await expectNoViolations(page);
  await look(page, 'list-light');

  await rows.filter({ hasText: 'Orders to the ERP' }).dblclick();
  const pane = page.getByRole('region', { name: 'Destination erp' });
  await pane.getByRole('button', { name: 'Pause' }).click();
  await expect(pane.getByText('Active, paused')).toBeVisible();
  await box.accept('shop', { type: 'order', n: 4 });
  await expect(pane.getByText('1 waiting, 0 sending, 0 scheduled')).toBeVisible();
  await pane.getByRole('button', { name: 'Resume' }).click();
  await expect(pane.getByText('0 waiting, 0 sending, 0 scheduled')).toBeVisible();

  await pane.getByRole('button', { name: 'Send a test' }).click();
  await expect(pane.getByRole('link', { name: 'test run' })).toBeVisible();
  const answer = pane.getByRole('region', { name: 'Answer' });
  await expect(answer.getByText('First byte')).toBeVisible();
  await expect(answer.getByText('content-type')).toBeVisible();
  await answer.getByRole('button', { name: 'Compare with previous answer' }).click();
  await expect(answer.getByRole('textbox', { name: 'Answer, before and now' })).toBeVisible();
  await expectNoViolations(page);
  await look(page, 'pane-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoViolations(page);
  await look(page, 'pane-dark');

  await goTo(page, '/destinations/broken');
  const broken = page.getByRole('region', { name: 'Destination broken' });
  await broken.getByRole('combobox', { name: 'Send failed events again' }).click();
  await page.getByRole('option', { name: 'Last hour' }).click();
  await broken.getByRole('button', { name: 'Recover' }).click();
  await expect(broken.getByText('Sending 4 runs again.')).toBeVisible();
  await look(page, 'broken-dark');
  await goTo(page, '/destinations');
  await look(page, 'list-dark');
  await context.close();
});
