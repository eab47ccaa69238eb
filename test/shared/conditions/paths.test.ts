import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFieldPath, parseFieldPath, readField } from '../../../shared/conditions/values/paths.ts';
import { eventWith } from './events.ts';

function read(path: string, parts: Parameters<typeof eventWith>[0]): unknown[] {
  const result = parseFieldPath(path);
  if (!result.ok) throw new Error(result.message);
  return readField(result.path, eventWith(parts));
}

describe('field paths', () => {
  it('read the event’s own parts', () => {
    expect(read('type', { type: 't' })).toEqual(['t']);
    expect(read('context.spaceId', { context: { spaceId: 'us_sp_1' } })).toEqual(['us_sp_1']);
    expect(read('payload', { payload: 'raw text' })).toEqual(['raw text']);
  });

  it('read headers in any case', () => {
    expect(read('headers.X-Signature', { headers: { 'x-signature': 's' } })).toEqual(['s']);
    expect(read('headers.x-signature', { headers: { 'X-Signature': 's' } })).toEqual(['s']);
  });

  it('take an element by index, and otherwise map over lists', () => {
    const payload = { items: [{ sku: 'a', tags: ['x'] }, { sku: 'b', tags: [] }, {}, 7] };
    expect(read('payload.items.0.sku', { payload })).toEqual(['a']);
    expect(read('payload.items.9.sku', { payload })).toEqual([]);
    expect(read('payload.items.sku', { payload })).toEqual(['a', 'b']);
    expect(read('payload.items.tags', { payload })).toEqual([['x'], []]);
    expect(read('payload.sku', { payload: [[{ sku: 1 }], { sku: 2 }] })).toEqual([1, 2]);
  });

  it('quote keys that hold dots', () => {
    expect(read('payload."a.b".c', { payload: { 'a.b': { c: 1 } } })).toEqual([1]);
    expect(read('payload."say \\"hi\\""', { payload: { 'say "hi"': 1 } })).toEqual([1]);
  });

  it.each(['__proto__', 'prototype', 'constructor'])('refuse %s wherever it stands', (name) => {
    for (const path of [`payload.${name}`, `payload.a.${name}.b`, `context."${name}"`, `headers.${name}`]) {
      expect(parseFieldPath(path)).toMatchObject({ ok: false, message: expect.stringContaining(name) });
    }
  });

  it('say what is wrong and where', () => {
    const messageOf = (path: string) => {
      const result = parseFieldPath(path);
      return result.ok ? null : [result.offset, result.message];
    };
    expect(messageOf('paylod.a')).toEqual([0, expect.stringContaining('payload.…')]);
    expect(messageOf('')).toEqual([0, expect.stringContaining('empty')]);
    expect(messageOf('payload..a')).toEqual([8, expect.stringContaining('empty')]);
    expect(messageOf('type.a')).toEqual([4, expect.stringContaining('no parts')]);
    expect(messageOf('payload.items[0]')).toEqual([8, expect.stringContaining('items.0')]);
    expect(messageOf('payload.*.a')).toEqual([8, expect.stringContaining('automatically')]);
    expect(messageOf('payload."a')).toEqual([8, expect.stringContaining('not closed')]);
    expect(messageOf('payload."a"b')).toEqual([11, expect.stringContaining('dot')]);
  });

  it('have at most 12 segments', () => {
    expect(parseFieldPath(`payload${'.a'.repeat(11)}`).ok).toBe(true);
    expect(parseFieldPath(`payload${'.a'.repeat(12)}`)).toMatchObject({
      ok: false,
      message: expect.stringContaining('12'),
    });
  });

  it('read back what they print, for any keys', () => {
    const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a.b', '"', '\\', '\\"', '*', '', ' ', '0'));
    const keys = fc.array(key, { maxLength: 5 });
    fc.assert(
      fc.property(keys, (segments) => {
        fc.pre(!segments.some((segment) => ['__proto__', 'prototype', 'constructor'].includes(segment)));
        const path = { root: 'payload' as const, segments };
        expect(parseFieldPath(formatFieldPath(path))).toEqual({ ok: true, path });
      }),
      { numRuns: 2_000 },
    );
  });

  it('survive lists nested thousands deep', () => {
    let nested: unknown = { a: 1 };
    for (let depth = 0; depth < 20_000; depth += 1) nested = [nested];
    expect(read('payload.a', { payload: nested })).toEqual([]);
  });
});
