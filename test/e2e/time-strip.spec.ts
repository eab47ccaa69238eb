import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

const place = makePlace();
let box: Signalbox;

test.beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic' });
});

test.afterAll(async () => {
  await box.end();
  place.remove();
});

const send = async (type: string): Promise<void> => {
  const body = JSON.stringify({ type });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${box.receiverUrl}/in/crm`, { method: 'POST', body, headers })).status).toBe(202);
};

test('the chart counts what the list shows, narrows it to a time, and is left by Back', async ({ page }) => {
  for (let n = 0; n < 3; n += 1) await send('note.added');
  await signIn(page, box);
  await goTo(page, '/live');
  const strip = page.getByRole('region', { name: 'Events over time' });
  await expect(strip).toContainText('3 events');

  // What comes is counted, and what is refused is told apart.
  await send('user.added');
  await fetch(`${box.receiverUrl}/in/crm`, {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  await expect(strip).toContainText('4 events');
  await expect(strip).toContainText('1 refused');

  // By keys: the newest bar with something in it, then the time of that bar alone.
  const bars = strip.getByRole('slider');
  await bars.focus();
  await page.keyboard.press('Home');
  await expect(bars).toHaveAttribute('aria-valuetext', / · [1-4] events? ·/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/after%3A\d.*before%3A\d/);
  await expect(page.getByRole('option')).not.toHaveCount(0);
  await expect(strip).toContainText(/[1-4] events?/);
  await page.goBack();
  await expect(page).not.toHaveURL(/after/);

  // By pointer: a range drawn over half of the chart.
  const box2 = await bars.boundingBox();
  if (box2 === null) throw new Error('the chart has no size');
  // Beside the first bar is room for its label.
  await page.mouse.move(box2.x + 40, box2.y + 20);
  await page.mouse.down();
  await page.mouse.move(box2.x + box2.width / 2, box2.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/after%3A\d.*before%3A\d/);

  // By menu.
  await strip.getByRole('button', { name: /–/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Last 15 minutes' }).click();
  await expect(page).toHaveURL(/after%3A15m/);
  await expect(strip).toContainText('4 events');
  await strip.getByRole('button', { name: 'Last 15 minutes' }).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
