import { isExactNumber, plainNumber } from '../../../../shared/exact-json/exact-number.ts';
import { type ExactJson, isJsonRecord, mark } from '../../../../shared/exact-json/parse-exact.ts';
import { hasExactNumber, unquoteMarked } from '../../../../shared/exact-json/stringify-exact.ts';

/** Longer ones would take `BigInt` too long. */
const maxBigIntDigits = 1_000;

/**
 * A value as a script gets it: a number that a double does not hold is a `bigint` when it is written as a whole number,
 * else text with the digits that were sent. Everything else is what `JSON.parse` gives.
 */
export const scriptValue = (value: ExactJson): unknown => (hasExactNumber(value) ? convert(value) : value);

function convert(value: ExactJson): unknown {
  if (isExactNumber(value)) {
    const plain = plainNumber(value);
    if (typeof plain === 'number') return plain;
    const digits = String(value);
    return /^-?\d+$/.test(digits) && digits.length <= maxBigIntDigits ? BigInt(digits) : digits;
  }
  if (Array.isArray(value)) return value.map(convert);
  if (!isJsonRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, convert(part)]));
}

const rawJson: unknown = Reflect.get(JSON, 'rawJSON');

/**
 * Makes `JSON.stringify` take a bigint, so that printing an event never throws: as a number where the engine can print
 * one (`JSON.rawJSON`, Node 21 and later), else as text. Called before the script is loaded.
 */
export function printBigInts(): void {
  Object.defineProperty(BigInt.prototype, 'toJSON', {
    value(this: bigint): unknown {
      const digits = String(this);
      return typeof rawJson === 'function' ? Reflect.apply(rawJson, JSON, [digits]) : digits;
    },
    writable: true,
    configurable: true,
  });
}

/** JSON of what a script hands over, a bigint as the number it is on every engine; undefined where there is none. */
export function printScriptValue(value: unknown): string | undefined {
  if (typeof rawJson === 'function') return JSON.stringify(value);
  const text: string | undefined = JSON.stringify(value, function (this: object, name: string, part: unknown) {
    const own: unknown = Reflect.get(this, name);
    return typeof own === 'bigint' ? mark + String(own) : part;
  });
  return text === undefined ? undefined : unquoteMarked(text);
}
