import { z } from 'zod';
import { type SecretRef, secretRefSchema } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { PresetField } from '../../../shared/contract/sources.ts';
import type { ReadSecret } from '../source-types.ts';

export const secretSchema = z.union(secretRefSchema.options, {
  error: 'must say where the secret is: {env: NAME}, {file: PATH} or {secret: NAME}',
});

/** Either `secret`, with `previousSecret` while it is being rotated, or a list of `secrets`, the current one first. */
export const secretShape = {
  secret: secretSchema.optional(),
  previousSecret: secretSchema.optional(),
  secrets: z.array(secretSchema).min(1, 'must name at least one secret').max(5, 'must be at most 5').optional(),
};

interface SecretSettings {
  secret?: SecretRef;
  previousSecret?: SecretRef;
  secrets?: SecretRef[];
}

/** To be added to each schema that spreads `secretShape`. */
export function checkSecretShape(settings: SecretSettings, context: z.RefinementCtx): void {
  const problem = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (settings.secrets === undefined) {
    if (settings.secret === undefined) problem('secret', 'is missing');
  } else if (settings.secret !== undefined) problem('secrets', 'cannot be combined with "secret": give one of them');
  else if (settings.previousSecret !== undefined) {
    problem('secrets', 'cannot be combined with "previousSecret": add it to the list');
  }
}

/** `help` says where the sender shows or takes the secret. */
export const secretFields = (label: string, help?: string): PresetField[] => [
  { path: 'verify.secret', label, kind: 'secret', required: true, ...(help === undefined ? {} : { help }) },
  {
    path: 'verify.previousSecret',
    label: `Previous ${label.toLowerCase()}`,
    kind: 'secret',
    help: 'Also accepted. Set it during a rotation and clear it afterwards.',
  },
];

export interface SecretList<K> {
  /**
   * Position of the first secret whose key passes, or -1. A secret that cannot be read is passed over, but when no
   * other fits nothing is known: then AppError is thrown.
   */
  find(matches: (key: K) => boolean): number;
  first(): K;
  problem(): string | null;
  readonly count: number;
}

const usualPaths = { secret: 'verify.secret', previousSecret: 'verify.previousSecret', secrets: 'verify.secrets' };

/**
 * Secrets of a source, read at each use. `derive` makes the key and may throw AppError for a malformed secret.
 * `paths` are the settings' names in messages, for schemes that call them otherwise.
 */
export function createSecretList<K>(
  settings: SecretSettings,
  readSecret: ReadSecret,
  derive: (secret: string) => K,
  paths: typeof usualPaths = usualPaths,
): SecretList<K> {
  const entries: { path: string; ref: SecretRef; known: { secret: string; key: K } | null }[] = [];
  const add = (path: string, ref: SecretRef | undefined): void => {
    if (ref !== undefined) entries.push({ path, ref, known: null });
  };
  add(paths.secret, settings.secret);
  add(paths.previousSecret, settings.previousSecret);
  for (const [i, ref] of (settings.secrets ?? []).entries()) add(`${paths.secrets}[${i}]`, ref);

  function keyAt(entry: (typeof entries)[number]): K {
    try {
      const secret = readSecret(entry.ref);
      if (entry.known?.secret === secret) return entry.known.key;
      // Whoever knows that the secret is empty could sign as the sender.
      if (secret === '') throw new AppError('unavailable', 'the secret is empty');
      const key = derive(secret);
      entry.known = { secret, key };
      return key;
    } catch (error) {
      if (error instanceof AppError) throw new AppError('unavailable', `${entry.path}: ${error.message}`);
      throw error;
    }
  }

  return {
    count: entries.length,
    find(matches) {
      let unreadable: AppError | null = null;
      for (const [i, entry] of entries.entries()) {
        let key: K;
        try {
          key = keyAt(entry);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          unreadable ??= error;
          continue;
        }
        if (matches(key)) return i;
      }
      if (unreadable !== null) throw unreadable;
      return -1;
    },
    first() {
      const [entry] = entries;
      if (entry === undefined) throw new AppError('unavailable', `${paths.secret}: no secret is named`);
      return keyAt(entry);
    },
    problem() {
      for (const entry of entries) {
        try {
          keyAt(entry);
        } catch (error) {
          if (error instanceof AppError) return error.message;
          throw error;
        }
      }
      return null;
    },
  };
}
