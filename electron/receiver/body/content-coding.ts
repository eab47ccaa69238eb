import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { encodingOf } from '../../sources/charset.ts';

export const codings = ['gzip', 'deflate', 'br', 'zstd', 'aws-chunked'] as const;
export type Coding = (typeof codings)[number];

export interface ReadCodings {
  /** In the order in which they were applied. */
  codings: readonly Coding[];
  /** A coding in the header that cannot be read here. */
  unknown: string | null;
  notes: readonly DeliveryNote[];
}

const plain: ReadCodings = { codings: [], unknown: null, notes: [] };

const byName = new Map<string, Coding>([...codings.map((name): [string, Coding] => [name, name]), ['x-gzip', 'gzip']]);

/** Values of Content-Transfer-Encoding (RFC 2045) that change nothing, and what says in words that nothing is encoded. */
const nothing = new Set(['7bit', '8bit', 'binary', 'none', 'null', 'undefined', 'plain']);

/**
 * Content-Encoding. Senders put there what belongs elsewhere: a charset, a media type, the encoding of a mail. None of
 * these can be meant as a coding, so they count as none and are noted.
 */
export function readCodings(header: string | undefined): ReadCodings {
  if (header === undefined) return plain;
  const found: Coding[] = [];
  const notes: DeliveryNote[] = [];
  for (const item of header.split(',')) {
    const name = item.split(';', 1).join('').trim().toLowerCase();
    if (name === '' || name === 'identity') continue;
    const coding = byName.get(name);
    if (coding !== undefined) {
      found.push(coding);
      continue;
    }
    const what =
      encodingOf(name) !== null ? 'a charset' : name.includes('/') ? 'a media type' : nothing.has(name) ? '' : null;
    if (what === null) return { codings: found, unknown: name.slice(0, 60), notes };
    const meaning = what === '' ? 'no content coding' : `${what} and no content coding`;
    notes.push({
      code: 'content_encoding_ignored',
      message: `The header Content-Encoding says "${name.slice(0, 60)}", which is ${meaning}. It was ignored.`,
    });
  }
  // Twice the same by a repeated header line; no sender compresses twice. Amazon's comes first and is applied last.
  const once = new Set(found);
  if (once.delete('aws-chunked')) once.add('aws-chunked');
  return { codings: [...once], unknown: null, notes };
}
