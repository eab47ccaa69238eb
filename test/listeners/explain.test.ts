import { describe, expect, it } from 'vitest';
import { type ExplainedListener, explain } from '../../electron/listeners/explain.ts';
import { preview } from '../../electron/listeners/preview.ts';
import { type ConditionInput, MATCH_ALL } from '../../shared/conditions/tree.ts';
import { parseVendorFilter } from '../../shared/conditions/vendor-filters/vendor-filter.ts';
import { listenerDefaults } from '../../shared/contract/listeners.ts';
import { parsed } from '../shared/conditions/events.ts';

const listener = (slug: string, parts: Partial<ExplainedListener>): ExplainedListener => ({
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

const event = {
  type: 'file:created',
  source: 'crm',
  system: 'generic',
  context: {},
  payload: { size: 4, tags: ['a'] },
  headers: {},
};

describe('explaining an event', () => {
  it('puts matches first, then the nearest miss, and leaves out deleted listeners', () => {
    const verdicts = explain(
      [
        listener('z-far', { state: 'disabled', source: 'shop', type: ['user.*'] }),
        listener('near', { where: parsed({ 'payload.size': 5 }) }),
        listener('gone', { state: 'deleted' }),
        listener('hit', { type: ['file.*'], where: parsed({ 'payload.size': 4 }) }),
        listener('far', { where: parsed({ 'payload.size': 5, 'payload.name': 'x' }) }),
      ],
      event,
      () => true,
    );
    expect(verdicts.map(({ listener: slug, matched, distance }) => [slug, matched, distance])).toEqual([
      ['hit', true, 0],
      ['near', false, 1],
      ['far', false, 2],
      ['z-far', false, 3],
    ]);
  });

  const ranked = (listeners: ExplainedListener[], seen: Partial<ConditionInput>) =>
    explain(listeners, { ...event, ...seen }, () => true);

  it('puts a type that only reads like the wanted one on top, and says in what it differs', () => {
    const listeners = [
      listener('a-condition', { where: parsed({ 'payload.size': 5 }) }),
      listener('b-other', { type: ['pull'] }),
      listener('z-meant', { type: ['push'] }),
    ];
    for (const [type, text, seen] of [
      ['push ', 'differs in white space', 'push⟨U+0020⟩'],
      ['push\u00a0', 'differs in white space', 'push⟨U+00A0⟩'],
      ['p\u200bush', 'differs in invisible characters', 'p⟨U+200B⟩ush'],
      ['Push', 'differs in case', 'Push'],
    ] as const) {
      const [first] = ranked(listeners, { type });
      expect(first).toMatchObject({ listener: 'z-meant', matched: false, distance: 1 });
      expect(first?.clauses.find(({ kind }) => kind === 'type')?.difference).toEqual({ text, wanted: 'push', seen });
    }
  });

  it('shows a type that reads like the wanted one as it was sent, whatever separates its segments', () => {
    const [first] = ranked([listener('meant', { type: ['caf\u00e9.open'] })], { type: 'cafe\u0301/open' });
    expect(first?.clauses.find(({ kind }) => kind === 'type')?.difference).toEqual({
      text: 'differs in Unicode form',
      wanted: 'caf\u00e9⟨U+00E9⟩.open',
      seen: 'cafe⟨U+0301⟩/open',
    });
    // Separators count as equal.
    expect(ranked([listener('same', { type: ['a.b'] })], { type: 'a:b' })[0]).toMatchObject({ matched: true });
  });

  it('does the same for values in conditions and in filters of other systems', () => {
    const nfc = 'caf\u00e9';
    const nfd = 'cafe\u0301';
    const revoengine = parseVendorFilter('revoengine', { field: 'message.name', op: 'eq', value: nfc });
    const flatfile = parseVendorFilter('flatfile', { 'payload.name': nfc });
    if (!revoengine.ok || !flatfile.ok) throw new Error('the filters do not parse');
    const wheres = [
      parsed({ 'payload.name': nfc }),
      parsed({ 'payload.name': ['x', nfc] }),
      parsed({
        all: [
          {
            any: [
              { field: 'payload.name', op: 'eq', value: 'tea' },
              { field: 'payload.name', op: 'eq', value: nfc },
            ],
          },
        ],
      }),
      parsed({ field: 'payload.names', op: 'contains', value: nfc }),
      revoengine.conditions,
      flatfile.conditions,
    ];
    for (const where of wheres) {
      const [first] = ranked(
        [listener('a-far', { where: parsed({ 'payload.size': 5 }) }), listener('z-near', { where })],
        { payload: { size: 4, tags: [], name: nfd, names: ['x', nfd] } },
      );
      expect(first?.listener).toBe('z-near');
      expect(JSON.stringify(first)).toContain(
        '"difference":{"text":"differs in Unicode form","wanted":"café⟨U+00E9⟩","seen":"cafe⟨U+0301⟩"}',
      );
    }
  });

  it('puts the closer text first among equal misses', () => {
    const verdicts = ranked(
      [
        listener('a-far', { type: ['user.removed'] }),
        listener('b-near', { type: ['file.creates'] }),
        listener('c-far', { type: ['invoice.paid'] }),
      ],
      {},
    );
    expect(verdicts.map(({ listener: slug }) => slug)[0]).toBe('b-near');
    expect(verdicts[0]?.clauses.some(({ difference }) => difference !== undefined)).toBe(false);
  });

  it('puts a listener for this type before one for another that misses by as much', () => {
    const verdicts = explain(
      [
        listener('another-type', { type: ['user.*'] }),
        listener('small', { type: ['file:*'], where: parsed({ 'payload.size': 5 }) }),
      ],
      event,
      () => true,
    );
    expect(verdicts.map(({ listener: slug, distance }) => [slug, distance])).toEqual([
      ['small', 1],
      ['another-type', 1],
    ]);
  });

  it('says for each clause what was wanted and what was seen', () => {
    const [verdict] = explain(
      [
        listener('big', {
          source: 'crm',
          type: ['file:*'],
          where: parsed({ all: [{ field: 'payload.size', op: 'gt', value: 10 }] }),
        }),
      ],
      event,
      () => true,
    );
    expect(verdict?.clauses).toEqual([
      { kind: 'state', passed: true, text: 'the listener is active' },
      { kind: 'source', passed: true, text: 'source is crm', expected: 'crm', seen: { present: true, value: 'crm' } },
      {
        kind: 'type',
        passed: true,
        text: 'type is file:*',
        expected: ['file:*'],
        seen: { present: true, value: 'file:created' },
      },
      {
        kind: 'all',
        passed: false,
        text: 'all of these',
        children: [
          {
            kind: 'leaf',
            passed: false,
            text: expect.stringContaining('payload.size'),
            field: 'payload.size',
            op: 'gt',
            expected: 10,
            seen: { present: true, value: 4 },
          },
        ],
      },
    ]);
  });

  it('does not call a listener matched whose job is gone', () => {
    const [verdict] = explain([listener('orphan', { job: 'lost' })], event, (slug) => slug !== 'lost');
    expect(verdict).toMatchObject({ matched: false, distance: 1 });
    expect(verdict?.clauses[0]?.text).toBe('its job lost does not exist');
  });

  it('tells listeners that do not get to answer a request which one does, and why', () => {
    const enrich = (slug: string, priority: number, parts: Partial<ExplainedListener> = {}) =>
      listener(slug, { mode: 'enrich', priority, ...parts });
    const verdicts = explain(
      [
        enrich('first', 5),
        enrich('second', 5),
        enrich('lower', 1),
        enrich('highest', 9, { type: ['user.*'] }),
        listener('only-told', {}),
      ],
      event,
      () => true,
    );
    const modes = verdicts.map(({ listener: slug, matched, clauses }) => {
      const clause = clauses.find(({ kind }) => kind === 'mode');
      return [slug, matched, clause?.text];
    });
    expect(modes).toEqual([
      ['first', true, 'answers the request'],
      ['only-told', true, undefined],
      ['lower', false, 'first answers the request: it has priority 5, this one 1'],
      ['second', false, 'first answers the request: it has the same priority 5 and comes first by its slug'],
      ['highest', false, undefined],
    ]);
  });

  it('tells a catch-all listener why it does not take events of runs', () => {
    const [verdict] = explain(
      [listener('all', {})],
      { ...event, source: 'signalbox', type: 'job:completed' },
      () => true,
    );
    expect(verdict?.distance).toBe(1);
    expect(verdict?.clauses.find(({ passed }) => !passed)?.text).toContain('any source but signalbox');
  });
});

describe('previewing a definition', () => {
  const events = Array.from({ length: 200 }, (_, i) => ({
    ...event,
    id: `evt_${200 - i}`,
    receivedAt: new Date(Date.UTC(2026, 0, 1) - i * 1000).toISOString(),
    payload: { n: 200 - i },
  }));

  it('counts what matches and shows what would change first, newest on top', () => {
    const now = { source: 'crm', type: [], where: parsed({ field: 'payload.n', op: 'gt', value: 20 }) };
    const did = { source: 'crm', type: [], where: parsed({ field: 'payload.n', op: 'gt', value: 18 }) };
    const result = preview(now, did, events);
    expect(result).toMatchObject({ tried: 200, matched: 180 });
    expect(result.items).toHaveLength(50);
    // Lost by the change, although 180 newer events are the same under both.
    const lost = result.items.filter(({ nowMatches, didMatch }) => didMatch && !nowMatches);
    expect(lost.map(({ id }) => id)).toEqual(['evt_20', 'evt_19']);
    expect(result.items[0]?.id).toBe('evt_200');
  });

  it('says of a new listener that nothing matched before', () => {
    const result = preview({ source: 'shop', type: [], where: MATCH_ALL }, null, events);
    expect(result).toEqual({ tried: 200, matched: 0, items: [] });
  });
});
