import { knownName } from './header-names.ts';

export interface ReadHeaders {
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  /** All values of a name that came with different ones, joined by `, `; absent when none did. */
  repeated?: Readonly<Record<string, string>>;
  /** Names whose first value counts and others were dropped. */
  droppedFrom?: readonly string[];
}

/** Headers whose values are lists, so that several lines say no more than one (RFC 9110 section 5.3). */
const lists = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'baggage',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'cookie',
  'forwarded',
  'link',
  'pragma',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'warning',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** Headers that hold one name, in which a comma can only come from something on the way that joined two lines. */
const singles = new Set([
  'content-type',
  'aeg-event-type',
  'ce-specversion',
  'idempotency-key',
  'x-amz-sns-message-type',
  'x-github-delivery',
  'x-github-event',
  'x-gitlab-event',
  'x-gitlab-event-uuid',
  'x-shopify-topic',
  'x-shopify-webhook-id',
]);

const emptyRecord = (): Record<string, string> => Object.create(null);

/** Up to the first comma outside quotes; a boundary may hold one inside. */
const firstItem = /^(?:[^,"]|"(?:[^"\\]|\\.)*"?)*/;

/** `push, push` is `push`. Anything else stays as it is. */
function collapse(value: string): string {
  const comma = value.indexOf(',');
  if (comma <= 0) return value;
  const first = value.slice(0, comma).trimEnd();
  // No list of equal items is longer than this and worth a look.
  const items = value.split(',', 17);
  return items.length <= 16 && items.every((item) => item.trim() === first) ? first : value;
}

/**
 * Headers as a source sees them: the one place that decides about names that came twice, which Node drops or joins name
 * by name. Equal values count once, whether on two lines or joined by something on the way; of different ones the first
 * counts. Lists are joined.
 */
export function readHeaders(raw: readonly string[]): ReadHeaders {
  const headers: Record<string, string> = Object.create(null);
  let repeated: Record<string, string> | undefined;
  let droppedFrom: Set<string> | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const { name } = knownName(raw[i] ?? '');
    const value = raw[i + 1] ?? '';
    const earlier = headers[name];
    if (lists.has(name)) headers[name] = earlier === undefined ? value : `${earlier}, ${value}`;
    else if (earlier === undefined) headers[name] = value.includes(',') ? collapse(value) : value;
    else if (earlier !== value && earlier !== collapse(value)) {
      repeated ??= emptyRecord();
      repeated[name] = `${repeated[name] ?? earlier}, ${value}`;
      droppedFrom ??= new Set();
      droppedFrom.add(name);
    }
  }
  for (const name of singles) {
    const value = headers[name];
    if (value === undefined || !value.includes(',')) continue;
    const first = (firstItem.exec(value)?.[0] ?? '').trim();
    if (first === '' || first.length === value.length) continue;
    headers[name] = first;
    droppedFrom ??= new Set();
    droppedFrom.add(name);
  }
  return { headers, repeated, droppedFrom: droppedFrom && [...droppedFrom] };
}
