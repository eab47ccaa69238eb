import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';

const rawJson = Object.getOwnPropertyDescriptor(JSON, 'rawJSON');
const event = '{"id":9007199254740993,"list":[-90071992547409931],"price":1.50,"huge":1e400,"text":"9007199254740993"}';
const returned =
  '{"id":9007199254740993,"list":[-90071992547409931],"price":1.5,"huge":"1e400","text":"9007199254740993"}';

describe.each([
  ['an engine that prints raw JSON', true],
  ['an older engine', false],
])('on %s', (_, hasRawJson) => {
  beforeEach(() => {
    vi.resetModules();
    if (!hasRawJson) Reflect.deleteProperty(JSON, 'rawJSON');
  });
  afterEach(() => {
    if (rawJson !== undefined) Object.defineProperty(JSON, 'rawJSON', rawJson);
    Reflect.deleteProperty(BigInt.prototype, 'toJSON');
  });

  it('a script may print and return the numbers it was given', async () => {
    const { printBigInts, printScriptValue, scriptValue } = await import(
      '../../electron/jobs/script/channel/script-numbers.ts'
    );
    printBigInts();
    const value = scriptValue(parseExact(event));
    expect(value).toEqual({
      id: 9007199254740993n,
      list: [-90071992547409931n],
      price: 1.5,
      huge: '1e400',
      text: '9007199254740993',
    });
    expect(printScriptValue(value)).toBe(returned);
    expect(JSON.stringify(value)).toBe(
      hasRawJson
        ? returned
        : returned
            .replace('9007199254740993', '"9007199254740993"')
            .replace('-90071992547409931', '"-90071992547409931"'),
    );
    expect(printScriptValue(undefined)).toBeUndefined();
    expect(printScriptValue({ toJSON: () => ({ at: new Date(0), n: 1n }) })).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","n":1}',
    );
  });
});
