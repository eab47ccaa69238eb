import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as base64url: 43 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored or looked up by. No slow hash is needed: random bits cannot be guessed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
