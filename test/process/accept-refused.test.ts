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

it('a refused delivery without events is accepted only once', async () => {
  const each = `version: 1
sources:
  - { slug: list, preset: generic, event: { each: "$[*]", type: $.type }, verify: { scheme: hmac, header: x-sig, secret: { secret: list } } }
`;
  const box = await startSignalbox({ dataDir: tempDir(), config: each });
  onTestFinished(async () => {
    await box.end();
  });
  await box.call('secrets.set', { name: 'list', value: 'mistyped' });
  expect(
    (await box.post('list', '[]', { 'x-sig': createHmac('sha256', 'right').update('[]').digest('hex') })).status,
  ).toBe(401);
  await box.call('secrets.set', { name: 'list', value: 'right' });
  const [refused] = (await box.call('deliveries.list', { query: 'is:refused' })).items;
  const id = refused?.id ?? '';
  expect(await box.call('deliveries.accept', { id })).toMatchObject({ eventIds: [] });
  expect(await box.call('deliveries.get', { id })).toMatchObject({ notes: [{ code: 'accepted_without_events' }] });
  expect((await box.raw('deliveries.accept', { id })).reply).toMatchObject({ error: { code: 'wrong_state' } });
});
