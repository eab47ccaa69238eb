import type { EventItem } from '../../../shared/contract/events.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { showTime } from '../output/show-time.ts';
import type { Column } from '../output/table.ts';

/** Enough of a payload to recognize it by. */
const payloadChars = 200;

export const runsOf = ({ ignored, runs }: EventItem): string =>
  runs.length > 0 ? runs.map(({ job, state }) => `${job} ${state}`).join(', ') : ignored ? 'ignored' : '–';

export const payloadTextOf = ({ payload, payloadOmittedBytes }: EventItem): string =>
  payloadOmittedBytes === undefined ? stringifyExact(payload) : `${payloadOmittedBytes} bytes`;

export const eventColumns: readonly Column<EventItem>[] = [
  { title: 'Received', text: ({ receivedAt }) => showTime(receivedAt) },
  { title: 'Id', text: ({ id }) => id },
  { title: 'Source', text: ({ source }) => source },
  { title: 'Type', text: ({ type }) => type },
  { title: 'Runs', text: runsOf },
  { title: 'Payload', text: (event) => payloadTextOf(event).slice(0, payloadChars) },
];
