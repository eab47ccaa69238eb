import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchema } from '../../../shared/contract/common.ts';
import { safeParseEased } from '../../../shared/exact-json/ease-numbers.ts';
import {
  canonicalNumber,
  compareNumbers,
  exactNumber,
  isExactNumber,
  plainNumber,
  readNumber,
} from '../../../shared/exact-json/exact-number.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { scanJson } from '../../../shared/exact-json/scan-json.ts';
import { hasExactNumber, stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { compareAsFractions, jsonText, numbersIn, numberText } from './arbitraries.ts';
import { roundNumbers } from './round-numbers.ts';

const RUNS = { numRuns: 3_000 };

describe('JSON without loss', () => {
  it('comes out with the digits that went in, whatever the text', () => {
    let unusual = 0;
    fc.assert(
      fc.property(jsonText, (text) => {
        const value = parseExact(text);
        unusual += hasExactNumber(value) ? 1 : 0;
        const printed = stringifyExact(value);
        // Names that are numbers come first in an object, so the order may differ.
        expect(numbersIn(printed).sort()).toEqual(numbersIn(text).sort());
        expect(stringifyExact(parseExact(printed))).toBe(printed);
        expect(numbersIn(stringifyExact(value, 2)).sort()).toEqual(numbersIn(text).sort());
      }),
      RUNS,
    );
    expect(unusual).toBeGreaterThan(300);
  });

  it('is what JSON.parse makes of it but for the numbers', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(roundNumbers(parseExact(text))).toEqual(JSON.parse(text));
      }),
      RUNS,
    );
  });

  it('survives structured clone and the schemas of the contract', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const value = parseExact(text);
        const parsed = jsonSchema.safeParse(structuredClone(value));
        expect(parsed.success).toBe(true);
        if (parsed.success && !text.includes('__proto__')) {
          expect(stringifyExact(parsed.data)).toBe(stringifyExact(value));
        }
      }),
      RUNS,
    );
  });

  it('fails where JSON.parse fails, in the same words', () => {
    const broken = fc
      .tuple(jsonText, fc.nat(), fc.constantFrom('', '"', ',', '1.0', '{', '\\', ':', '-'))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    const outcome = (parse: (text: string) => unknown, text: string): string => {
      try {
        parse(text);
        return 'fine';
      } catch (error) {
        return error instanceof Error ? error.message : 'odd';
      }
    };
    fc.assert(
      fc.property(broken, (text) => {
        expect(outcome(parseExact, text)).toBe(outcome(JSON.parse, text));
      }),
      RUNS,
    );
  });

  it.each(['{1.0:2}', '{"a":01.0}', '[1.0 2.0]', '1.0e', '[-]', '"1.0', '.5', '1.', '+1.0'])('refuses %s', (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  it('keeps usual numbers plain and everything else exact', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const value = parseExact(text);
        if (String(Number(text)) === text) expect(value).toBe(Number(text));
        else expect(isExactNumber(value) && String(value)).toBe(text);
      }),
      RUNS,
    );
  });

  it('treats doubled names and __proto__ as JSON.parse does', () => {
    const value = parseExact('{"a":1.0,"a":2.0,"__proto__":{"b":3.0}}');
    expect(stringifyExact(value)).toBe('{"a":2.0,"__proto__":{"b":3.0}}');
    expect(Reflect.get({}, 'b')).toBeUndefined();
  });

  it('takes no text for a number, however it is spelled', () => {
    const value = { a: '9007199254740993', b: exactNumber('9007199254740993'), c: '"1.0"' };
    expect(stringifyExact(value)).toBe('{"a":"9007199254740993","b":9007199254740993,"c":"\\"1.0\\""}');
    expect(jsonSchema.safeParse(new String('rm -rf')).success).toBe(false);
    expect(() => exactNumber('1; drop')).toThrow(TypeError);
  });

  it('takes linear time for texts of nothing but backslashes, quotes and digits', () => {
    for (const text of [
      `"${'\\'.repeat(2e6)}"`,
      '"'.repeat(2e6),
      '1.0,'.repeat(5e5),
      '-'.repeat(2e6),
      '\\"'.repeat(1e6),
    ]) {
      expect(cpuMs(() => scanJson(text))).toBeLessThan(5_000);
    }
  });

  it('takes any depth', () => {
    const deep = `${'['.repeat(50_000)}1.0${']'.repeat(50_000)}`;
    expect(() => parseExact(deep)).not.toThrow();
    expect(scanJson(deep, 64)).toBeNull();
  });
});

describe('numbers', () => {
  it('compare as fractions do', () => {
    fc.assert(
      fc.property(numberText, numberText, (a, b) => {
        const left = exactNumber(a);
        const right = exactNumber(b);
        const expected = compareAsFractions(a, b);
        expect(Math.sign(compareNumbers(left, right))).toBe(expected);
        expect(canonicalNumber(left) === canonicalNumber(right)).toBe(expected === 0);
        expect(compareAsFractions(canonicalNumber(left), a)).toBe(0);
      }),
      RUNS,
    );
  });

  it('become plain exactly where the double has their value', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const plain = plainNumber(exactNumber(text));
        const isHeld = Number.isFinite(Number(text)) && compareAsFractions(String(Number(text)), text) === 0;
        expect(typeof plain === 'number').toBe(isHeld);
        expect(readNumber(text)).toEqual(plain);
      }),
      RUNS,
    );
  });

  it('with endless exponents are compared in no time', () => {
    const huge = exactNumber(`1e${'9'.repeat(100_000)}`);
    expect(compareNumbers(huge, 5)).toBeGreaterThan(0);
    expect(compareNumbers(exactNumber(`1e-${'9'.repeat(100_000)}`), 5)).toBeLessThan(0);
    expect(compareNumbers(exactNumber(`0e${'9'.repeat(100_000)}`), -0)).toBe(0);
  });
});

describe('a schema of plain numbers', () => {
  const schema = z.strictObject({
    limit: z.number().int(),
    when: z.union([z.strictObject({ after: z.number() }), z.string()]).optional(),
    list: z.array(z.union([z.number(), z.string()])).optional(),
    payload: jsonSchema.optional(),
  });

  it('takes 60.0 for 60 and leaves what may be any JSON as it was sent', () => {
    const text = '{"limit":60.0,"when":{"after":6e1},"list":[1.0,"1.0"],"payload":{"price":12.50}}';
    const parsed = safeParseEased(schema, parseExact(text));
    expect(parsed.success && stringifyExact(parsed.data)).toBe(
      '{"limit":60,"when":{"after":60},"list":[1,"1.0"],"payload":{"price":12.50}}',
    );
  });

  it.each(['{"limit":1.5e0}', '{"limit":1e400}', '{"limit":"60.0"}', '{"limit":9007199254740993}'])(
    'refuses %s',
    (text) => {
      expect(safeParseEased(schema, parseExact(text)).success).toBe(false);
    },
  );
});
