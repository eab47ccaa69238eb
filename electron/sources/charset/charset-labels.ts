import iconv from 'iconv-lite';

/** Labels of senders are few; a stranger's made-up ones must not fill the memory. */
const encodings = new Map<string, string | null>();

/** Encodings that the platform does not decode; as many as the library knows at most. */
const libraryEncodings = new Set<string>();

/** What the library calls encodings and is no charset, or one that lets ASCII mean something else. */
const notCharsets = new Set(['base64', 'hex', 'binary', 'us', 'utf7', 'utf7imap']);

function find(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    const bare = label.toLowerCase().replace(/[^a-z0-9]/g, '');
    if (bare === 'cesu8') return 'utf-8';
    const [, order] = /^(?:utf32|ucs4)(le|be)?$/.exec(bare) ?? [];
    if (order !== undefined || bare === 'utf32' || bare === 'ucs4') return `utf-32${order ?? 'le'}`;
    if (!/^[a-z]/.test(bare) || notCharsets.has(bare) || !iconv.encodingExists(bare)) return null;
    libraryEncodings.add(bare);
    return bare;
  }
}

/**
 * The encoding that a label names, such as windows-1252 for `ISO-8859-1`: those of browsers (WHATWG Encoding), and code
 * pages such as cp850 that only the library knows. Null for an unknown one.
 */
export function encodingOf(label: string): string | null {
  const known = encodings.get(label);
  if (known !== undefined) return known;
  const encoding = find(label);
  if (encodings.size >= 200) encodings.clear();
  encodings.set(label, encoding);
  return encoding;
}

/** Text in an encoding that `encodingOf` named, or null where the platform decodes it. A byte order mark is dropped. */
export const decodeWithLibrary = (bytes: Buffer, encoding: string): string | null =>
  libraryEncodings.has(encoding) || encoding.startsWith('utf-32') ? iconv.decode(bytes, encoding) : null;
