import { expect, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';

test('the stream shows where nothing could be received', async ({ page }) => {
  const place = makePlace();
  let box: Signalbox = await startSignalbox({ dataDir: place.dataDir });
  try {
    await box.call('sources.create', { slug: 'crm', preset: 'generic' });
    await box.accept('crm', { n: 'before' });
    await box.end();
    box = await startSignalbox({ dataDir: place.dataDir });
    await box.accept('crm', { n: 'first after' });
    await box.accept('crm', { n: 'second after' });
    await page.goto(`${box.consoleUrl}/?token=${box.token}`);
    const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
    await expect(rows).toHaveCount(3);
    const marks = page.getByRole('img', { name: /No events could be received/ });
    await expect(marks).toHaveCount(1);
    await expect(marks).toHaveAttribute('title', /off from .+ to .+: stopped/);
    await expect(rows.filter({ has: marks })).toContainText('first after');
  } finally {
    await box.end();
    place.remove();
  }
});
