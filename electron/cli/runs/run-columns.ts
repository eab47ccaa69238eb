import type { Run } from '../../../shared/contract/runs.ts';
import { showDuration, showTime } from '../output/show-time.ts';
import type { Column } from '../output/table.ts';

export const runStateOf = ({ state, reason }: Pick<Run, 'state' | 'reason'>): string =>
  reason === null || (state === 'completed' && reason === 'exit') ? state : `${state} (${reason})`;

const durationOf = ({ startedAt, finishedAt }: Run): string =>
  startedAt === null || finishedAt === null ? '–' : showDuration(Date.parse(finishedAt) - Date.parse(startedAt));

export const runColumns: readonly Column<Run>[] = [
  { title: 'Queued', text: ({ queuedAt }) => showTime(queuedAt) },
  { title: 'Id', text: ({ id }) => id },
  { title: 'Job', text: ({ job }) => job },
  { title: 'State', text: runStateOf },
  { title: 'Took', text: durationOf, align: 'right' },
  { title: 'Event', text: ({ eventType }) => eventType },
  { title: 'Error', text: ({ error }) => error ?? '' },
];

export const inboxColumns: readonly Column<Run>[] = [
  { title: 'Queued', text: ({ queuedAt }) => showTime(queuedAt) },
  { title: 'Id', text: ({ id }) => id },
  { title: 'Job', text: ({ job }) => job },
  { title: 'Needs', text: ({ needsAttention }) => needsAttention ?? '–' },
  { title: 'State', text: runStateOf },
  { title: 'About', text: ({ question, error, eventType }) => question?.message ?? error ?? eventType },
];
