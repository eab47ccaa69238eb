import { isUtf8 } from 'node:buffer';
import { isoTimeMs } from '../../../../shared/conditions/values/iso-time.ts';
import type { Json } from '../../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../../shared/contract/deliveries.ts';
import { comparableNumber } from '../../../../shared/exact-json/exact-number.ts';
import { type JsonObject, presentFields } from '../../body/json-object.ts';
import { checkType } from '../../events/event-fields.ts';
import { occurredAt } from '../../events/event-time.ts';

export interface Attributes {
  type: string;
  source: string;
  id: string;
  timeMs: number | null;
  /** All of them, extensions too, as their values are in JSON. */
  all: JsonObject;
}

/** `problem` names the attribute and fits after "the event:". */
export type CheckedAttributes =
  | { ok: true; attributes: Attributes; notes: readonly DeliveryNote[] }
  | { ok: false; problem: string };

/** RFC 3986, without the structure of an authority: what is no URI at all, not which ones are of use. */
const uriReference =
  /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?$/;
const scheme = /^[A-Za-z][A-Za-z0-9+\-.]*:/;
/** RFC 2045 section 5.1. */
const mediaType = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+ *(?:;.*)?$/;
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):\d\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const controls = /\p{Cc}/u;

const isUriReference = (text: string): boolean => text !== '' && uriReference.test(text);

const isTime = (text: string): boolean => rfc3339.test(text) && !Number.isNaN(isoTimeMs(text));

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

const shownName = (name: string): string => `the attribute "${name.slice(0, 60)}"`;

const keptAsSent = (name: string, problem: string): DeliveryNote => ({
  code: 'cloudevent_attribute',
  message: `T${shownName(name).slice(1)} ${problem}; it was kept as sent.`,
});

const readAsText = (name: string, text: string | undefined): DeliveryNote => ({
  code: 'cloudevent_attribute',
  message: `T${shownName(name).slice(1)} is not text; it was read as "${text?.slice(0, 60)}".`,
});

const isRequired = (name: string): boolean => required.some((each) => each === name);

/** A required attribute as text; a number in its place is its digits. */
const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : comparableNumber(value) === null ? undefined : String(value);

/**
 * The attributes of an event. Required are `specversion`, `id`, `source` and `type`; what else breaks CloudEvents 1.0.2
 * section 3 is kept as it was sent, and noted; `strict` refuses it. In JSON, null means that the attribute is
 * absent.
 */
export function checkAttributes(given: Iterable<[string, Json]>, strict: boolean): CheckedAttributes {
  const all: JsonObject = Object.create(null);
  const notes: DeliveryNote[] = [];
  for (const [name, value] of given) {
    if (value === null) continue;
    const problem = checkValue(name, value);
    if (problem !== null) {
      if (strict) return { ok: false, problem: `${shownName(name)} ${problem}` };
      if (isRequired(name) && textOf(value) !== value) notes.push(readAsText(name, textOf(value)));
      else if (name !== 'time') notes.push(keptAsSent(name, problem));
    }
    all[name] = value;
  }
  for (const name of required) {
    const text = textOf(all[name]);
    if (text === undefined || text === '') {
      const problem = all[name] === undefined ? 'is missing' : text === '' ? 'is empty' : 'is not text';
      return { ok: false, problem: `${shownName(name)} ${problem}` };
    }
    all[name] = text;
  }
  const { type = '', source = '', id = '', time } = all;
  const checked = checkType(type);
  if (!checked.ok) return { ok: false, problem: `${shownName('type')} ${checked.problem}` };
  const read = occurredAt(['the attribute "time"', time]);
  if (read.occurredAtMs !== null && !(typeof time === 'string' && isTime(time))) {
    const message = `The attribute "time" is not a time as in RFC 3339; it was read as ${new Date(read.occurredAtMs).toISOString()}.`;
    notes.push({ code: 'cloudevent_time', message });
  }
  notes.push(...(read.notes ?? []));
  return {
    ok: true,
    notes,
    attributes: {
      type: checked.type,
      source: String(source),
      id: String(id),
      timeMs: read.occurredAtMs,
      all: presentFields(all),
    },
  };
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
export function checkHeaderAttributes(headers: Readonly<Record<string, string>>, strict: boolean): CheckedAttributes {
  const given: [string, Json][] = [];
  const notes: DeliveryNote[] = [];
  for (const [header, raw] of Object.entries(headers)) {
    if (!header.startsWith('ce-')) continue;
    const name = header.slice(3);
    if (strict && (name === 'datacontenttype' || name === 'data')) {
      const place = name === 'data' ? 'the body' : 'the header content-type';
      return { ok: false, problem: `${shownName(name)} belongs in ${place}, not in a separate header` };
    }
    const decoded = decodeHeader(raw);
    if (decoded === null) {
      const problem = 'is not percent-encoded UTF-8';
      if (strict) return { ok: false, problem: `${shownName(name)} ${problem}` };
      notes.push(keptAsSent(name, problem));
    }
    // Several senders leave a URI as it is, so that decoding would take its own escapes away.
    const isUri = name === 'source' || name === 'dataschema';
    given.push([name, decoded === null || (isUri && !isUriReference(decoded)) ? raw : decoded]);
  }
  const contentType = headers['content-type'];
  // Last, so that the header of the body goes before one of the attribute's own.
  if (contentType !== undefined && contentType !== '') given.push(['datacontenttype', contentType]);
  const checked = checkAttributes(given, strict);
  return checked.ok ? { ...checked, notes: [...notes, ...checked.notes] } : checked;
}
