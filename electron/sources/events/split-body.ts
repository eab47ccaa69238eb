import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { isJsonObject, type JsonObject, omitFields } from '../body/json-object.ts';
import { readBody } from '../body/read-body.ts';
import { compileListsSetting, maxSteps, type PathReading } from '../json-path/path-setting.ts';
import type { IncomingRequest, ReadBody } from '../source-types.ts';
import { bodyPayload } from './event-fields.ts';

/** One delivery is one transaction, in which its events and their runs are written. */
export const maxElements = 2000;

/** What surrounds the list is stored with each of its events, so a small body could fill the disk with it. */
const maxEnvelopeBytes = 16 * 1024;
const maxEnvelopesBytes = 4 * 1024 * 1024;

export const eachSchema = z
  .string()
  .max(1000, 'must be at most 1000 characters')
  .refine(
    (each) => each === 'lines' || (each.startsWith('$') && each.endsWith('[*]')),
    'must be a JSONPath that ends in [*], such as $[*] or $.alerts[*], or lines for JSON lines',
  );

export type Element = { value: Json } | { problem: string };

export type SplitBody =
  | {
      ok: true;
      elements: readonly Element[];
      /** The whole body, for what is said once for all; null for lines. */
      document: Json;
      /** The body without the list. */
      envelope: Json;
      notes: readonly DeliveryNote[];
    }
  | { ok: false; code: string; message: string };

export type Split = (request: IncomingRequest, body: ReadBody, reading: PathReading) => SplitBody;

const tooMany = (count: string): SplitBody => ({
  ok: false,
  code: 'too_many_events',
  message: `the body holds ${count} events, more than the ${maxElements} that one delivery may have`,
});

/** The elements that a source's `event.each` names. Throws AppError `invalid_input` for what is not a JSONPath. */
export function compileEach(slug: string, each: string): Split {
  if (each === 'lines') return splitLines;
  const path = each.slice(0, -'[*]'.length);
  const find = compileListsSetting(slug, 'each', path);
  const names = plainNames(path);
  return (_request, body, reading) => {
    if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
    const document = bodyPayload(body);
    const { lists, isCutShort } = find(document, reading.steps);
    // Taken with only some of its events, the rest would be lost without its sender knowing.
    if (isCutShort) {
      return {
        ok: false,
        code: 'jsonpath_too_costly',
        message: `looking for ${path} took more than ${maxSteps.toLocaleString('en')} steps in this body`,
      };
    }
    if (lists.length === 0) {
      return {
        ok: false,
        code: 'elements_not_found',
        message: `the JSONPath ${path} finds no list of events in this body`,
      };
    }
    const list = lists.length === 1 ? (lists[0] ?? []) : lists.flat(1);
    if (list.length > maxElements) return tooMany(String(list.length));
    const envelope = names === null ? {} : without(document, names);
    return {
      ok: true,
      elements: list.map((value) => ({ value })),
      document,
      envelope,
      notes: [],
    };
  };
}

const limits = `${maxEnvelopeBytes / 1024} KiB, or than ${maxEnvelopesBytes / 1024 ** 2} MiB for all events together`;

/**
 * The context that each of so many events may have, and what to note when it is more than should be stored with them.
 * `isEnvelope`: it is what surrounds the list, else what the source's `event.context` finds.
 */
export function limitContext(
  events: number,
  context: Json,
  isEnvelope: boolean,
): { context: Json; notes: DeliveryNote[] } {
  const bytes = Buffer.byteLength(stringifyExact(context));
  if (bytes <= maxEnvelopeBytes && bytes * events <= maxEnvelopesBytes) return { context, notes: [] };
  const [code, what] = isEnvelope
    ? ['envelope_left_out', 'What surrounds the list of events']
    : ['context_left_out', 'What event.context finds'];
  const message = `${what} is larger than ${limits}, so it is not in their context. It is in the kept body.`;
  return { context: {}, notes: [{ code, message }] };
}

/** The names of `$.data.alerts`; null for any other kind of path. */
function plainNames(path: string): string[] | null {
  if (!/^\$(?:\.[A-Za-z_][\w-]*)*$/.test(path)) return null;
  return path.split('.').slice(1);
}

function without(document: Json, [name, ...rest]: readonly string[]): JsonObject {
  if (name === undefined || !isJsonObject(document)) return {};
  const others = omitFields(document, [name]);
  return rest.length === 0 ? others : { ...others, [name]: without(document[name] ?? null, rest) };
}

const newline = 0x0a;

function* linesOf(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < bytes.length) {
    const at = bytes.indexOf(newline, from);
    const end = at === -1 ? bytes.length : at;
    yield bytes.subarray(from, end);
    from = end + 1;
  }
}

/** Text was decoded from its charset; what is not text is split as it came. */
const splitLines: Split = (request, body) => {
  const bytes = body.kind === 'text' ? Buffer.from(body.text) : request.body;
  const elements: Element[] = [];
  const notes: DeliveryNote[] = [];
  for (const line of linesOf(bytes)) {
    const read = readBody(line, 'application/json');
    if (read.kind === 'none' || (read.kind === 'problem' && line.toString('latin1').trim() === '')) continue;
    if (elements.length === maxElements) return tooMany(`more than ${maxElements}`);
    notes.push(...(read.notes ?? []));
    elements.push(
      read.kind === 'json'
        ? { value: read.value }
        : { problem: read.kind === 'problem' ? read.message : 'it is not JSON' },
    );
  }
  if (elements.length === 0)
    return { ok: false, code: 'elements_not_found', message: 'the body has no line with JSON' };
  return { ok: true, elements, document: null, envelope: {}, notes };
};
