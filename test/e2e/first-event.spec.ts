import { expect, test } from '@playwright/test';
import { makePlace, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

test('an empty app leads to the first run of a job in five clicks', async ({ page }) => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir });
  try {
    await signIn(page, box);
    await goTo(page, '/live');
    const steps = page.getByRole('main').getByRole('listitem');
    const done = (name: string) => steps.filter({ hasText: name }).getByLabel('Done');
    await page.getByRole('button', { name: 'Create source' }).click();
    await expect(done('Choose the sender')).toBeVisible();
    await expect(page.getByText(/^curl -X POST/)).toBeVisible();
    await page.getByRole('button', { name: 'Send test request' }).click();

    // The event is in the list, which goes on to lead to the next step.
    await expect(page.getByRole('listbox', { name: 'Events' }).getByRole('option').first()).toBeVisible();
    await page.getByRole('link', { name: 'Continue setup' }).click();
    await expect(done('Send a request')).toBeVisible();
    await page.getByRole('button', { name: 'Create job and listener' }).click();
    await expect(done('Run a job for it')).toBeVisible();
    await expect(done('See its output')).toHaveCount(0);
    await page.getByRole('button', { name: 'Send test request' }).click();
    await expect(done('See its output')).toBeVisible();
    await page.getByRole('link', { name: /^The run of/ }).click();
    await expect(page.getByRole('region', { name: 'Output' })).toContainText('order.created');
  } finally {
    await box.end();
    place.remove();
  }
});
