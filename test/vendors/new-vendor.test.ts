import { expect, test } from 'vitest';
import { presets, registerPresets } from '../../electron/sources/presets.ts';
import { catalogOf, findType, hasOwnTypes } from '../../shared/vendors/catalog.ts';
import { recogniseVendor } from '../../shared/vendors/recognise.ts';
import { sampleDelivery, standInDelivery } from '../../shared/vendors/sample-delivery.ts';
import { registerVendors, vendors } from '../../shared/vendors/vendors.ts';
import { startSource } from '../sources/start-source.ts';
import { acmePreset } from './acme/preset.ts';
import { acmeVendor } from './acme/vendor.ts';

// All that adding a vendor takes beside its own files: a line in each registry.
const knownPresets = registerPresets([...presets.values(), acmePreset]);
const knownVendors = registerVendors([...vendors.values(), acmeVendor]);

const start = () =>
  startSource({ preset: 'acme', verify: { secret: { env: 'S' } } }, { S: 'the secret' }, {}, knownPresets);

test('a new vendor delivers its sample, signed, and it is stored as an event of its type, masked', async () => {
  const { post, registry } = await start();
  const atMs = Date.parse('2026-02-01T09:30:00.000Z');
  const delivery = sampleDelivery('acme', 'parcel.sent', { id: 'prc_7', atMs }, knownVendors);
  if (delivery === null) throw new Error('Acme has no sample');
  const { contentType, body } = delivery;
  const signed = registry.get('src')?.prepared?.sign?.({ body: Buffer.from(body), contentType, nowMs: Date.now() });
  const outcome = await post(body, { 'content-type': contentType, ...signed });
  expect(outcome.status).toBe(202);
  expect(outcome.events).toMatchObject([
    {
      type: 'parcel.sent',
      system: 'acme',
      externalId: 'prc_7',
      occurredAt: '2026-02-01T09:30:00.000Z',
      payload: { door: { pin: '***', floor: 2 } },
      verification: { state: 'verified', scheme: 'hmac' },
    },
  ]);
  expect(outcome.delivery.body.data).not.toContain('1234');

  const forged = await post(body, { 'content-type': contentType, 'x-acme-signature': '00'.repeat(32) });
  expect([forged.status, forged.reason?.code]).toEqual([401, 'signature_mismatch']);
});

test('a new vendor has its types, set-up steps and marks', () => {
  expect(catalogOf('acme', knownVendors).map(({ type }) => type)).toEqual(['parcel.sent']);
  expect(findType('acme', 'parcel.sent', knownVendors)?.description).toBe('A parcel is on its way.');
  expect(hasOwnTypes('acme', knownVendors)).toBe(true);
  expect(standInDelivery('acme', 'parcel.lost', {}, knownVendors)?.body).toContain('"kind": "parcel.lost"');
  const sent = { headerNames: new Set(['x-acme-signature']), contentType: 'application/json', text: '{}' };
  expect(recogniseVendor(sent, knownVendors)).toEqual({ preset: 'acme', because: 'the header x-acme-signature' });
});

test('every vendor has a preset of its id, and a registry refuses an id twice', () => {
  expect([...vendors.keys()].filter((id) => !presets.has(id))).toEqual([]);
  expect(() => registerVendors([acmeVendor, acmeVendor])).toThrow(/same id/);
  expect(() => registerPresets([acmePreset, acmePreset])).toThrow(/same id/);
});
