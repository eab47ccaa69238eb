import type { Json } from '../../../shared/contract/common.ts';
import { comparableNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { maxAddedMaskLength } from '../channel-limits.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { hexRuns, maxCutNoteLength, placeOfDigit } from './hex-runs.ts';
import { mask, maxEncodedBytes, minEncodedBytes, minSecretLength, secretForms } from './secret-forms.ts';
import { mergeSpans, TextMatcher } from './text-matcher.ts';

/** Characters by which a byte of a secret is written at most: twice escaped in an address, or as `&amp;#x73;`. */
const maxCharsPerByte = 12;

/** The first part of a text that goes on. */
export interface MaskedStart {
  masked: string;
  /** Characters that `masked` stands for: the rest is to be passed in again, with what follows it. */
  used: number;
  /** Characters of the rest that the last mask of `masked` stands for. */
  covered: number;
}

/** Replaces a run's secrets, in any of their forms, wherever they would be shown or stored. */
export class SecretMasks {
  /** Secrets whose forms are not looked for yet. */
  #waiting: string[] = [];
  /** Largest first, each at most half as large as the one before: adding one after another stays cheap. */
  #groups: { forms: string[]; matcher: TextMatcher }[] = [];
  #addedLength = 0;
  #longest = 0;

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) if (canMask(secret)) this.#wait(secret);
  }

  /** One more, from the run itself. False: there are too many already. */
  add(secret: string): boolean {
    if (!canMask(secret)) return true;
    this.#addedLength += secret.length;
    if (this.#addedLength > maxAddedMaskLength) return false;
    this.#wait(secret);
    return true;
  }

  /** Masks of their own for a run; what is compiled already is shared. */
  copy(): SecretMasks {
    this.#compile();
    const copy = new SecretMasks();
    copy.#groups = [...this.#groups];
    copy.#longest = this.#longest;
    return copy;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#groups.length === 0;
  }

  /** In characters: what is found in a text is found in as much of it, however a secret is written. */
  get reach(): number {
    return this.#longest === 0 ? 0 : this.#longest + maxCutNoteLength;
  }

  apply(text: string): string {
    return this.applyBehind(text, 0);
  }

  /** Without a mask for the first `covered` characters, which the mask before them stands for. */
  applyBehind(text: string, covered: number): string {
    const spans = this.#find(text, covered);
    return spans.length === 0 ? text : maskSpans(text, spans, covered > 0, text.length);
  }

  /** As much of a text as can be masked before the rest of it is there, all but twice `reach` characters at most. */
  applyToStart(text: string, covered: number): MaskedStart {
    const cut = cutBefore(text, text.length - this.reach);
    const spans = this.#find(text, covered);
    let end = 0;
    for (let at = 0; at < spans.length && (spans[at] ?? 0) < cut; at += 2) end = spans[at + 1] ?? 0;
    return { masked: maskSpans(text, spans, covered > 0, cut), used: cut, covered: Math.max(0, end - cut) };
  }

  /** The value with its strings and keys masked, and numbers that are a secret. */
  applyToJson(value: Json): Json {
    if (this.isEmpty) return value;
    if (typeof value === 'string') return this.apply(value);
    if (comparableNumber(value) !== null) return this.apply(String(value)) === mask ? mask : value;
    if (Array.isArray(value)) return value.map((item) => this.applyToJson(item));
    if (isJsonRecord(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.apply(key), this.applyToJson(item)]));
    }
    return value;
  }

  /** `[start, end, start, end, …]`, ascending; the first from 0 on if something is covered. */
  #find(text: string, covered: number): number[] {
    this.#compile();
    const found: number[] = covered > 0 ? [0, covered] : [];
    if (this.#groups.length === 0 || text.length < minSecretLength) return found;
    this.#findIn(text, (start, end) => found.push(start, end));
    decodeEscapes(text, (decoded, place) => {
      this.#findIn(decoded, (start, end) => found.push(place(start), place(end)));
    });
    for (const run of hexRuns(text)) {
      this.#findIn(run.digits, (start, end) => found.push(placeOfDigit(run, start), placeOfDigit(run, end - 1) + 1));
      const cut = run.isCut ? this.#startAtEnd(run.digits) : 0;
      if (cut < 2 * minEncodedBytes) continue;
      found.push(placeOfDigit(run, run.digits.length - cut), placeOfDigit(run, run.digits.length));
    }
    return found.length <= 2 ? found : mergeSpans(found);
  }

  #findIn(text: string, on: (start: number, end: number) => void): void {
    for (const { matcher } of this.#groups) {
      const spans = matcher.find(text);
      for (let at = 0; at < spans.length; at += 2) on(spans[at] ?? 0, spans[at + 1] ?? 0);
    }
  }

  #startAtEnd(digits: string): number {
    return this.#groups.reduce((longest, { matcher }) => Math.max(longest, matcher.startAtEnd(digits)), 0);
  }

  #wait(secret: string): void {
    this.#waiting.push(secret);
    const bytes = Math.min(Buffer.byteLength(secret), maxEncodedBytes);
    this.#longest = Math.max(this.#longest, secret.length, maxCharsPerByte * bytes);
  }

  #compile(): void {
    if (this.#waiting.length === 0) return;
    let forms = this.#waiting.flatMap(secretForms);
    this.#waiting = [];
    let size = forms.reduce((sum, form) => sum + form.length, 0);
    for (let last = this.#groups.at(-1); last !== undefined; last = this.#groups.at(-1)) {
      if (last.matcher.size > 2 * size) break;
      forms = [...last.forms, ...forms];
      size += last.matcher.size;
      this.#groups.pop();
    }
    this.#groups.push({ forms, matcher: new TextMatcher(forms) });
  }
}

const canMask = (secret: string): boolean => {
  const value = secret.trim();
  return value.length >= minSecretLength && value !== mask;
};

/** Up to `to`; a span that goes on behind it is masked here. */
function maskSpans(text: string, spans: readonly number[], isFirstMasked: boolean, to: number): string {
  let masked = '';
  let from = 0;
  for (let at = 0; at < spans.length; at += 2) {
    const start = spans[at] ?? 0;
    if (start >= to) break;
    masked += text.slice(from, start) + (isFirstMasked && at === 0 ? '' : mask);
    from = Math.min(to, spans[at + 1] ?? to);
  }
  return masked + text.slice(from, to);
}

/** How far a cut moves to keep what is escaped or in hex together. */
const maxMoved = 64;

/** A place at or before `at` that splits no escape, no byte of a dump and no run of backslashes. */
function cutBefore(text: string, at: number): number {
  let cut = Math.max(0, at);
  while (cut > 0 && at - cut < maxMoved && /[\w\\%&#;]/.test(text[cut - 1] ?? '')) cut -= 1;
  return at - cut < maxMoved ? cut : Math.max(0, at);
}
