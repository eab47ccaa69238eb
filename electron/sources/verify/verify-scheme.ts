import type { z } from 'zod';
import type { PresetField } from '../../../shared/contract/sources.ts';
import type { IncomingRequest, Masking, ReadSecret, SignRequest, Verified } from '../source-types.ts';

/** A scheme with its settings applied. `verify` and `sign` throw AppError when a secret they need cannot be read. */
export interface PreparedVerify {
  verify(request: IncomingRequest): Verified | Promise<Verified>;
  /** Headers that `verify` would accept; null when it cannot be said in headers or needs a key we do not hold. */
  sign(request: SignRequest): Record<string, string> | null;
  problem(): string | null;
  challenge: string;
  /** True: what it accepts was proven by nothing (`state: 'none'`), so anyone may send it. */
  isOpen: boolean;
  /** Codes of refusals that follow from the request line and the headers alone, whatever the body is. */
  codesWithoutBody: readonly string[];
  masking: Masking;
}

export interface VerifyScheme {
  id: string;
  label: string;
  /** Of the whole `verify` object, `scheme` included. */
  schema: z.ZodType;
  /** Settings of this scheme alone; whoever lists several schemes adds when each is shown. */
  fields: readonly PresetField[];
  /** Takes settings that `schema` accepts; throws ZodError for others. */
  prepare(settings: unknown, readSecret: ReadSecret): PreparedVerify;
}

/** Ties a scheme's schema to the settings its `prepare` is given. */
export function defineScheme<S extends z.ZodType>(definition: {
  id: string;
  label: string;
  schema: S;
  fields: readonly PresetField[];
  prepare(settings: z.output<S>, readSecret: ReadSecret): PreparedVerify;
}): VerifyScheme & { schema: S } {
  return {
    ...definition,
    prepare: (settings, readSecret) => definition.prepare(definition.schema.parse(settings), readSecret),
  };
}
