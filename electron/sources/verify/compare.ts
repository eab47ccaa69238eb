import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares secrets of any lengths in the same time: `timingSafeEqual` alone throws on unequal lengths. */
export const isSameSecret = (given: Buffer, expectedDigest: Buffer): boolean =>
  timingSafeEqual(secretDigest(given), expectedDigest);

export const secretDigest = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();

/** For a MAC, whose length is public; false on unequal lengths. */
export const isSameMac = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);
