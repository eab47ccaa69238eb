import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../support/temp-store.ts';
import { startSignalbox } from './signalbox.ts';

const config = `version: 1
sources:
  - { slug: hub, preset: github, verify: { secret: { secret: hub } } }
`;

const body = JSON.stringify({ action: 'opened', repository: { full_name: 'acme/shop' } });
const signed = (key: string): Record<string, string> => ({
  'x-github-event': 'issues',
  'x-github-delivery': 'd-1',
  'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
});

it('a refused delivery is accepted once its secret was corrected, and only once', async () => {
  const box = await startSignalbox({ dataDir: tempDir(), config });
  onTestFinished(async () => {
    await box.end();
  });
  await box.call('secrets.set', { name: 'hub', value: 'mistyped' });
  expect((await box.post('hub', body, signed('the right one'))).status).toBe(401);
  const [refused] = (await box.call('deliveries.list', { query: 'is:refused' })).items;
  const id = refused?.id ?? '';

  const early = await box.raw('deliveries.accept', { id });
  expect(early.reply).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
  expect(early.text).toContain('Still refused');
  expect((await box.call('events.list', {})).items).toEqual([]);

  await box.call('secrets.set', { name: 'hub', value: 'the right one' });
  const { deliveryId, eventIds } = await box.call('deliveries.accept', { id });
  const [eventId = ''] = eventIds;
  expect(await box.call('events.get', { id: eventId })).toMatchObject({
    source: 'hub',
    verification: { state: 'verified' },
    payload: JSON.parse(body),
  });
  expect(await box.call('deliveries.get', { id: deliveryId })).toMatchObject({
    result: 'accepted',
    notes: [{ code: 'accepted_later' }],
  });
  expect(await box.call('deliveries.get', { id })).toMatchObject({ result: 'refused', eventIds });
  const again = await box.raw('deliveries.accept', { id });
  expect(again.reply).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
  expect((await box.call('events.list', {})).items).toHaveLength(1);
});
