import type { BrokenRow } from '../store/definition-rows.ts';
import type { Alerts } from './alerts.ts';

const maxNamed = 3;

/** Says which definitions are damaged in the store, for as long as there are any. */
export function tellBroken(alerts: Pick<Alerts, 'raise' | 'clear'>, broken: readonly BrokenRow[]): void {
  if (broken.length === 0) {
    alerts.clear('definitions_broken');
    return;
  }
  const named = broken.slice(0, maxNamed).map(({ kind, slug, message }) => `${kind} ${slug} (${message})`);
  const more = broken.length > maxNamed ? `, and ${broken.length - maxNamed} more` : '';
  alerts.raise(
    'definitions_broken',
    'error',
    `Definitions are damaged in the store and left out: ${named.join(', ')}${more}. Senders to a damaged source get 503. Restore a backup, declare them in the config file, or delete them and create them again.`,
  );
}
