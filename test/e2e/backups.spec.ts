import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';

test('a store that is damaged is told, restored from a backup, and the one before can be brought back', async ({
  page,
}) => {
  const place = makePlace();
  let box: Signalbox = await startSignalbox({ dataDir: place.dataDir });
  try {
    await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
    for (let n = 0; n < 40; n++) await box.accept('crm', { n, text: 'x'.repeat(3000) });
    await page.goto(`${box.consoleUrl}/?token=${box.token}`);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Back up now' }).click();
    const backups = page.getByRole('list', { name: 'Backups' });
    await expect(backups.getByRole('listitem')).toHaveCount(1);
    await expect(backups).toContainText(/verified.*40 events/);
    await box.end();

    const handle = openSync(join(place.dataDir, 'signalbox.db'), 'r+');
    writeSync(handle, Buffer.alloc(8192, 90), 0, 8192, 8192 * 12);
    closeSync(handle);
    box = await startSignalbox({ dataDir: place.dataDir });
    await page.goto(`${box.consoleUrl}/?token=${box.token}`);
    await page.getByRole('button', { name: '1 alert' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /^Restore signalbox-/ }).click();
    await expect(page.getByRole('contentinfo')).toContainText('Accepting');
    await expect(page.getByRole('contentinfo')).toContainText('40 events, internal included ·');
    const aside = page.getByRole('list', { name: 'Quarantined stores' });
    await expect(aside.getByRole('listitem')).toHaveCount(2);

    await box.accept('crm', { n: 'later' });
    await page.getByRole('button', { name: /^Restore the backup/ }).click();
    await expect(page.getByText('The current store is moved to quarantine')).toBeVisible();
    await page.getByRole('button', { name: 'Restore it' }).click();
    await expect(aside.getByRole('listitem')).toHaveCount(3);
    // The newest is what the restore has just replaced: 41 events.
    await aside
      .getByRole('button', { name: /^Bring back/ })
      .first()
      .click();
    await aside.getByRole('button', { name: 'Bring it back' }).click();
    await expect(aside.getByRole('listitem')).toHaveCount(4);
    await expect(page.getByRole('contentinfo')).toContainText('41 events, internal included ·');
    await expect(page.getByRole('list', { name: 'Outages' })).toContainText('stopped');
  } finally {
    await box.end();
    place.remove();
  }
});
