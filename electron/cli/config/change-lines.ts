import type { Json } from '../../../shared/contract/common.ts';
import type { ConfigChange } from '../../../shared/contract/config.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { plainText } from '../output/plain-text.ts';

const signs = { added: '+', changed: '~', removed: '-' } as const;

/** `~ job import`, and a line for each field that differs. */
export function changeLines({ kind, name, change, before, after }: ConfigChange): string[] {
  const fields = kind === 'setting' || change === 'changed' ? differences('', before, after) : [];
  return [`${signs[change]} ${kind} ${name}`, ...fields.map((line) => `    ${line}`)].map(plainText);
}

function differences(path: string, before: Json | undefined, after: Json | undefined): string[] {
  if (stringifyExact(before) === stringifyExact(after)) return [];
  if (isJsonRecord(before) && isJsonRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(path === '' ? key : `${path}.${key}`, before[key], after[key]),
    );
  }
  const print = (value: Json | undefined): string => (value === undefined ? 'not set' : stringifyExact(value));
  return [`${path === '' ? '' : `${path}: `}${print(before)} → ${print(after)}`];
}
