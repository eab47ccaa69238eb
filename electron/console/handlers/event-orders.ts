import type { Handlers } from '../../../shared/contract/index.ts';
import type { Reader } from '../../store/read/reader.ts';

export const createEventOrderHandlers = ({
  reader,
  nowMs,
}: {
  reader: Pick<Reader, 'read'>;
  nowMs: () => number;
}): Pick<Handlers, 'events.rank' | 'events.group'> => ({
  'events.rank': (input) => reader.read('rankEvents', { ...input, nowMs: nowMs() }),
  'events.group': (input) => reader.read('groupEvents', { ...input, nowMs: nowMs() }),
});
