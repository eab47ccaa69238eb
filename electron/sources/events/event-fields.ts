import { createHash } from 'node:crypto';
import type { Json } from '../../../shared/contract/common.ts';
import { comparableNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { queryFields } from '../body/form-fields.ts';
import { isSecretQueryName } from '../redact/sensitive-names.ts';
import type { IncomingRequest, ReadBody } from '../source-types.ts';

export const maxTypeLength = 200;
const maxIdLength = 200;

/** Control characters: they have no place in a name and would forge lines in logs and terminals. */
const controls = /\p{Cc}/u;

export type CheckedType = { ok: true; type: string } | { ok: false; problem: string };

/** `problem` fits after "the event type". */
export function checkType(value: Json): CheckedType {
  const type = comparableNumber(value) === null ? value : String(value);
  if (typeof type !== 'string') return { ok: false, problem: 'is neither text nor a number' };
  if (type.trim() === '') return { ok: false, problem: 'is empty' };
  if (type.length > maxTypeLength) return { ok: false, problem: `is longer than ${maxTypeLength} characters` };
  if (controls.test(type)) return { ok: false, problem: 'holds control characters' };
  return { ok: true, type };
}

const usualTypeNames = ['type', 'event', 'event_type', 'eventType', 'topic', 'action', 'name'] as const;

/** The type of a document without a setting for it: the first usual field that could be one. */
export function guessType(document: Json, slug: string): string {
  if (isJsonRecord(document)) {
    for (const name of usualTypeNames) {
      const value = Object.hasOwn(document, name) ? document[name] : undefined;
      if (typeof value !== 'string') continue;
      const checked = checkType(value);
      if (checked.ok) return checked.type;
    }
  }
  return `${slug}.received`;
}

/**
 * The sender's id as text, or null where there is none to speak of (absent, empty, an object). It becomes a key for a
 * week, so a long one is kept as its hash. A number is its digits as they were sent.
 */
export function readExternalId(value: Json | undefined, body: Buffer): string | null {
  const text = comparableNumber(value) === null ? value : String(value);
  if (typeof text !== 'string' || text === '') return null;
  // Repaired characters all look the same, so two ids may; a repeat has the same body.
  if (text.includes('\ufffd')) return `sha256-${createHash('sha256').update(text).update(body).digest('hex')}`;
  return text.length <= maxIdLength ? text : `sha256-${createHash('sha256').update(text).digest('hex')}`;
}

/** The query as an object, without what is secret in it. */
export function queryPayload(request: IncomingRequest, secretNames: readonly string[]): Json {
  const kept = new URLSearchParams();
  for (const [name, value] of request.query) {
    if (!isSecretQueryName(name) && !secretNames.includes(name)) kept.append(name, value);
  }
  return queryFields(kept);
}

/** What a readable body is as an event's payload. */
export function bodyPayload(body: Exclude<ReadBody, { kind: 'problem' }>): Json {
  switch (body.kind) {
    case 'json':
      return body.value;
    case 'form':
      return body.fields;
    case 'text':
      return body.text;
    case 'none':
      return null;
  }
}
