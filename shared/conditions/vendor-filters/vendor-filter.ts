import { errorText } from '../../error-text.ts';
import { parseExact } from '../../exact-json/parse-exact.ts';
import type { ConditionError, ConditionsResult } from '../parse/parse-state.ts';
import { copyJson } from '../parse/parse-value.ts';
import { type Conditions, isObject, type JsonValue } from '../tree.ts';
import { parseFlatfileFilter } from './flatfile-filter.ts';
import { parseRevoengineFilter } from './revoengine-filter.ts';

/** Systems whose own filters are read. */
export const VENDOR_FILTERS = ['flatfile', 'revoengine'] as const;
export type VendorFilterKind = (typeof VENDOR_FILTERS)[number];

/** A filter in a vendor's terms as definitions have it; `topic` is what the vendor's `listener.on` takes first. */
export type VendorFilter = { flatfile: JsonValue; topic?: string | string[] | undefined } | { revoengine: JsonValue };

/**
 * A vendor's filter as conditions. `input` is the filter itself, or its JSON as text, as it is pasted. Errors have
 * paths into the filter; a text that is no JSON has one error at its start.
 */
export function parseVendorFilter(kind: VendorFilterKind, input: unknown, topic?: unknown): ConditionsResult {
  const read = typeof input === 'string' ? readJson(input) : { ok: true as const, value: input };
  if (!read.ok) return read;
  return kind === 'flatfile' ? parseFlatfileFilter(read.value, topic) : parseRevoengineFilter(read.value);
}

function readJson(text: string): { ok: true; value: unknown } | { ok: false; errors: ConditionError[] } {
  try {
    return { ok: true, value: parseExact(text) };
  } catch (error) {
    const reason = errorText(error);
    return { ok: false, errors: [{ path: [], message: `This is not JSON: ${reason}` }] };
  }
}

export type FilterResult =
  | { ok: true; conditions: Conditions; filter: VendorFilter }
  | { ok: false; errors: ConditionError[] };

/** What a definition says as `filter`: `{flatfile, topic?}` or `{revoengine}`. Errors have paths from there on. */
export function readVendorFilter(input: unknown): FilterResult {
  const fail = (message: string, path: (string | number)[] = []): FilterResult => ({
    ok: false,
    errors: [{ path, message }],
  });
  const copied = copyJson(input, []);
  if (!copied.ok) return { ok: false, errors: [copied.error] };
  const value = copied.value;
  const kind = VENDOR_FILTERS.find((one) => isObject(value) && Object.hasOwn(value, one));
  if (!isObject(value) || kind === undefined) return fail('A filter is {"flatfile": {…}} or {"revoengine": {…}}');
  const allowed = kind === 'flatfile' ? ['flatfile', 'topic'] : ['revoengine'];
  const extra = Object.keys(value).find((key) => !allowed.includes(key));
  if (extra !== undefined) return fail(`"${extra}" cannot be combined with "${kind}"`, [extra]);
  const written: JsonValue = value[kind] ?? {};
  if (typeof written === 'string') return fail('The filter is an object, not text', [kind]);
  if (kind === 'revoengine') {
    const parsed = parseRevoengineFilter(written);
    if (!parsed.ok) return { ok: false, errors: below(kind, parsed.errors) };
    return { ok: true, conditions: parsed.conditions, filter: { revoengine: written } };
  }
  const ofTopic = parseFlatfileFilter({}, value.topic);
  const ofRecord = parseFlatfileFilter(written);
  if (!ofTopic.ok || !ofRecord.ok) {
    const errors = [...(ofTopic.ok ? [] : ofTopic.errors), ...(ofRecord.ok ? [] : below(kind, ofRecord.errors))];
    return { ok: false, errors };
  }
  const whole = parseFlatfileFilter(written, value.topic);
  if (!whole.ok) return { ok: false, errors: below(kind, whole.errors) };
  const topic = isTopic(value.topic) ? { topic: value.topic } : {};
  return { ok: true, conditions: whole.conditions, filter: { flatfile: written, ...topic } };
}

const below = (kind: VendorFilterKind, errors: readonly ConditionError[]): ConditionError[] =>
  errors.map(({ path, message }) => ({ path: [kind, ...path], message }));

const isTopic = (topic: unknown): topic is string | string[] =>
  typeof topic === 'string' || (Array.isArray(topic) && topic.every((one) => typeof one === 'string'));
