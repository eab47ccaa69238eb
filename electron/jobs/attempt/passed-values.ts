import type { ConditionInput } from '../../../shared/conditions/tree.ts';
import { parseFieldPath, readField } from '../../../shared/conditions/values/paths.ts';
import type { Json } from '../../../shared/contract/common.ts';
import type { Pass, PassedValue } from '../../../shared/contract/passed-values.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

interface PassedValues {
  args: string[];
  env: Record<string, string>;
  files: { variable: string; content: Buffer }[];
}

export const nothingPassed: PassedValues = { args: [], env: {}, files: [] };

/** What a job passes of the event, whose document is JSON text. */
export function readPassedValues(pass: Pass, event: string): PassedValues {
  const input = readInput(event);
  const named = (values: Record<string, PassedValue> = {}): [string, Buffer][] =>
    Object.entries(values).flatMap(([name, value]): [string, Buffer][] => {
      const content = readValue(value, input);
      return content === null ? [] : [[name, content]];
    });
  return {
    args: (pass.arguments ?? []).map((value) => readValue(value, input)?.toString('utf8') ?? ''),
    env: Object.fromEntries(named(pass.env).map(([name, content]) => [name, content.toString('utf8')])),
    files: named(pass.files).map(([variable, content]) => ({ variable, content })),
  };
}

function readInput(event: string): ConditionInput {
  const document = parseExact(event);
  const fields = isJsonRecord(document) ? document : {};
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
  const headers = fields.headers;
  return {
    type: text(fields.type),
    source: text(fields.source),
    system: text(fields.system),
    context: fields.context,
    payload: fields.payload,
    headers: isJsonRecord(headers)
      ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)]))
      : {},
  };
}

/** Null where the event has no such field. */
function readValue(value: PassedValue, input: ConditionInput): Buffer | null {
  if ('text' in value) return Buffer.from(value.text);
  const parsed = parseFieldPath(value.field);
  const found = parsed.ok ? readField(parsed.path, input) : [];
  if (found.length === 0) return null;
  const text = print(found.length === 1 ? found[0] : found);
  return value.base64 === true ? Buffer.from(text, 'base64') : Buffer.from(text);
}

const print = (value: unknown): string => (typeof value === 'string' ? value : stringifyExact(sorted(value)));

/** The same value is the same text, in whatever order its sender wrote the names. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const names = new Map(Object.entries(value));
  return Object.fromEntries([...names.keys()].sort().map((name) => [name, sorted(names.get(name))]));
}
