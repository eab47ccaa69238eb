import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

const place = makePlace();
let box: Signalbox;

test.beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'media', preset: 'generic', parseFields: ['payload'] });
});

test.afterAll(async () => {
  await box.end();
  place.remove();
});

/** A form of Plex with bare line feeds, a field in windows-1252 and a file. */
const form = Buffer.from(
  [
    '--X\nContent-Disposition: form-data; name="payload"\n\n{"event":"media.play","time":"x"}\n',
    '--X\nContent-Disposition: form-data; name="title"\n\nTür\n',
    '--X\nContent-Disposition: form-data; name="thumb"; filename="../thumb.jpg"\nContent-Type: image/jpeg\n\nJPEG\n--X--\n',
  ].join(''),
  'latin1',
);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an event says how it was read, and its files can be had, ${colorScheme}`, async ({ browser }, info) => {
    const viewport = { width: 900, height: 800 };
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce', viewport });
    const page = await context.newPage();
    const sent = await fetch(`${box.receiverUrl}/in/media`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=X' },
      body: new Uint8Array(form),
    });
    expect(sent.status).toBe(202);
    const { items } = await box.call('events.list', { limit: 1 });
    await signIn(page, box);
    await goTo(page, `/live/${items[0]?.id}`);
    const notes = page.getByRole('region', { name: 'Parsing notes' });
    await expect(notes).toContainText('bare line feeds');
    await expect(notes).toContainText('windows-1252');
    await page.getByRole('tab', { name: /^Payload/ }).click();
    await expect(page.getByRole('tabpanel')).toContainText('media.play');
    await expect(page.getByRole('tabpanel')).toContainText('Tür');
    await page.getByRole('tab', { name: /^Raw/ }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download thumb.jpg' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('thumb.jpg');
    expect(readFileSync(await file.path(), 'utf8')).toBe('JPEG');
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.screenshot({ path: info.outputPath(`event-${colorScheme}.png`) });
    await goTo(page, '/sources/media');
    await page.getByRole('tab', { name: /^Deliveries/ }).click();
    await page.getByRole('listbox', { name: 'Deliveries' }).getByRole('option').first().click();
    await expect(page.getByRole('region', { name: 'Parsing notes' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Download thumb.jpg' })).toBeVisible();
    await page.screenshot({ path: info.outputPath(`delivery-${colorScheme}.png`) });
    await context.close();
  });
}

test('the fields that hold JSON are a row of the source', async ({ page }, info) => {
  await signIn(page, box);
  await goTo(page, '/sources/media');
  await page.getByRole('tab', { name: /^Settings/ }).click();
  await expect(page.getByText('JSON fields')).toBeVisible();
  await page.screenshot({ path: info.outputPath('source.png'), fullPage: true });
});
