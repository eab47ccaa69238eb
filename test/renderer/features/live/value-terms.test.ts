import { json } from '@codemirror/lang-json';
import { EditorState } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exactPath,
  fieldPath,
  isScalar,
  maxTermLength,
  valueAt,
  withTerm,
} from '../../../../renderer/features/live/model/value-terms.ts';
import { jsonValueAt } from '../../../../renderer/ui/code/json-value-at.ts';
import type { Json } from '../../../../shared/contract/common.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { compileQuery } from '../../../../shared/query/compile-query.ts';
import { parseQuery } from '../../../../shared/query/parse-query.ts';

const stateOf = (value: Json): EditorState =>
  EditorState.create({ doc: stringifyExact(value, 2), extensions: [json()] });

function finds(query: string, payload: Json): boolean {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(`${query}: ${parsed.error.message}`);
  const event = {
    id: 'e',
    receivedAt: '2026-01-02T03:04:05Z',
    type: 't',
    source: 's',
    system: 's',
    context: {},
    payload,
    headers: {},
    externalId: null,
  };
  return compileQuery(parsed.query)({ event, flags: [], runs: [], text: '' }, 0);
}

describe('a value that is clicked in a JSON text', () => {
  const payload = parseExact(
    '{"id": 9007199254740993, "customer": {"first name": "Ada", "tags": ["a", {"x.y": null}, [true, "1"]]}}',
  );
  const state = stateOf(payload);
  const at = (text: string, offset = 0) => jsonValueAt(state, state.doc.toString().indexOf(text) + offset);

  it('is found by its place, or by that of its name', () => {
    expect(at('9007')).toEqual(['id']);
    expect(at('"Ada"', 2)).toEqual(['customer', 'first name']);
    expect(at('"first name"', 3)).toEqual(['customer', 'first name']);
    expect(at('null')).toEqual(['customer', 'tags', 1, 'x.y']);
    expect(at('"1"', 1)).toEqual(['customer', 'tags', 2, 1]);
    expect(at('"tags"', 1)).toEqual(['customer', 'tags']);
    expect(at('{')).toEqual([]);
  });

  it('has a path with and without the items of lists', () => {
    const path = at('null') ?? [];
    expect(valueAt(payload, path)).toBeNull();
    expect(exactPath('payload', path)).toBe('payload.customer.tags.1."x.y"');
    expect(fieldPath('payload', path)).toBe('payload.customer.tags."x.y"');
    expect(valueAt(payload, ['customer', 'toString'])).toBeUndefined();
  });

  it('filters to events that have it, and excludes them', () => {
    const leaves: [(string | number)[], Json][] = [];
    const collect = (value: Json | undefined, path: (string | number)[]): void => {
      if (value === undefined) return;
      if (isScalar(value)) leaves.push([path, value]);
      else if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) collect(item, [...path, index]);
      } else for (const [name, item] of Object.entries(value)) collect(item, [...path, name]);
    };
    const name = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter((one) => !/^(?:__proto__|prototype|constructor)$/.test(one));
    const leaf = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 4 }), (value) => {
        const one = parseExact(JSON.stringify(value));
        leaves.length = 0;
        collect(one, []);
        for (const [path, found] of leaves) {
          if (path.some((step) => step === '')) continue;
          const field = fieldPath('payload', path);
          if (stringifyExact(found).length > maxTermLength) continue;
          expect(finds(withTerm('', field, found, false), one)).toBe(true);
          expect(finds(withTerm('', field, found, true), one)).toBe(false);
          expect(finds(withTerm('', field, found, false), {})).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is not added twice', () => {
    const once = withTerm('is:failed', 'payload.id', 5, false);
    expect(once).toBe('is:failed payload.id:5');
    expect(withTerm(once, 'payload.id', 5, false)).toBe(once);
    expect(withTerm(once, 'payload.id', 5, true)).toBe('is:failed -payload.id:5');
    expect(withTerm('is:failed -payload.id:5', 'payload.id', 5, false)).toBe(once);
    const quoted = withTerm('is:failed', 'payload.name', 'a b', false);
    expect(withTerm(quoted, 'payload.name', 'a b', false)).toBe(quoted);
  });
});
