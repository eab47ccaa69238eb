import { isAscii, isUtf8 } from 'node:buffer';
import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { decodeText } from '../charset/charset.ts';
import { encodingOf } from '../charset/charset-labels.ts';
import { detectWide, isWide } from '../charset/wide-charsets.ts';
import type { FormFields } from '../source-types.ts';

/** Own properties whatever the names: a field called `__proto__` is only a field. */
export function collectFields(entries: Iterable<[string, Json]>): FormFields {
  const fields = new Map<string, Json[]>();
  for (const [name, value] of entries) {
    const earlier = fields.get(name);
    if (earlier === undefined) fields.set(name, [value]);
    else earlier.push(value);
  }
  const collected: FormFields = {};
  for (const [name, values] of fields) {
    const [first = null] = values;
    // Assigning `__proto__` would set the prototype.
    Object.defineProperty(collected, name, {
      value: values.length === 1 ? first : values,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return collected;
}

export const queryFields = (query: URLSearchParams): FormFields => collectFields(query);

type Pair = [name: Buffer, value: Buffer];

const isAsciiText = /^[ -~]*$/;
const plus = 0x2b;
const percent = 0x25;

const hexValue = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};

/** Escapes undone; a percent sign that starts none stays, as browsers do. */
function unescapeBytes(escaped: Buffer): Buffer {
  if (!escaped.includes(plus) && !escaped.includes(percent)) return escaped;
  const bytes = Buffer.allocUnsafe(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; i++) {
    const byte = escaped[i] ?? 0;
    const high = byte === percent ? hexValue(escaped[i + 1]) : -1;
    const low = high === -1 ? -1 : hexValue(escaped[i + 2]);
    if (low !== -1) i += 2;
    bytes[length++] = low !== -1 ? high * 16 + low : byte === plus ? 0x20 : byte;
  }
  return bytes.subarray(0, length);
}

function* splitPairs(text: Buffer): Generator<Pair> {
  let at = 0;
  while (at <= text.length) {
    const found = text.indexOf('&', at);
    const end = found === -1 ? text.length : found;
    const part = text.subarray(at, end);
    const equals = part.indexOf('=');
    if (part.length > 0) {
      yield equals === -1
        ? [unescapeBytes(part), Buffer.alloc(0)]
        : [unescapeBytes(part.subarray(0, equals)), unescapeBytes(part.subarray(equals + 1))];
    }
    at = end + 1;
  }
}

/**
 * The label that text of a form is read by. `_charset_` is what a browser wrote the form in (HTML section 4.10.21.4);
 * `charset` is PayPal's field for the same, and may be anything elsewhere, so it counts only where nothing else does and
 * it names a charset.
 */
export function formCharset(fieldText: (name: string) => string | undefined, header: string | null): string | null {
  const named = fieldText('_charset_');
  if (named !== undefined && named !== '') return named.toLowerCase();
  if (header !== null && encodingOf(header) !== null) return header;
  const field = fieldText('charset')?.toLowerCase();
  return field !== undefined && encodingOf(field) !== null ? field : header;
}

/** In UTF-16 and UTF-32 the escapes of a form are UTF-8 (WHATWG URL section 5.2). */
function pairCharset(pairs: readonly Pair[], header: string | null): string | null {
  const named = formCharset((name) => {
    const wanted = Buffer.from(name);
    return pairs.find(([each]) => each.equals(wanted))?.[1].toString('latin1');
  }, header);
  return named !== null && isWide(encodingOf(named)) ? null : named;
}

/** Reads one escaped name or value of this form at a time, its bytes given one a character. */
export function pairDecoder(form: Buffer, header: string | null): (escaped: string) => string {
  const charset = pairCharset([...splitPairs(form)], header);
  const decode = (escaped: string): string =>
    decodeText(unescapeBytes(Buffer.from(escaped, 'latin1')), charset, 'The form').text;
  return (escaped) => {
    if (charset !== null || !isAsciiText.test(escaped)) return decode(escaped);
    // Of plain UTF-8, a tenth of the time.
    try {
      return decodeURIComponent(escaped.replaceAll('+', ' '));
    } catch {
      return decode(escaped);
    }
  };
}

export type FormNotes = ReturnType<typeof createFormNotes>;

/** Says once, of how many fields, what would be said of each. */
export function createFormNotes() {
  const byCode = new Map<string, { first: DeliveryNote; count: number }>();
  return {
    add(notes: readonly DeliveryNote[]): void {
      for (const note of notes) {
        const known = byCode.get(note.code);
        if (known === undefined) byCode.set(note.code, { first: note, count: 1 });
        else known.count++;
      }
    },
    list: (): DeliveryNote[] =>
      [...byCode.values()].map(({ first, count }) =>
        count === 1
          ? first
          : {
              ...first,
              message: `${first.message} The same holds ${count === 2 ? '1 more time' : `${count - 1} more times`}.`,
            },
      ),
  };
}

export const fieldName = (name: string): string => `The field "${name.slice(0, 60)}"`;

export interface ReadForm {
  fields: FormFields;
  notes: DeliveryNote[];
}

/** The names and values of an urlencoded form or a query, in the charset that header or form name. */
export function readPairs(
  body: Buffer,
  header: string | null,
  where: (name: string) => string = fieldName,
): { entries: [string, string][]; notes: DeliveryNote[] } {
  const notes = createFormNotes();
  let text = body;
  let label = header;
  // In UTF-16 and UTF-32 the separators themselves take several bytes.
  const encoding = header === null ? null : encodingOf(header);
  if (detectWide(body) !== null || isWide(encoding)) {
    const whole = decodeText(body, header, 'The form');
    notes.add(whole.notes);
    text = Buffer.from(whole.text, 'utf8');
    label = null;
  } else if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) text = body.subarray(3);
  const pairs = [...splitPairs(text)];
  const charset = pairCharset(pairs, label);
  const isStateful = charset !== null && encodingOf(charset) === 'iso-2022-jp';
  let isSomeUtf8: boolean | undefined;
  const hasUtf8 = (): boolean => {
    isSomeUtf8 ??= pairs.flat().some((bytes) => !isAscii(bytes) && isUtf8(bytes));
    return isSomeUtf8;
  };
  const decode = (bytes: Buffer, what: () => string): string => {
    if (isAscii(bytes) && !isStateful) return bytes.toString('latin1');
    const decoded = decodeText(bytes, charset, what(), charset === null && !isUtf8(bytes) && hasUtf8());
    notes.add(decoded.notes);
    return decoded.text;
  };
  const entries = pairs.map(([nameBytes, value]): [string, string] => {
    const name = decode(nameBytes, () => where(nameBytes.toString('latin1')));
    return [name, decode(value, () => where(name))];
  });
  return { entries, notes: notes.list() };
}

const noQuery = new URLSearchParams();

/** The parameters of a query, one character a byte; those that are no UTF-8 are read as a form's are, and noted. */
export function readQuery(query: string): { query: URLSearchParams; notes: readonly DeliveryNote[] } {
  if (query === '') return { query: noQuery, notes: [] };
  if (isAsciiText.test(query) && !/%[89a-f]/i.test(query)) return { query: new URLSearchParams(query), notes: [] };
  const { entries, notes } = readPairs(
    Buffer.from(query, 'latin1'),
    null,
    (name) => `The query parameter "${name.slice(0, 60)}"`,
  );
  return { query: new URLSearchParams(entries), notes };
}
