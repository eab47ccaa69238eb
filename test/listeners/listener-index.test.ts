import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../electron/listeners/explain.ts';
import type { ListenerDefinition } from '../../electron/listeners/listener-definition.ts';
import { createListenerIndex } from '../../electron/listeners/listener-index.ts';
import { type ConditionInput, type Conditions, MATCH_ALL } from '../../shared/conditions/tree.ts';
import { readVendorFilter } from '../../shared/conditions/vendor-filters/vendor-filter.ts';
import { listenerDefaults } from '../../shared/contract/listeners.ts';
import { anyConditions, jsonValue } from '../shared/conditions/arbitraries.ts';

const listener = (slug: string, parts: Partial<ListenerDefinition> = {}): ListenerDefinition & { name: string } => ({
  slug,
  name: slug,
  version: 1,
  state: 'active',
  source: null,
  type: [],
  where: MATCH_ALL,
  job: 'work',
  ...listenerDefaults,
  ...parts,
});

const event = (type: string, source = 'crm', payload: unknown = {}): ConditionInput => ({
  type,
  source,
  system: 'generic',
  context: {},
  payload,
  headers: {},
});

const indexOf = (...listeners: ListenerDefinition[]) => {
  const index = createListenerIndex();
  index.replaceAll(listeners);
  return index;
};

const patterns = fc.constantFrom(
  'job:ready',
  'job.*',
  'job:**',
  '*:ready',
  '**',
  'a',
  'user?created',
  '**:created',
  'a:b',
);
const ofTopic = fc
  .record({
    op: fc.constantFrom('segmentGlob', 'typePattern', 'in'),
    value: fc.array(patterns, { minLength: 1, maxLength: 2 }),
  })
  .map((leaf): Conditions => ({ all: [{ field: 'type', ...leaf }] }));
const both = (all: Conditions[]): Conditions => ({ all });
const anyListener = fc.record({
  slug: fc.stringMatching(/^[a-d]{1,3}$/),
  version: fc.integer({ min: 1, max: 3 }),
  state: fc.constantFrom('active', 'active', 'active', 'disabled', 'deleted'),
  source: fc.constantFrom(null, null, 'crm', 'signalbox'),
  type: fc.array(patterns, { maxLength: 3 }),
  where: fc.oneof(fc.constant(MATCH_ALL), anyConditions, ofTopic, fc.tuple(ofTopic, anyConditions).map(both)),
  job: fc.constant('work'),
  mode: fc.constantFrom('notify' as const, 'notify' as const, 'enrich' as const),
  deadline: fc.constant('3s'),
  fallback: fc.constant({ action: 'allow' }),
  priority: fc.integer({ min: 0, max: 2 }),
  approval: fc.constant('none' as const),
  resolves: fc.constant('retry' as const),
});
const listeners = fc
  .uniqueArray(anyListener, { selector: ({ slug }) => slug, maxLength: 12 })
  .map((all) => all.map((one) => ({ ...one, name: one.slug })));
const events = fc.array(
  fc.record({
    type: fc.constantFrom('job:ready', 'job.ready', 'job/x/y', 'a', 'a.b', 'user:created', 'zebra', 'job::ready', 'a:'),
    source: fc.constantFrom('crm', 'shop', 'signalbox'),
    system: fc.constant('generic'),
    context: jsonValue,
    payload: jsonValue,
    headers: fc.constant({}),
  }),
  { maxLength: 6 },
);

/** What a match has where its listener says nothing. */
const terms = { needsApproval: false, resolves: 'retry', batch: null, isShadow: false, enrich: null };

describe('the listener index', () => {
  it('matches exactly the listeners whose explanation says so, in order of slug', () => {
    fc.assert(
      fc.property(listeners, events, (all, tried) => {
        const index = indexOf(...all);
        for (const one of tried) {
          const explained = explain(all, one, () => true).filter(({ matched }) => matched);
          const expected = explained.map((verdict) => verdict.listener).sort();
          // Twice: the second answer comes from what the first one kept.
          for (const _ of [1, 2]) expect(index.match(one).map((match) => match.listener)).toEqual(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('could take whatever it matches, and never what no pattern or condition on the type takes', () => {
    fc.assert(
      fc.property(listeners, events, (all, tried) => {
        const index = indexOf(...all);
        const always = indexOf(...all.map((one) => ({ ...one, where: MATCH_ALL })));
        for (const one of tried) {
          const couldTake = index.couldTake(one.source, one.type);
          if (index.match(one).length > 0) expect(couldTake).toBe(true);
          if (always.match(one).length === 0) expect(couldTake).toBe(false);
        }
      }),
    );
  });

  it('does not look at a listener whose filter names a topic when another type comes', () => {
    const filter = readVendorFilter({ flatfile: { job: 'a' }, topic: 'job:ready' });
    if (!filter.ok) throw new Error(filter.errors[0]?.message);
    const index = indexOf(listener('a', { where: filter.conditions }));
    const couldTake = (type: string) => index.couldTake('crm', type);
    expect(['job:ready', 'job:created', 'file:ready', 'job.ready'].map(couldTake)).toEqual([true, false, false, false]);
    expect(index.match(event('job:ready', 'crm', { job: 'a' }))).toHaveLength(1);
  });

  it('answers what a listener starts', () => {
    const index = indexOf(listener('a', { version: 7, job: 'import' }), listener('b', { state: 'disabled' }));
    expect(index.find('a')).toEqual({ ...terms, listener: 'a', version: 7, job: 'import' });
    expect(index.find('b')).toBeNull();
    expect(index.find('c')).toBeNull();
  });

  it('lets the listener of the highest priority answer, the first by slug among equals, beside those that only listen', () => {
    const enrich = (slug: string, priority: number) =>
      listener(slug, { mode: 'enrich', priority, deadline: '2s', fallback: { action: 'block' } });
    const index = indexOf(enrich('a', 0), enrich('d', 5), enrich('c', 5), enrich('e', 4), listener('b'));
    expect(index.match(event('x'))).toEqual([
      { ...terms, listener: 'b', version: 1, job: 'work' },
      {
        ...terms,
        listener: 'c',
        version: 1,
        job: 'work',
        enrich: { priority: 5, deadlineMs: 2000, fallback: { action: 'block' }, passedOver: ['d', 'e', 'a'] },
      },
    ]);
  });

  it('takes new versions and forgets what is gone', () => {
    const index = indexOf(listener('a', { type: ['x'] }), listener('b', { type: ['x'] }));
    expect(index.match(event('x'))).toHaveLength(2);
    index.replaceAll([listener('a', { type: ['y'], version: 2 })]);
    expect(index.match(event('x'))).toEqual([]);
    expect(index.match(event('y')).map((match) => match.version)).toEqual([2]);
  });

  it('lets no catch-all listener feed on the events of its own runs', () => {
    const index = indexOf(
      listener('everything'),
      listener('spans', { type: ['**'] }),
      listener('stars', { type: ['*:completed'] }),
      listener('named', { type: ['job:*'] }),
      listener('mixed', { type: ['**', 'job:failed'] }),
      listener('asked', { source: 'signalbox' }),
    );
    const takers = (type: string) => index.match(event(type, 'signalbox')).map((match) => match.listener);
    expect(takers('job:completed')).toEqual(['asked', 'named']);
    expect(takers('job:failed')).toEqual(['asked', 'mixed', 'named']);
    expect(index.match(event('job:completed', 'crm'))).toHaveLength(5);
  });

  it('stays right when more types come than it keeps', () => {
    const index = indexOf(listener('all'), listener('one', { type: ['t42'] }));
    for (let i = 0; i < 10_000; i++) expect(index.match(event(`t${i}`))).toHaveLength(i === 42 ? 2 : 1);
    expect(index.match(event('t42'))).toHaveLength(2);
    expect(index.match(event(`${'long'.repeat(200)}`))).toHaveLength(1);
  });

  it('costs about the same among 1,000 listeners as among the ten that match', () => {
    const where = { all: [{ field: 'payload.amount', op: 'gt' as const, value: 10 }] };
    const matching = Array.from({ length: 10 }, (_, i) => listener(`m${i}`, { type: ['order.paid'], where }));
    const others = Array.from({ length: 990 }, (_, i) => listener(`o${i}`, { type: [`other${i % 99}.made`], where }));
    const tried = event('order.paid', 'crm', { amount: 11 });
    const microseconds = (index: ReturnType<typeof indexOf>): number => {
      const times = Array.from({ length: 5 }, () => {
        const startMs = performance.now();
        for (let i = 0; i < 5_000; i++) index.match(tried);
        return (performance.now() - startMs) / 5;
      });
      return Math.min(...times);
    };
    const full = indexOf(...matching, ...others);
    expect(full.match(tried)).toHaveLength(10);
    const alone = indexOf(...matching);
    microseconds(full);
    expect(microseconds(full)).toBeLessThan(5 * microseconds(alone) + 5);
  });
});
