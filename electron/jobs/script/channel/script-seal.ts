import * as crypto from 'node:crypto';

/**
 * What the app and a script worker say to each other carries a proof of who says it. A script runs in the worker's process
 * and can reach everything that is open there: it may write to descriptor 3, start a child or a thread that does, put
 * another file in its place, or emit data on the very socket. None of it has the key, which the app hands over on that
 * descriptor before any script is loaded and which from then on only the functions below know.
 *
 * Each line is `<proof> <number> <text>`: the proof is HMAC-SHA-256 over the direction, the number and the text; numbers
 * count up by one, so nothing can be said twice, left out or moved.
 */
export interface Seal {
  /** A line with its ends: an empty one before it ends whatever else was written. */
  close(text: string): string;
  /** The text of the other side's next line. */
  open(line: string): Opened;
}

export type Opened =
  | { kind: 'text'; text: string }
  /** Not from the other side. */
  | { kind: 'foreign' }
  /** From the other side, but lines before it were lost. */
  | { kind: 'gap' };

// A script may replace what is on prototypes and modules: everything used below is kept as it was before that.
const { apply } = Reflect;
const { slice, indexOf } = String.prototype;
const sha256 = createSha256();

const proofLength = 64;
/** What a seal adds to a line, at most. */
export const maxSealBytes = 128;

/** In hexadecimal: the key of the inner and of the outer hash, a block of SHA-256 each. */
export const newSealKey = (): string => crypto.randomBytes(64).toString('hex');

export function createSeal(key: string, side: 'app' | 'worker'): Seal {
  const inner = apply(slice, key, [0, 64]);
  const outer = apply(slice, key, [64]);
  const other = side === 'app' ? 'worker' : 'app';
  let sent = 0;
  let received = 0;

  const proofOf = (from: string, body: string): string => sha256(outer + sha256(`${inner}${from} ${body}`));

  return {
    close(text) {
      sent += 1;
      const body = `${sent} ${text}`;
      return `\n${proofOf(side, body)} ${body}\n`;
    },
    open(line) {
      const proof = apply(slice, line, [0, proofLength]);
      const body = apply(slice, line, [proofLength + 1]);
      if (proofOf(other, body) !== proof) return { kind: 'foreign' };
      const at: number = apply(indexOf, body, [' ']);
      received += 1;
      if (apply(slice, body, [0, at]) !== `${received}`) return { kind: 'gap' };
      return { kind: 'text', text: apply(slice, body, [at + 1]) };
    },
  };
}

/** In one call since Node 20.12: it looks up nothing that a script could have changed. */
function createSha256(): (text: string) => string {
  const { createHash } = crypto;
  const { hash } = crypto;
  if (typeof hash === 'function') return (text) => hash('sha256', text, 'hex');
  const { digest, update } = crypto.Hash.prototype;
  return (text) => apply(digest, apply(update, createHash('sha256'), [text]), ['hex']);
}
