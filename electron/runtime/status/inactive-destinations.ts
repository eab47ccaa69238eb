import type { Destinations } from '../../destinations/destinations.ts';
import type { Alerts } from '../../upkeep/alerts.ts';

const code = 'destination_inactive';
/** Named in the alert; the others are counted. */
const maxNamed = 5;

/** Destinations that were switched off, and whose events wait. */
export function reportInactive(alerts: Alerts, { slugs, standing }: Pick<Destinations, 'slugs' | 'standing'>): void {
  const inactive = slugs().flatMap((job) => {
    const { state, reason } = standing(job);
    return state === 'inactive' ? [`${job} (${reason ?? 'turned off'})`] : [];
  });
  if (inactive.length === 0) {
    alerts.clear(code);
    return;
  }
  const more = inactive.length > maxNamed ? `, and ${inactive.length - maxNamed} more` : '';
  alerts.raise(
    code,
    'error',
    `Nothing is sent to ${inactive.slice(0, maxNamed).join(', ')}${more}. Its events are kept: fix the receiver, then recover the destination on the page of the job.`,
  );
}
