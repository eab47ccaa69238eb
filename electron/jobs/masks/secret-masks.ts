import type { Json } from '../../../shared/contract/common.ts';
import { comparableNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { maxAddedMaskLength } from '../channel-limits.ts';
import { mask, minSecretLength, secretForms } from './secret-forms.ts';
import { addSpan, TextMatcher } from './text-matcher.ts';

/** Replaces a run's secrets, in any of their forms, wherever they would be shown or stored. */
export class SecretMasks {
  /** Secrets whose forms are not looked for yet. */
  #waiting: string[] = [];
  /** Largest first, each at most half as large as the one before: adding one after another stays cheap. */
  #groups: { forms: string[]; matcher: TextMatcher }[] = [];
  #addedLength = 0;

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) if (canMask(secret)) this.#waiting.push(secret);
  }

  /** One more, from the run itself. False: there are too many already. */
  add(secret: string): boolean {
    if (!canMask(secret)) return true;
    this.#addedLength += secret.length;
    if (this.#addedLength > maxAddedMaskLength) return false;
    this.#waiting.push(secret);
    return true;
  }

  /** Masks of their own for a run; what is compiled already is shared. */
  copy(): SecretMasks {
    this.#compile();
    const copy = new SecretMasks();
    copy.#groups = [...this.#groups];
    return copy;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#groups.length === 0;
  }

  /** In characters: no form of any secret is longer. */
  get longest(): number {
    this.#compile();
    return this.#groups.reduce((longest, { matcher }) => Math.max(longest, matcher.longest), 0);
  }

  apply(text: string): string {
    this.#compile();
    const [only, ...more] = this.#groups;
    if (only === undefined || text.length < minSecretLength) return text;
    const spans = more.length === 0 ? only.matcher.find(text) : this.#findInAll(text);
    return spans.length === 0 ? text : maskSpans(text, spans);
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

  #findInAll(text: string): number[] {
    const pairs: [number, number][] = [];
    for (const { matcher } of this.#groups) {
      const spans = matcher.find(text);
      for (let at = 0; at < spans.length; at += 2) pairs.push([spans[at] ?? 0, spans[at + 1] ?? 0]);
    }
    pairs.sort((a, b) => a[1] - b[1]);
    const merged: number[] = [];
    for (const [start, end] of pairs) addSpan(merged, start, end);
    return merged;
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

function maskSpans(text: string, spans: readonly number[]): string {
  let masked = '';
  let from = 0;
  for (let at = 0; at < spans.length; at += 2) {
    masked += text.slice(from, spans[at]) + mask;
    from = spans[at + 1] ?? text.length;
  }
  return masked + text.slice(from);
}
