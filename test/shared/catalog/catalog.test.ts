import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkTypePattern } from '../../../shared/conditions/patterns/type-pattern.ts';
import { listenerSpecSchema } from '../../../shared/contract/listeners.ts';
import { catalogOf, findType } from '../../../shared/vendors/catalog.ts';
import { catalogTypeSchema } from '../../../shared/vendors/catalog-types.ts';
import { nextIdentityListener, nextIdentityPresets } from '../../../shared/vendors/next-identity/listeners.ts';
import { sampleDelivery, standInDelivery } from '../../../shared/vendors/sample-delivery.ts';
import { vendors } from '../../../shared/vendors/vendors.ts';
import names from './seed-type-names.json' with { type: 'json' };
import { documented, haveSeeds, readSeedTypes } from './seed-types.ts';

const COUNTS = { revoengine: 19, flatfile: 40, deck: 33, 'next-identity': 10, icfm: 51 } as const;

describe.each(documented)('the catalogue of %s', (system) => {
  it('has every type that its document names', () => {
    expect(names[system]).toHaveLength(COUNTS[system]);
    expect(names[system].filter((name) => findType(system, name) === null)).toEqual([]);
  });

  it.skipIf(!haveSeeds)('has them also by the document itself, which is not on every machine', () => {
    expect(readSeedTypes[system]()).toEqual(names[system]);
  });
});

describe.each([...vendors.keys()])('the catalogue of %s', (system) => {
  const entries = catalogOf(system);

  it('names each type once, other spellings included', () => {
    const all = entries.flatMap(({ type, aliases }) => [type, ...aliases]);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    for (const name of all) expect(findType(system, name)).not.toBeNull();
  });

  it('is well formed, in words of its own', () => {
    for (const { sample, ...type } of entries) {
      expect(catalogTypeSchema.parse(type)).toEqual(type);
      expect(Object.keys(sample).length).toBeGreaterThan(0);
      expect(checkTypePattern(type.type)).toBeNull();
    }
    const descriptions = entries.map(({ description }) => description);
    expect(new Set(descriptions).size).toBe(descriptions.length);
  });

  it('has a sample of each type that can be delivered', () => {
    const forms = Object.keys(vendors.get(system)?.forms ?? {});
    expect(forms).not.toEqual([]);
    for (const { type } of entries) {
      for (const form of forms) {
        const delivery = sampleDelivery(system, type, { form });
        expect(delivery?.body, type).toBeTruthy();
        expect(delivery?.contentType, type).toContain('/');
      }
    }
  });
});

describe('finding types', () => {
  it('knows both spellings of RevoEngine, and families', () => {
    expect(findType('revoengine', 'USER_CREATED')?.type).toBe('USER_CREATE');
    expect(findType('revoengine', 'SERVICE_ACCOUNT_DEACTIVATED')?.type).toBe('SERVICE_ACCOUNT_DEACTIVATE');
    expect(findType('revoengine', 'CUSTOM_CUSTOMER_SYNC')).toMatchObject({ type: 'CUSTOM_*', isFamily: true });
    expect(findType('revoengine', 'CUSTOM_')).toBeNull();
    expect(findType('next-identity', 'Forgot Password')?.type).toBe('account/v1/forgotPassword');
    expect(findType('deck', 'task_run.unheard_of')).toBeNull();
    expect(findType('github', 'repository_dispatch.weigh')).toMatchObject({ type: 'repository_dispatch.*' });
    expect(findType('generic', 'push')).toBeNull();
    expect(catalogOf('generic')).toEqual([]);
  });

  it('has every event of GitHub that others collected examples of', () => {
    const read = createRequire(import.meta.url);
    const examples = z
      .array(z.object({ name: z.string(), examples: z.array(z.looseObject({ action: z.string().optional() })) }))
      .parse(read('@octokit/webhooks-examples'));
    const types = examples.flatMap(({ name, examples: payloads }) =>
      payloads.map(({ action }) => (action === undefined ? name : `${name}.${action}`)),
    );
    expect(new Set(types).size).toBeGreaterThan(150);
    expect([...new Set(types)].filter((type) => findType('github', type) === null)).toEqual([]);
  });

  it('has the newer types too', () => {
    const newer = (system: string) => catalogOf(system).filter(({ age }) => age === 'newer').length;
    expect(newer('flatfile')).toBe(42);
    expect(newer('revoengine')).toBe(6);
    expect(findType('deck', 'credential.verified')?.age).toBe('newer');
    expect(findType('deck', 'session.idle')?.age).toBe('newer');
  });

  it('keeps the actions and scopes of Next Identity', () => {
    expect(findType('next-identity', 'Login')).toMatchObject({ action: 'enrich', scopes: ['client'] });
    expect(findType('next-identity', 'User Updated')).toMatchObject({ scopes: ['property', 'attribute'] });
  });
});

describe('sample deliveries', () => {
  it('carry an id and a time of their own when asked', () => {
    const body = (system: string, type: string): unknown =>
      JSON.parse(sampleDelivery(system, type, { id: 'x-1', atMs: 1_800_000_000_000 })?.body ?? '');
    expect(body('deck', 'task_run.completed')).toMatchObject({ id: 'x-1', created_at: '2027-01-15T08:00:00.000Z' });
    expect(body('flatfile', 'job:ready')).toMatchObject({ id: 'x-1', topic: 'job:ready' });
    expect(body('revoengine', 'CUSTOM_X')).toMatchObject({ type: 'CUSTOM_X', metadata: { eventId: 'x-1' } });
    expect(body('next-identity', 'account/v1/login')).toMatchObject({ jti: 'x-1', iat: 1_800_000_000 });
  });

  it('have a token to be masked in what the forwarder of Flatfile posts', () => {
    const delivery = sampleDelivery('flatfile', 'file:created', { form: 'forwarded' });
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
      _accessToken: expect.any(String),
      src: { topic: 'file:created' },
      namespace: ['file'],
    });
  });

  it('are none for a form that the system has not', () => {
    expect(sampleDelivery('deck', 'task.created', { form: 'form' })).toBeNull();
    expect(sampleDelivery('deck', 'nothing.known')).toBeNull();
    expect(standInDelivery('generic', 'nothing.known')).toBeNull();
  });
});

describe("Next Identity's subscriptions", () => {
  it.each(nextIdentityPresets)('are listeners: $label', ({ id, types, mode }) => {
    const listener = nextIdentityListener(id, 'idp', 'Client 7');
    const spec = listenerSpecSchema.parse({ ...listener, job: 'note' });
    expect(spec).toMatchObject({ slug: `idp-${id}-client-7`, source: 'idp', type: types, mode });
    expect(spec.where).toEqual({
      field: id === 'user-data' ? 'context.propertyId' : 'context.clientId',
      op: 'eq',
      value: 'Client 7',
    });
    expect(types.length).toBe({ 'user-data': 4, 'transactional-email': 5, enrich: 1 }[id]);
  });
});
