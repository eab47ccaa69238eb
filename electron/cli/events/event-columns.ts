import type { EventItem } from '../../../shared/contract/events.ts';

export const runsOf = ({ ignored, runs }: EventItem): string =>
  runs.length > 0 ? runs.map(({ job, state }) => `${job} ${state}`).join(', ') : ignored ? 'ignored' : '–';
