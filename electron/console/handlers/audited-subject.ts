import type { CallName } from '../../../shared/contract/index.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { AccountDirectory } from '../../accounts/account-directory.ts';
import { isFields } from '../../accounts/audit-difference.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readAlarm } from '../../store/definitions/alarms.ts';
import { readJob } from '../../store/definitions/jobs.ts';
import { readListener } from '../../store/definitions/listeners.ts';
import { readSettings } from '../../store/definitions/settings.ts';
import { readSource } from '../../store/definitions/sources.ts';
import { readViews } from '../../store/definitions/views.ts';

/** Reads from the store what a call changes, also within the transaction that changes it; null: nothing to compare. */
export type ReadSubject = (name: CallName, input: unknown) => unknown;

export interface SubjectDeps {
  db: ReadableDb;
  directory: Pick<AccountDirectory, 'find'>;
  defaultSettings: Settings;
}

/** Calls about a definition that leave it as it is. */
const withoutChange: ReadonlySet<CallName> = new Set<CallName>(['sources.sendTest', 'jobs.testRun']);

/** Never values of secrets: definitions name them only. */
export function createReadSubject({ db, directory, defaultSettings }: SubjectDeps): ReadSubject {
  function specOf(noun: string | undefined, slug: string) {
    if (noun === 'sources') return readSource(db, slug);
    if (noun === 'jobs') return readJob(db, slug);
    return noun === 'alarms' ? readAlarm(db, slug) : null;
  }

  function definition(noun: string | undefined, slug: string): unknown {
    if (noun === 'listeners') return readListener(db, slug);
    const stored = specOf(noun, slug);
    if (stored === null) return null;
    const { spec, ...meta } = stored;
    return { ...spec, ...meta };
  }

  return (name, input) => {
    const [noun] = name.split('.');
    if (noun === 'settings') return readSettings(db, defaultSettings).settings;
    if (!isFields(input) || withoutChange.has(name)) return null;
    if (noun === 'operators') return typeof input.name === 'string' ? directory.find(input.name) : null;
    if (noun === 'views') return readViews(db).find(({ id }) => id === input.id) ?? null;
    if (typeof input.slug !== 'string') return null;
    try {
      return definition(noun, input.slug);
    } catch {
      // The stored row cannot be read; the call may be the one that replaces it.
      return null;
    }
  };
}
