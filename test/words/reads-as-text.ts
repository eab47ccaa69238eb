const keywords =
  'SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|PRAGMA|FROM|WHERE|ORDER|AND|BEGIN|JOIN|VALUES|UNION|CROSS|LEFT|ATTACH';
const statement = new RegExp(
  `^(?:${keywords})\\b|\\b(?:JOIN|WHERE|ORDER BY|IS NOT NULL|NOT GLOB)\\b|\\b[a-z]\\.[a-z]+_[a-z]+\\b|\\b[a-z]+_at\\b|^events e$`,
);
const code =
  /[{;]\s*$|=>|^\s*[.#<@:]|^--|\bvar\(--|\b\d+px\b|; charset=|^attachment;|^default-src|connection: close|^public, max-age/i;

export const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

/** Words with a blank between them, or one capitalised word: not a key, a class, a path or a statement for the database. */
function readsAsText(text: string): boolean {
  if (statement.test(text) || code.test(text)) return false;
  return /\p{L}{2}[\p{L}’'.,:;)"”…`]* +["“(`]?\p{L}/u.test(text) || /^\p{Lu}\p{Ll}+[….:?]?$/u.test(text);
}

/** Words: any text, a capitalised word included. Phrases: two words or more. Sentences: only what ends as one. */
export type Accept = 'words' | 'phrases' | 'sentences';

export function isAccepted(text: string, accept: Accept): boolean {
  const plain = text.trim();
  if (!readsAsText(plain)) return false;
  return accept === 'words' || (/\s/.test(plain) && (accept === 'phrases' || /[.:?…]$/.test(plain)));
}
