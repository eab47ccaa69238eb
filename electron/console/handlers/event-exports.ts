import type { Status } from '../../../shared/contract/app.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { Reader } from '../../store/read/reader.ts';

export interface EventExportDeps {
  reader: Pick<Reader, 'read'>;
  receiverUrl: () => string;
  status: () => Pick<Status, 'version'>;
  nowMs: () => number;
}

export const createEventExportHandlers = ({
  reader,
  receiverUrl,
  status,
  nowMs,
}: EventExportDeps): Pick<Handlers, 'events.export'> => ({
  'events.export': (input) =>
    reader.read('exportEvents', { ...input, receiverUrl: receiverUrl(), version: status().version, nowMs: nowMs() }),
});
