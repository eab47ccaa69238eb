import { isUtf8 } from 'node:buffer';
import type { Json } from '../../shared/contract/common.ts';
import { comparableNumber } from '../../shared/exact-json/exact-number.ts';
import { checkType } from './event-fields.ts';
import { readTimeMs } from './event-time.ts';
import { type JsonObject, presentFields } from './json-object.ts';

export interface Attributes {
  type: string;
  source: string;
  id: string;
  timeMs: number | null;
  /** All of them, extensions too, as their values are in JSON. */
  all: JsonObject;
}

/** `problem` names the attribute and fits after "the event:". */
export type CheckedAttributes = { ok: true; attributes: Attributes } | { ok: false; problem: string };

/** RFC 3986, without the structure of an authority: what is no URI at all, not which ones are of use. */
const uriReference =
  /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?$/;
const scheme = /^[A-Za-z][A-Za-z0-9+\-.]*:/;
/** RFC 2045 section 5.1. */
const mediaType = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+ *(?:;.*)?$/;
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt]\d\d:\d\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const controls = /\p{Cc}/u;

const isUriReference = (text: string): boolean => text !== '' && uriReference.test(text);

function isTime(text: string): boolean {
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // `Date` takes the 30th of February for the 1st of March.
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && !Number.isNaN(timeMsOf(text));
}

/** A leap second is taken for the one before it; digits beyond the nanosecond are dropped. */
const timeMsOf = (text: string): number =>
  Date.parse(
    text
      .toUpperCase()
      .replace(/:60(?=[.Z+-])/, ':59')
      .replace(/(\.\d{9})\d+/, '$1'),
  );

/** What each defined attribute must be, as words after its name; null when it is. */
const rules: Record<string, (text: string) => string | null> = {
  specversion: (text) => (text === '1.0' ? null : 'is not "1.0", the only version that is read here'),
  id: () => null,
  source: (text) => (isUriReference(text) ? null : 'is not a URI reference'),
  type(text) {
    const checked = checkType(text);
    return checked.ok ? null : checked.problem;
  },
  datacontenttype: (text) => (mediaType.test(text) ? null : 'is not a media type'),
  dataschema: (text) => (isUriReference(text) && scheme.test(text) ? null : 'is not an absolute URI'),
  subject: () => null,
  time: (text) => (isTime(text) ? null : 'is not a time as in RFC 3339'),
};
const required = ['specversion', 'id', 'source', 'type'] as const;

function checkValue(name: string, value: Json): string | null {
  if (!/^[a-z0-9]+$/.test(name)) return 'has a name of other characters than a to z and 0 to 9';
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (typeof value === 'string') {
    if (controls.test(value)) return 'holds control characters';
    if (rule === undefined) return null;
    return value === '' ? 'is empty' : rule(value);
  }
  if (rule !== undefined) return 'is not text';
  if (typeof value === 'boolean') return null;
  const number = comparableNumber(value);
  if (number !== null) {
    return Number.isInteger(number) && Math.abs(Number(number)) <= 2 ** 31 ? null : 'is not a whole number of 32 bits';
  }
  return 'is neither text, a whole number, true nor false';
}

/** Checks by CloudEvents 1.0.2 section 3. In JSON, null stands for an attribute that is not there. */
export function checkAttributes(given: Iterable<[string, Json]>): CheckedAttributes {
  const all: JsonObject = Object.create(null);
  for (const [name, value] of given) {
    if (value === null) continue;
    const problem = checkValue(name, value);
    if (problem !== null) return { ok: false, problem: `the attribute "${name.slice(0, 60)}" ${problem}` };
    all[name] = value;
  }
  for (const name of required) {
    if (all[name] === undefined) return { ok: false, problem: `the attribute "${name}" is missing` };
  }
  const { type, source, id, time } = all;
  if (typeof type !== 'string' || typeof source !== 'string' || typeof id !== 'string') {
    return { ok: false, problem: 'the attributes "type", "source" and "id" are not all text' };
  }
  const timeMs = typeof time === 'string' ? readTimeMs(time) : null;
  return { ok: true, attributes: { type, source, id, timeMs, all: presentFields(all) } };
}

/**
 * The value of a `ce-…` header: quoted or not, percent-encoded (HTTP binding 1.0.2 section 3.1.3.2), and in UTF-8 where
 * a sender does not encode. Null when it is none of that.
 */
function decodeHeader(value: string): string | null {
  const bytes = Buffer.from(value, 'latin1');
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  const bare = /^".*"$/s.test(text) && text.length > 1 ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
  try {
    return bare.replace(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) => decodeURIComponent(encoded));
  } catch {
    return null;
  }
}

/** Attributes of the binary mode: one header each, and the content type of the body. */
export function checkHeaderAttributes(headers: Readonly<Record<string, string>>): CheckedAttributes {
  const given: [string, Json][] = [];
  for (const [header, raw] of Object.entries(headers)) {
    if (!header.startsWith('ce-')) continue;
    const name = header.slice(3);
    if (name === 'datacontenttype' || name === 'data') {
      const place = name === 'data' ? 'the body' : 'the header content-type';
      return {
        ok: false,
        problem: `the attribute "${name}" does not belong into a header of its own, but into ${place}`,
      };
    }
    const decoded = decodeHeader(raw);
    if (decoded === null)
      return { ok: false, problem: `the attribute "${name.slice(0, 60)}" is not percent-encoded UTF-8` };
    // Several senders leave a URI as it is, so that decoding would take its own escapes away.
    const isUri = name === 'source' || name === 'dataschema';
    given.push([name, isUri && !isUriReference(decoded) ? raw : decoded]);
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined && contentType !== '') given.push(['datacontenttype', contentType]);
  return checkAttributes(given);
}
