import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { encodingOf } from '../../sources/charset/charset-labels.ts';
import { isZstdFrame } from './zstd-frames.ts';

export const codings = ['gzip', 'deflate', 'br', 'zstd', 'aws-chunked'] as const;
export type Coding = (typeof codings)[number];

export interface ReadCodings {
  /** In the order in which they were applied; names of others than ours among them, in lower case. */
  codings: readonly string[];
  notes: readonly DeliveryNote[];
}

/** Codings that are taken off a body; more are a way to cost time. */
export const maxLayers = 4;

const plain: ReadCodings = { codings: [], notes: [] };

export const isCoding = (name: string): name is Coding => byName.has(name);

/** RFC 1950 section 2.2: the method 8 in the low half of the first byte, and both a multiple of 31. */
export const isZlib = (bytes: Buffer): boolean =>
  bytes.length >= 2 && ((bytes[0] ?? 0) & 0x8f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

/** The coding that bytes show by how they start, whatever they are said to be. */
export function recognizeCoding(bytes: Buffer): Coding | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (isZstdFrame(bytes)) return 'zstd';
  return isZlib(bytes) ? 'deflate' : null;
}

const byName = new Map<string, Coding>([...codings.map((name): [string, Coding] => [name, name]), ['x-gzip', 'gzip']]);

/** Values of Content-Transfer-Encoding (RFC 2045) that change nothing, and what says in words that nothing is encoded. */
const nothing = new Set(['7bit', '8bit', 'binary', 'none', 'null', 'undefined', 'plain']);

/**
 * Content-Encoding. Senders put there what belongs elsewhere: a charset, a media type, the encoding of a mail. None of
 * these can be meant as a coding, so they count as none and are noted. Other names stay: the bytes decide about them.
 */
export function readCodings(header: string | undefined): ReadCodings {
  if (header === undefined) return plain;
  const found: string[] = [];
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
    if (what === null) {
      found.push(name.slice(0, 60));
      continue;
    }
    const meaning = what === '' ? 'no content coding' : `${what} and no content coding`;
    notes.push({
      code: 'content_encoding_ignored',
      message: `The header Content-Encoding says "${name.slice(0, 60)}", which is ${meaning}. It was ignored.`,
    });
  }
  // Amazon's comes first and is applied last.
  const applied = found.filter((name) => name !== 'aws-chunked');
  if (applied.length < found.length) applied.push('aws-chunked');
  return { codings: withoutExcess(applied), notes };
}

/** No name more often than its layers are taken off, one more to find that out. */
function withoutExcess(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.filter((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= (isCoding(name) ? maxLayers + 1 : 1);
  });
}
