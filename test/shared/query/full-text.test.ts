import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCHABLE_TEXT_MAX_BYTES, searchableText, TRUNCATED_MARKER } from '../../../shared/query/searchable-text.ts';
import { hasPhrase, tokenize } from '../../../shared/query/tokenize.ts';

const event = { id: 'ev_1', externalId: 'x-1', type: 'job:ready', source: 'crm', context: {}, payload: {} };

/** Scripts that senders write, accents composed and not, and what separates words; marks newer than SQLite's tables aside. */
const character = fc.oneof(
  fc.constantFrom(
    ...'abzABZ019 -_.:/@\n\t"',
    'e\u0301',
    '\u0308',
    '\u0327',
    'ß',
    'ſ',
    'ς',
    'Σ',
    'İ',
    'ı',
    '️',
    '‍',
    '😀',
    '🤖',
  ),
  fc.integer({ min: 0x20, max: 0x370 }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x391, max: 0x500 }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x620, max: 0x6ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x905, max: 0x97f }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x1e00, max: 0x1fff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x3041, max: 0x30ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0xac00, max: 0xad00 }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x1f300, max: 0x1faff }).map((code) => String.fromCodePoint(code)),
);
const anyText = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));

describe('tokenizing', () => {
  let db: DatabaseSync;

  beforeAll(() => {
    db = new DatabaseSync(':memory:');
    db.exec(`
      CREATE VIRTUAL TABLE body USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
      CREATE VIRTUAL TABLE words USING fts5vocab(body, 'instance');
    `);
  });

  afterAll(() => db.close());

  const indexed = (text: string): unknown[] => {
    db.exec('DELETE FROM body');
    db.prepare('INSERT INTO body (text) VALUES (?)').run(text);
    const rows = db.prepare('SELECT term FROM words ORDER BY "offset"').all();
    return rows.map((row) => row.term);
  };

  it('splits and folds as SQLite’s full-text index does', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenize(text)).toEqual(indexed(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds phrases and prefixes as the index does', () => {
    const word = fc.constantFrom('ab', 'abc', 'É', 'e', 'b');
    const words = fc.array(word, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), words, fc.boolean(), (text, phrase, prefix) => {
        indexed(text.join(' '));
        const expression = `"${tokenize(phrase.join(' ')).join(' ')}"${prefix ? ' *' : ''}`;
        const found = db.prepare('SELECT count(*) AS n FROM body WHERE body MATCH ?').get(expression);
        expect(hasPhrase(tokenize(text.join('-')), tokenize(phrase.join(' ')), prefix)).toBe(found?.n === 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('searchable text', () => {
  it('holds type, ids, source and every leaf of context and payload, a line each', () => {
    const text = searchableText({
      ...event,
      context: { space: 'us_sp_1' },
      payload: { n: 1.5, ok: false, gone: null, list: ['a', { deep: 'b' }], empty: '' },
    });
    expect(text).toEqual({ text: 'job:ready\nev_1\nx-1\ncrm\nus_sp_1\n1.5\nfalse\na\nb', truncated: false });
  });

  it('is cut at the cap, at a whole character, and says so with a word nobody searches for', () => {
    for (const filler of ['é', 'a', '😀', '漢']) {
      const { text, truncated } = searchableText({ ...event, payload: [filler.repeat(300_000), 'last'] });
      expect(truncated).toBe(true);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SEARCHABLE_TEXT_MAX_BYTES);
      expect(Buffer.byteLength(text)).toBeGreaterThan(SEARCHABLE_TEXT_MAX_BYTES - 8);
      expect(text).not.toMatch(/\p{Surrogate}/u);
      const words = tokenize(text);
      expect(words.at(-1)).toBe(TRUNCATED_MARKER);
      expect(hasPhrase(words, tokenize('truncated'), true)).toBe(false);
    }
  });

  it('is whole up to the cap', () => {
    const head = searchableText(event).text.length + 1;
    const exact = searchableText({ ...event, payload: 'a'.repeat(SEARCHABLE_TEXT_MAX_BYTES - head) });
    expect(exact).toMatchObject({ truncated: false });
    expect(exact.text.length).toBe(SEARCHABLE_TEXT_MAX_BYTES);
    expect(searchableText({ ...event, payload: 'a'.repeat(SEARCHABLE_TEXT_MAX_BYTES - head + 1) }).truncated).toBe(
      true,
    );
  });

  it('survives a payload nested thousands deep', () => {
    let payload: unknown = 'bottom';
    for (let depth = 0; depth < 20_000; depth += 1) payload = [payload];
    expect(searchableText({ ...event, payload }).truncated).toBe(true);
  });
});
