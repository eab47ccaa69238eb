/** What the escape at a place stands for, and its length, as `found()` packs them; -1: there is none. */
type ReadEscape = (text: string, at: number) => number;

const maxEscapeLength = 16;
const found = (code: number, length: number): number => code * (maxEscapeLength + 1) + length;
const codeOf = (packed: number): number => Math.trunc(packed / (maxEscapeLength + 1));
const lengthOf = (packed: number): number => packed % (maxEscapeLength + 1);

/** A byte each: how several make one character is left to the forms of a secret. */
const readPercent: ReadEscape = (text, at) => {
  const byte = hexValue(text, at + 1, at + 3);
  return byte === -1 ? -1 : found(byte, 3);
};

const shortEscapes = new Map(Object.entries({ n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, 0: 0 }));

/** As in JSON, JavaScript, Python and shells: `\"`, `\u00e4`, `\u{e4}`, `\xe4`. */
const readBackslash: ReadEscape = (text, at) => {
  const next = text[at + 1];
  if (next === undefined) return -1;
  if (next === 'u' && text[at + 2] === '{') {
    const end = text.indexOf('}', at + 3);
    const code = end > at + 9 ? -1 : hexValue(text, at + 3, end);
    return isCodePoint(code) ? found(code, end + 1 - at) : -1;
  }
  if (next === 'u' || next === 'x') {
    const end = at + (next === 'u' ? 6 : 4);
    const code = hexValue(text, at + 2, end);
    return code === -1 ? -1 : found(code, end - at);
  }
  const code = text.codePointAt(at + 1) ?? 0;
  return found(shortEscapes.get(next) ?? code, code > 0xffff ? 3 : 2);
};

const entities = new Map(Object.entries({ amp: 38, lt: 60, gt: 62, quot: 34, apos: 39, nbsp: 160 }));
const entityPattern = /&(?:#[xX]([\da-fA-F]{1,8})|#(\d{1,9})|([a-z]{2,4}));/y;

/** `&amp;`, `&#39;`, `&#x27;`. */
const readEntity: ReadEscape = (text, at) => {
  entityPattern.lastIndex = at;
  const [whole, hex, decimal, name] = entityPattern.exec(text) ?? [];
  if (whole === undefined) return -1;
  const code =
    name !== undefined ? (entities.get(name) ?? -1) : hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
  return isCodePoint(code) ? found(code, whole.length) : -1;
};

const isCodePoint = (code: number): boolean => code >= 0 && code <= 0x10ffff;

/** -1 unless these are hex digits. */
function hexValue(text: string, from: number, to: number): number {
  let value = to > from && to <= text.length ? 0 : -1;
  for (let at = from; at < to && value !== -1; at += 1) {
    const code = text.charCodeAt(at);
    const lower = code | 32;
    const digit = code >= 48 && code <= 57 ? code - 48 : lower >= 97 && lower <= 102 ? lower - 87 : -1;
    value = digit === -1 ? -1 : value * 16 + digit;
  }
  return value;
}

interface Encoding {
  mark: string;
  read: ReadEscape;
}

/** In the order in which they are decoded together: `\\&quot;` is an escaped quote of JSON within HTML. */
const encodings: readonly Encoding[] = [
  { mark: '&', read: readEntity },
  { mark: '%', read: readPercent },
  { mark: '\\', read: readBackslash },
];

const anyMark = /[&%\\]/;
/** Encoded three times, as JSON in JSON in JSON; what is encoded more often is not recognized. */
const maxDepth = 3;

/** Called with a decoded text; `place` leads from a boundary between its characters back to the text before decoding. */
export type OnDecoded = (decoded: string, place: (index: number) => number) => void;

/**
 * Everything that a text holds once its escapes are decoded, up to three times: where there are several kinds, each kind
 * alone, which is exact for a secret that holds marks of another, and all of them, as they come when one encoding is put
 * into another. At most twelve texts, none longer than the first.
 */
export function decodeEscapes(text: string, onDecoded: OnDecoded): void {
  if (anyMark.test(text)) decodeFurther(text, [], null, maxDepth, onDecoded);
}

/** With all escapes decoded, as often as they are in a text. */
export function decodedForms(value: string): string[] {
  const forms: string[] = [];
  for (let depth = 0; depth < maxDepth; depth += 1) forms.push(decodeAll(forms.at(-1) ?? value, []));
  return forms;
}

type Choice = Encoding | 'all';

function decodeFurther(text: string, steps: Step[], chosen: Choice | null, depth: number, on: OnDecoded): void {
  const present = encodings.filter(({ mark }) => text.includes(mark));
  if (depth === 0 || present.length === 0) return;
  const choices = chosen !== null ? [chosen] : present.length === 1 ? present : [...present, 'all' as const];
  for (const choice of choices) {
    const taken = [...steps];
    const decoded = choice === 'all' ? decodeAll(text, taken) : decodeOne(text, choice, taken);
    if (decoded === text) continue;
    on(decoded, (index) => placeBefore(taken, index));
    decodeFurther(decoded, taken, choices.length === 1 ? chosen : choice, depth - 1, on);
  }
}

const decodeAll = (text: string, steps: Step[]): string =>
  encodings.reduce((decoded, encoding) => decodeOne(decoded, encoding, steps), text);

/** One pass over a text. Where its characters stood is worked out when something was found, which is rare. */
interface Step {
  before: string;
  encoding: Encoding;
  starts: Int32Array | null;
}

/** Grows to the longest text; a page of output is cut into lines of 16 KiB. */
let units = new Uint16Array(16 * 1024);

function decodeOne(text: string, { mark, read }: Encoding, steps: Step[]): string {
  let at = text.indexOf(mark);
  if (at === -1) return text;
  if (units.length < text.length) units = new Uint16Array(text.length);
  let length = 0;
  let from = 0;
  let isChanged = false;
  for (; at !== -1; at = text.indexOf(mark, at)) {
    const escaped = read(text, at);
    const end = escaped === -1 ? at + 1 : at;
    while (from < end) units[length++] = text.charCodeAt(from++);
    at = end;
    if (escaped === -1) continue;
    isChanged = true;
    const code = codeOf(escaped);
    if (code > 0xffff) units[length++] = 0xd800 + ((code - 0x10000) >> 10);
    units[length++] = code > 0xffff ? 0xdc00 + (code & 0x3ff) : code;
    at += lengthOf(escaped);
    from = at;
  }
  if (!isChanged) return text;
  while (from < text.length) units[length++] = text.charCodeAt(from++);
  steps.push({ before: text, encoding: { mark, read }, starts: null });
  return Buffer.from(units.buffer, 0, 2 * length).toString('utf16le');
}

function placeBefore(steps: readonly Step[], index: number): number {
  let place = index;
  for (const step of steps.toReversed()) {
    step.starts ??= startsOf(step);
    place = step.starts[place] ?? step.before.length;
  }
  return place;
}

function startsOf({ before, encoding: { mark, read } }: Step): Int32Array {
  const starts = new Int32Array(before.length + 1).fill(before.length);
  let index = 0;
  for (let at = 0; at < before.length; ) {
    const escaped = before[at] === mark ? read(before, at) : -1;
    starts[index++] = at;
    if (escaped !== -1 && codeOf(escaped) > 0xffff) starts[index++] = at;
    at += escaped === -1 ? 1 : lengthOf(escaped);
  }
  return starts;
}
