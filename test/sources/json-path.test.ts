import fc from 'fast-check';
import { type FilterFunction, FunctionExpressionType, JSONPathEnvironment } from 'json-p3';
import { describe, expect, it } from 'vitest';
import { compileJsonPath } from '../../electron/sources/json-path/json-path.ts';
import { compilePathSetting, maxSteps, startPathReading } from '../../electron/sources/json-path/path-setting.ts';
import { Steps } from '../../electron/sources/json-path/steps.ts';
import type { Json } from '../../shared/contract/common.ts';
import { roundNumbers } from '../shared/exact-json/round-numbers.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { buildRequest, prepareSource } from './build-request.ts';

const find = (path: string, document: Json, limit = maxSteps) => compileJsonPath(path)(document, new Steps(limit));

/** The library with `match` and `search` of texts alone, as the RFC has them: its own take a list for its text. */
const library = new JSONPathEnvironment();
for (const [name, isWhole] of [
  ['match', true],
  ['search', false],
] as const) {
  const regex: FilterFunction = {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call: (text: unknown, pattern: unknown) =>
      typeof text === 'string' && new RegExp(isWhole ? `^(?:${pattern})$` : `${pattern}`).test(text),
  };
  library.functionRegister.set(name, regex);
}

/** A chain of objects, 64 levels deep, with values of ours at each. */
const nested = (name: string, beside: () => Json): Json => {
  let value: Json = { end: beside() };
  for (let level = 1; level < 62; level += 1) value = { [name]: value, x: beside() };
  return value;
};
const list = <T>(length: number, item: (index: number) => T): T[] => Array.from({ length }, (_, index) => item(index));

describe('a path is carried out as RFC 9535 says', () => {
  const leaf = fc.oneof(fc.constantFrom(0, 1, -1, 2.5, 'a', 'b', 'ab', '', true, false, null));
  const { document } = fc.letrec<{ document: Json }>((tie) => ({
    document: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      leaf,
      fc.array(tie('document'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('document'), { maxKeys: 3 }),
    ),
  }));

  const name = fc.constantFrom('a', 'b', 'c');
  const bound = fc.oneof(fc.constant(''), fc.integer({ min: -4, max: 4 }).map(String));
  const { path } = fc.letrec<{ path: string; test: string; value: string }>((tie) => {
    const selector = fc.oneof(
      name.map((one) => `'${one}'`),
      fc.integer({ min: -3, max: 3 }).map(String),
      fc.constant('*'),
      fc.tuple(bound, bound, bound).map((parts) => parts.join(':')),
      tie('test').map((one) => `?${one}`),
    );
    const singular = fc.array(
      fc.oneof(
        name.map((one) => `.${one}`),
        fc.integer({ min: -2, max: 2 }).map((one) => `[${one}]`),
      ),
      { maxLength: 2 },
    );
    const relative = fc.tuple(fc.constantFrom('@', '$'), singular).map(([start, steps]) => `${start}${steps.join('')}`);
    return {
      path: fc
        .array(fc.tuple(fc.constantFrom('', '', '..'), fc.array(selector, { minLength: 1, maxLength: 2 })), {
          maxLength: 3,
        })
        .map((segments) => `$${segments.map(([dots, selectors]) => `${dots}[${selectors.join(',')}]`).join('')}`),
      value: fc.oneof(
        relative,
        fc.constantFrom('1', '2.5', "'a'", 'true', 'null', "'ab'"),
        relative.map((one) => `length(${one})`),
        fc.constantFrom('count(@.*)', 'count(@..*)', 'count($..a)', 'value(@..b)', 'value(@.*)'),
      ),
      test: fc.oneof(
        { maxDepth: 2 },
        fc
          .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('value'))
          .map((one) => one.join(' ')),
        fc.constantFrom('@.a', '!@.b', '@..a', '@.*', '@[?@ == 1]', "match(@, 'a.*')", "search(@.a, 'b')", '!@[0]'),
        fc.tuple(tie('test'), fc.constantFrom('&&', '||'), tie('test')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      ),
    };
  });

  it('as the library that parses it would, on any document', () => {
    fc.assert(
      fc.property(path, document, (text, value) => {
        const expected = library.compile(text).match(roundNumbers(value));
        expect(find(text, value)).toEqual(
          expected === undefined ? { value: undefined, isCutShort: false } : { value: expected.value },
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('also where a list is longer than a call takes arguments', () => {
    const items = list(300_000, (n) => n);
    expect(find('$.items[?@ == 299999]', { items })).toEqual({ value: 299_999 });
    expect(find('$[?count(@.*) > 299999][0]', { items })).toEqual({ value: 0 });
  });
});

describe('a path on a hostile document', () => {
  const wide = (): Json => list(100, (n) => n);
  const manyValues = nested('a', wide);
  const manyBranches: Json = list(2000, () => nested('a', () => 1));
  const long = 'a'.repeat(2 ** 20);

  it.each([
    ['$..a..b', manyBranches],
    ['$..a..a..a..a..a..a..b', manyBranches],
    [`$${'..a'.repeat(60)}..b`, manyValues],
    [`$${'..*'.repeat(100)}.b`, manyValues],
    [`$${'..*[0,0,0]'.repeat(20)}.b`, manyValues],
  ])('%s is searched to its end in linear time', (path, document) => {
    const size = JSON.stringify(document).length;
    const segments = path.split('..').length + path.split('[').length;
    expect(find(path, document, 3 * size * segments)).toEqual({ value: undefined, isCutShort: false });
  });

  it.each([
    ['$..[?@..[?@..[?@..b]]]', manyBranches],
    ['$..[?count($..*) == 1]', manyBranches],
    ['$..[?count(@..*) == -1 && count(@..*) == -1]', list(20, () => manyBranches)],
    ['$[*][?$[?$[?@ == -1]]]', list(2000, (n) => [n])],
    [
      '$..[?$.x == $.y && @ == "none"]',
      { x: long, y: `${long.slice(1)}a`, list: wide(), more: list(20_000, (n) => n) },
    ],
    ['$..[?$.x == $.y && @ == "none"]', { x: [wide(), wide()], y: [wide(), wide()], more: list(200_000, (n) => n) }],
    ['$..[?$.x <= $.y && @ == "none"]', { x: long, y: long, more: list(20_000, (n) => n) }],
    [
      '$..[?length($) == -1]',
      { more: list(3_000_000, (n) => n), ...Object.fromEntries(list(50_000, (n) => [`k${n}`, n])) },
    ],
    [
      '$..[?$[?@ == -1]]',
      { more: list(1_000_000, (n) => n), ...Object.fromEntries(list(50_000, (n) => [`k${n}`, n])) },
    ],
    ['$..[?match(@.text, @.pattern)]', list(3000, (n) => ({ text: long.slice(n), pattern: `(a{30}){30}${n}` }))],
    ['$..[?search(@, "a{500}$")]', list(20, (n) => `${long.slice(n)}b`)],
    ['$..[?search(@, "(a+)+$")]', list(20, (n) => `${long.slice(n)}b`)],
    ['$..[?match("x", @)]', list(100_000, (n) => `(${n}){0,9}`)],
  ])('%s gives up within its steps', (path, document) => {
    let found: unknown;
    // On an idle machine at most 0.4 s; the first compilation of everything is in it.
    expect(cpuMs(() => (found = find(path, document)))).toBeLessThan(5000);
    expect(found).toEqual({ value: undefined, isCutShort: true });
  });

  it('costs no more when a delivery is a list of such documents, or several paths meet it', () => {
    const reading = startPathReading();
    const finders = ['type', 'id'].map((name) => compilePathSetting('crm', name, '$..[?count($..*) == 1]'));
    const documents = list(200, () => manyBranches);
    const used = cpuMs(() => {
      for (const document of documents) for (const findIt of finders) expect(findIt(document, reading)).toBeUndefined();
    });
    expect(used).toBeLessThan(5000);
    expect(reading.notes.map(({ code }) => code)).toEqual(['jsonpath_too_costly', 'jsonpath_too_costly']);
    // Plain paths go on.
    expect(compilePathSetting('crm', 'id', '$[1].end')([0, { end: 'x' }], reading)).toBe('x');
  });

  it('is noted on the delivery, whose value counts as not found', () => {
    const event = { type: '$.kind', id: '$..[?count($..*) == 1].id' };
    const value: Json = { kind: 'order', items: manyBranches };
    const body = { kind: 'json' as const, value, text: '' };
    const read = prepareSource({ event }).read(buildRequest({}), body);
    if (!read.ok) throw new Error(read.message);
    expect(read.events).toMatchObject([{ type: 'order', externalId: null }]);
    expect(read.notes).toEqual([
      { code: 'jsonpath_too_costly', message: expect.stringContaining('event.id counts as not found') },
    ]);
  });

  it('of twenty-five megabytes of the smallest values ends too', () => {
    const document: Json = list(12_000_000, () => 1);
    expect(cpuMs(() => find('$..b', document))).toBeLessThan(5000);
    expect(cpuMs(() => find('$..a..b', document))).toBeLessThan(5000);
  });
});
