import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../shared/contract/errors.ts';

/** OWASP's parameters for scrypt with 32 MiB: about 0.2 s on a core. Stored with each hash, so that they can grow. */
const current = { logN: 15, r: 8, p: 3 };
const keyBytes = 32;
/** Each computation takes 32 MiB and a thread: with this many running or waiting, more are rejected. */
const maxWaiting = 16;

interface Parameters {
  logN: number;
  r: number;
  p: number;
}

const derive = (password: string, salt: Buffer, { logN, r, p }: Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const N = 2 ** logN;
    // The same text typed on another keyboard may come decomposed (RFC 8265).
    scrypt(password.normalize('NFC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

const pattern = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

const write = ({ logN, r, p }: Parameters, salt: Buffer, key: Buffer): string =>
  ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');

export interface Passwords {
  /** `scrypt$<log2 N>$<r>$<p>$<salt>$<key>`. */
  hash(password: string): Promise<string>;
  /** `stored` null, for no such account or no password, takes as long as a wrong password. Throws `too_many_attempts`. */
  matches(password: string, stored: string | null): Promise<boolean>;
}

/** One computation at a time, so that sign-ins exhaust neither memory nor the thread pool. */
export function createPasswords(): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= maxWaiting) {
      throw new AppError('too_many_attempts', 'Too many sign-ins are being checked. Try again in a few seconds.');
    }
    waiting += 1;
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        return write(current, salt, await derive(password, salt, current));
      }),
    matches: (password, stored) =>
      inTurn(async () => {
        const [, logN, r, p, salt, key] = pattern.exec(stored ?? '') ?? [];
        if (logN === undefined || r === undefined || p === undefined || salt === undefined || key === undefined) {
          await derive(password, randomBytes(16), current);
          return false;
        }
        const expected = Buffer.from(key, 'base64url');
        const parameters = { logN: Number(logN), r: Number(r), p: Number(p) };
        const found = await derive(password, Buffer.from(salt, 'base64url'), parameters);
        return found.length === expected.length && timingSafeEqual(found, expected);
      }),
  };
}
