import { AppError } from '../../../shared/contract/errors.ts';
import type { DefinitionMeta } from '../../store/definitions/definition-rows.ts';

export type Noun = 'source' | 'listener' | 'job' | 'alarm';

const capital = (noun: Noun): string => `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;

export const notFound = (noun: Noun, slug: string): AppError =>
  new AppError('not_found', `There is no ${noun} "${slug}".`);

/** Its row is there and cannot be read: not gone, and not to be taken for it. */
export const damaged = (noun: Noun, slug: string): AppError =>
  new AppError(
    'unavailable',
    `The ${noun} "${slug}" is damaged in the store and cannot be read. Create it again under the same name, or restore a backup.`,
  );

export const taken = (noun: Noun, slug: string): AppError =>
  new AppError(
    'conflict',
    `There is already ${noun === 'alarm' ? 'an' : 'a'} ${noun} "${slug}"; choose another slug.`,
    [{ path: ['slug'], message: `is taken by another ${noun}` }],
  );

/** `users` as people read them, e.g. `listener "big-files"`. */
export const inUse = (what: string, users: readonly string[]): AppError => {
  const shown = users.slice(0, 5);
  const more = users.length > shown.length ? ` and ${users.length - shown.length} more` : '';
  return new AppError('in_use', `${what} is used by ${shown.join(', ')}${more}; change or delete those first.`);
};

export const usedByListeners = (what: string, slugs: readonly string[]): AppError =>
  inUse(
    what,
    slugs.map((slug) => `listener "${slug}"`),
  );

/** Refuses changes to what is not the operator's, or to a version that is not the current one any more. */
export function assertEditable(
  noun: Noun,
  slug: string,
  current: DefinitionMeta,
  configFile: string | null,
  version?: number,
): void {
  if (current.owner === 'builtin')
    throw new AppError('conflict', `The ${noun} "${slug}" is built in and cannot be changed.`);
  // Without a config file in force its definitions are the operator's to change.
  if (current.owner === 'config' && configFile !== null) {
    throw new AppError('owned_by_config', `${capital(noun)} "${slug}" comes from ${configFile}; change it there.`);
  }
  if (version !== undefined && version !== current.version) {
    const by = current.owner === 'config' ? 'the config file' : 'another editor';
    const at = new Date(current.updatedAtMs).toISOString();
    throw new AppError(
      'stale_version',
      `${capital(noun)} "${slug}" was changed by ${by} at ${at}: the current version is ${current.version}, yours is ${version}. Load it again and repeat your change.`,
    );
  }
}
