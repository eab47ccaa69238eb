import { z } from 'zod';
import { keyAlgorithmSchema } from '../../../shared/contract/keys.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({
  seq: z.number(),
  kid: z.string(),
  algorithm: keyAlgorithmSchema,
  public_jwk: z.string(),
  sealed: z.instanceof(Uint8Array),
  created_at: z.number(),
});

export interface StoredSigningKey {
  kid: string;
  algorithm: z.infer<typeof keyAlgorithmSchema>;
  /** JSON of the public part (RFC 7517). */
  publicJwk: string;
  sealed: Buffer;
  createdAtMs: number;
}

/** The current one first, then the one before it. */
export const readSigningKeys = (db: ReadableDb): StoredSigningKey[] =>
  statement(
    db,
    'SELECT seq, kid, algorithm, public_jwk, sealed, created_at FROM signing_keys ORDER BY seq DESC LIMIT 2',
  )
    .all()
    .map((raw) => rowSchema.parse(raw))
    .map(({ kid, algorithm, public_jwk, sealed, created_at }) => ({
      kid,
      algorithm,
      publicJwk: public_jwk,
      sealed: Buffer.from(sealed),
      createdAtMs: created_at,
    }));

/** The new key becomes the current one; those before the one that was current are gone for good. */
export function addSigningKey(db: WritableDb, key: StoredSigningKey): void {
  statement(db, 'DELETE FROM signing_keys WHERE seq < (SELECT max(seq) FROM signing_keys)').run();
  statement(db, 'INSERT INTO signing_keys (kid, algorithm, public_jwk, sealed, created_at) VALUES (?, ?, ?, ?, ?)').run(
    key.kid,
    key.algorithm,
    key.publicJwk,
    key.sealed,
    key.createdAtMs,
  );
}
