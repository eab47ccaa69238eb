/**
 * JSON of messages that a script cannot alter on their way: `JSON.stringify` asks every object for `toJSON`, which a script
 * may have put on `Object.prototype`. Only own properties count here, and nothing is looked up that can be replaced.
 */
const { apply, ownKeys } = Reflect;
const { isArray } = Array;
const { stringify } = JSON;
const { isFinite: isFiniteNumber } = Number;

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export function printPlain(value: Plain): string {
  if (value === null) return 'null';
  // Of a plain text, `stringify` asks nothing.
  if (typeof value === 'string') return stringify(value);
  if (typeof value === 'number') return isFiniteNumber(value) ? `${value}` : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isPlainList(value)) {
    let text = '';
    for (let index = 0; index < value.length; index += 1)
      text += (index === 0 ? '' : ',') + printPlain(value[index] ?? null);
    return `[${text}]`;
  }
  const keys = ownKeys(value);
  let text = '';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (typeof key === 'string') text += `${text === '' ? '' : ','}${stringify(key)}:${printPlain(value[key] ?? null)}`;
  }
  return `{${text}}`;
}

const isPlainList = (value: unknown): value is readonly Plain[] => apply(isArray, Array, [value]);
