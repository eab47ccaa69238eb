import type { Json } from '../../shared/contract/common.ts';

/** Shorter values would blank out half of every line, and guessing them takes no leak. */
const minLength = 3;
const mask = '***';

/** Replaces a run's secrets wherever they would be shown or stored. */
export class SecretMasks {
  #values: string[] = [];

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) this.add(secret);
  }

  /** Each line of a secret counts by itself, for output comes by lines. */
  add(secret: string): void {
    for (const value of [secret, ...secret.split(/\r?\n/)]) {
      const trimmed = value.trim();
      if (trimmed.length >= minLength && trimmed !== mask && !this.#values.includes(trimmed))
        this.#values.push(trimmed);
    }
    // A secret that is part of another must not break it up and leave the rest of it readable.
    this.#values.sort((a, b) => b.length - a.length);
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  get longest(): number {
    return this.#values[0]?.length ?? 0;
  }

  apply(text: string): string {
    let masked = text;
    for (const value of this.#values) {
      if (masked.includes(value)) masked = masked.replaceAll(value, mask);
    }
    return masked;
  }

  /** The value with its strings and keys masked. */
  applyToJson(value: Json): Json {
    if (this.isEmpty) return value;
    if (typeof value === 'string') return this.apply(value);
    if (Array.isArray(value)) return value.map((item) => this.applyToJson(item));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.apply(key), this.applyToJson(item)]));
    }
    return value;
  }
}
