import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import { isExactNumber } from '../../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { readRawText } from '../../charset/raw-text.ts';
import { headerNameSchema } from '../../verify/header-name.ts';
import type { HookRequest } from './hook-request.ts';

const nameSchema = z.string().min(1, 'must not be empty').max(500, 'must be at most 500 characters');

/** Where a rule finds the text that it looks at. */
export const hookValueSchema = z.union(
  [
    z.strictObject({ payload: nameSchema }),
    z.strictObject({ header: headerNameSchema }),
    z.strictObject({ query: nameSchema }),
    z.strictObject({ request: z.enum(['method', 'remote-addr']) }),
    z.strictObject({ text: z.string().max(10_000) }),
    z.strictObject({ body: z.literal(true) }),
  ],
  { error: 'must be {payload: name}, {header: name}, {query: name}, {request: method}, {text: …} or {body: true}' },
);
export type HookValue = z.infer<typeof hookValueSchema>;

/** Undefined: the request has no such value. */
export function readHookValue(value: HookValue, request: HookRequest): string | undefined {
  if ('text' in value) return value.text;
  if ('body' in value) return request.body.toString('utf8');
  if ('request' in value) return value.request === 'method' ? request.method : request.remoteAddress;
  if ('header' in value) {
    const header = request.headers[value.header];
    return header === undefined ? undefined : readRawText(header);
  }
  const found = 'query' in value ? findValue(value.query, request.query) : findValue(value.payload, request.payload);
  return found === undefined ? undefined : printValue(found);
}

/** `commits.0.id`: a name that is spelled so goes before the way through objects and lists. */
function findValue(name: string, document: Json): Json | undefined {
  const dot = name.indexOf('.');
  const [head, rest] = dot === -1 ? [name, null] : [name.slice(0, dot), name.slice(dot + 1)];
  if (Array.isArray(document)) {
    const part = /^\d{1,9}$/.test(head) ? document[Number(head)] : undefined;
    return part === undefined || rest === null ? part : findValue(rest, part);
  }
  if (!isJsonRecord(document)) return undefined;
  if (Object.hasOwn(document, name)) return document[name];
  const part = Object.hasOwn(document, head) ? document[head] : undefined;
  return part === undefined || rest === null ? undefined : findValue(rest, part);
}

function printValue(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  return typeof value === 'object' && !isExactNumber(value) ? stringifyExact(value) : String(value);
}
