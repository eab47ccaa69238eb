import type { Logger } from 'pino';
import { errorText } from '../../../shared/error-text.ts';
import { isDiskFull } from '../../store/database/storage-errors.ts';
import type { Alerts } from '../alerts.ts';

export interface UnusableEntryDeps {
  alerts: Pick<Alerts, 'raise'>;
  log: Logger;
}

/** What cannot be used, and what the app does without it. */
export interface UnusableEntry {
  path: string;
  without: string;
}

/**
 * An entry of the data directory that cannot be used (a link to a disk that is not there, a file in a folder's place)
 * costs the part of the app that needs it, not the start.
 */
export function reportUnusable(
  { alerts, log }: UnusableEntryDeps,
  { path, without }: UnusableEntry,
  error: unknown,
): void {
  log.error({ err: error, path }, 'an entry of the data directory cannot be used');
  alerts.raise(
    `unusable ${path}`,
    'error',
    `${path} cannot be used (${errorText(error)}), so ${without}. Make it usable or move it, then start again.`,
  );
}

/** Does part of a start that needs such an entry. A full disk is for the caller to handle. */
export function tryEntry(deps: UnusableEntryDeps, entry: UnusableEntry, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (isDiskFull(error)) throw error;
    reportUnusable(deps, entry, error);
  }
}
