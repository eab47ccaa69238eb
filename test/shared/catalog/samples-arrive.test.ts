import { generateKeyPairSync } from 'node:crypto';
import { FlatfileEvent, FlatfileListener } from '@flatfile/listener';
import { exportJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { parseFlatfileFilter } from '../../../shared/conditions/vendor-filters/flatfile-filter.ts';
import { jsonSchema } from '../../../shared/contract/common.ts';
import { catalogOf } from '../../../shared/vendors/catalog.ts';
import { nextIdentityListener } from '../../../shared/vendors/next-identity/listeners.ts';
import { SAMPLE_AUDIENCE, SAMPLE_ISSUER } from '../../../shared/vendors/next-identity/types.ts';
import { sampleDelivery } from '../../../shared/vendors/sample-delivery.ts';
import { startSource } from '../../sources/start-source.ts';

const storedType = (type: string): string => (type === 'CUSTOM_*' ? 'CUSTOM_RATES_FETCHED' : type);

/** What becomes of a sample posted to a source of its system. */
type Post = Awaited<ReturnType<typeof startSource>>['post'];

function deliver(post: Post, system: string, type: string, form: string) {
  const delivery = sampleDelivery(system, type, { form, id: `sample-${form}-${type}` });
  if (delivery === null) throw new Error(`no sample of ${type}`);
  return post(delivery.body, { 'content-type': delivery.contentType });
}

describe('samples arrive as events of their type', () => {
  it.each(['revoengine', 'deck'] as const)('of %s', async (preset) => {
    const { post } = await startSource({ preset, verify: { scheme: 'none' } });
    for (const { type } of catalogOf(preset)) {
      const { status, events } = await deliver(post, preset, type, 'json');
      expect([status, events.map((event) => event.type)]).toEqual([200, [storedType(type)]]);
      expect(events[0]?.externalId).toBe(`sample-json-${type}`);
    }
  });

  it('of iCFM, as JSON and as a form', async () => {
    const { post } = await startSource({ preset: 'icfm', verify: { scheme: 'none' } });
    for (const { type } of catalogOf('icfm')) {
      for (const form of ['json', 'form']) {
        const { status, events } = await deliver(post, 'icfm', type, form);
        expect([status, events.map((event) => event.type)]).toEqual([200, [type]]);
      }
    }
  });

  it("of Flatfile, in both shapes, and are filtered as by the vendor's listener", async () => {
    const { post } = await startSource({ preset: 'flatfile', verify: { scheme: 'none' } });
    const listener = new FlatfileListener();
    const filters = [
      { spaceId: 'us_sp_*' },
      { job: 'space:configure', status: ['ready', 'complete'] },
      { domain: 'space' },
      { namespaces: 'job' },
      { 'context.slugs.sheet': '*' },
      { 'src.attributes.progress.percent': 100 },
      { info: null },
    ];
    for (const { type, sample } of catalogOf('flatfile')) {
      for (const form of ['json', 'forwarded']) {
        const { status, events } = await deliver(post, 'flatfile', type, form);
        expect([status, events.map((event) => event.type)]).toEqual([200, [type]]);
        const [event] = events;
        if (event === undefined) continue;
        expect(JSON.stringify(event)).not.toContain('sample-token');
        for (const filter of filters) {
          const parsed = parseFlatfileFilter(filter);
          if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
          const theirs = listener.matchEvent(new FlatfileEvent(JSON.parse(JSON.stringify(sample))), filter);
          expect(compileConditions(parsed.conditions)({ ...event, headers: {} })).toBe(theirs);
        }
      }
    }
  });

  it('of Next Identity, once signed, and its subscriptions take them', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const inline = { keys: jsonSchema.parse([{ ...(await exportJWK(publicKey)), kid: 'k-1' }]) };
    const verify = { jwks: { inline }, issuer: SAMPLE_ISSUER, audience: SAMPLE_AUDIENCE };
    const { post } = await startSource({ preset: 'next-identity', verify });
    for (const { type, group } of catalogOf('next-identity')) {
      const delivery = sampleDelivery('next-identity', type, { id: type, atMs: Date.now() });
      const token = await new SignJWT(JSON.parse(delivery?.body ?? ''))
        .setProtectedHeader({ alg: 'RS256', kid: 'k-1', typ: 'secevent+jwt' })
        .sign(privateKey);
      const { status, events } = await post(token, { 'content-type': delivery?.contentType ?? '' });
      expect([status, events.map((event) => event.type)]).toEqual([200, [type]]);
      const [id, scopeId] =
        group === 'User data'
          ? (['user-data', 'prop-shop'] as const)
          : ([group === 'Enrich' ? 'enrich' : 'transactional-email', 'client-web'] as const);
      const [event] = events;
      const subscription = nextIdentityListener(id, 'idp', scopeId);
      expect(subscription.type).toContain(type);
      expect(event !== undefined && compileConditions(subscription.where)({ ...event, headers: {} })).toBe(true);
      const other = nextIdentityListener(id, 'idp', 'someone-else');
      expect(event !== undefined && compileConditions(other.where)({ ...event, headers: {} })).toBe(false);
    }
  });
});
