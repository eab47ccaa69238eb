import fc from 'fast-check';

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

/** Any number as RFC 8259 lets it be written, with many that a double does not print back. */
export const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  // About 2^53, where doubles begin to be sparse.
  fc.integer({ min: -5, max: 5 }).map((offset) => String(2n ** 53n + BigInt(offset))),
  fc.constantFrom('-0', '0', '1.0', '1', '1e0', '10e-1', '1E+2', '100', '1e400', '-1e400', '1e-400', '0.1', '0.10'),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 24)).map(([first, rest]) => first + rest),
      fc.option(
        digits(1, 24).map((fraction) => `.${fraction}`),
        { nil: '' },
      ),
      fc.option(
        fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 3)).map((p) => p.join('')),
        {
          nil: '',
        },
      ),
    )
    .map((parts) => parts.join('')),
);

const space = fc.constantFrom('', ' ', '\n', '\t ');
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('1.0', '"1.0', '\\', '\\\\"', '9007199254740993', ',1.0,', '__proto__', 'a\u0000b', 'é\u0301'),
);

/** The text of any JSON document, white space and all. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numberText,
    text.map((value) => JSON.stringify(value)),
    fc.constantFrom('true', 'false', 'null'),
    fc.tuple(fc.array(tie('value'), { maxLength: 4 }), space).map(([parts, gap]) => `[${gap}${parts.join(`${gap},`)}]`),
    fc
      .tuple(fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([name]) => name }), space)
      .map(
        ([entries, gap]) =>
          `{${entries.map(([name, value]) => `${gap}${JSON.stringify(name)}:${gap}${value}`).join(',')}}`,
      ),
  ),
})).value;

/** The numbers of a JSON text in the order they stand in it, found without the code under test. */
export function numbersIn(json: string): string[] {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  return tokens.filter((token) => !token.startsWith('"'));
}

/** A decimal number as a fraction of whole numbers. */
export function fractionOf(number: string): { over: bigint; under: bigint } {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = BigInt(exponent) - BigInt(fraction.length);
  const over = BigInt(whole.replace('-', '') + fraction) * (number.startsWith('-') ? -1n : 1n);
  return shift >= 0n ? { over: over * 10n ** shift, under: 1n } : { over, under: 10n ** -shift };
}

/** Negative, zero or positive, by cross multiplication. */
export function compareAsFractions(a: string, b: string): number {
  const [left, right] = [fractionOf(a), fractionOf(b)];
  const difference = left.over * right.under - right.over * left.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
