import type { BrokenRow } from '../../store/definitions/definition-rows.ts';
import type { Alerts } from '../../upkeep/alerts.ts';

const maxNamed = 3;

/** The first few of them, and how many more there are. */
function listNames(names: readonly string[]): string {
  const more = names.length > maxNamed ? `, and ${names.length - maxNamed} more` : '';
  return `${names.slice(0, maxNamed).join(', ')}${more}`;
}

/** An alert that names the definitions that are damaged in the store, while there are any. */
export function reportBrokenDefinitions(alerts: Pick<Alerts, 'raise' | 'clear'>, broken: readonly BrokenRow[]): void {
  if (broken.length === 0) {
    alerts.clear('definitions_broken');
    return;
  }
  const named = listNames(broken.map(({ kind, slug, message }) => `${kind} ${slug} (${message})`));
  alerts.raise(
    'definitions_broken',
    'error',
    `Definitions are damaged in the store and were skipped: ${named}. Senders to a damaged source get 503; events for a damaged listener or job are stored and run when it is back. Restore a backup, declare them in the config file, or create them again under the same name.`,
  );
}

/** The same for scheduled events, by their ids. */
export function reportUnreadableScheduled(alerts: Pick<Alerts, 'raise' | 'clear'>, ids: readonly string[]): void {
  if (ids.length === 0) {
    alerts.clear('scheduled_unreadable');
    return;
  }
  alerts.raise(
    'scheduled_unreadable',
    'error',
    `Scheduled events are damaged in the store and do not fire: ${listNames(ids)}. Cancel them (Live, Scheduled), and raise them again.`,
  );
}
