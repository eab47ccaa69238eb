import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { deliveryFiles } from '../../sources/body/delivery-files.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { getDelivery, readDeliveryBody } from '../../store/events/deliveries.ts';
import { defaultPageLimit } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';

export interface DeliveryHandlerDeps {
  db: ReadableDb;
  reader: Reader;
  nowMs: () => number;
}

type DeliveryHandlers = Pick<
  Handlers,
  'deliveries.list' | 'deliveries.get' | 'deliveries.files' | 'deliveries.readFile'
>;

const gone = (id: string): AppError =>
  new AppError('not_found', `there is no delivery ${id}; refused deliveries are kept for a limited time`);

export function deliveryHandlers(deps: DeliveryHandlerDeps): DeliveryHandlers {
  const filesOf = (id: string): ReturnType<typeof deliveryFiles> => {
    const kept = readDeliveryBody(deps.db, id);
    if (kept === null) throw gone(id);
    return deliveryFiles(kept.body, kept.contentType);
  };
  return {
    'deliveries.list': ({ limit = defaultPageLimit, ...input }) =>
      deps.reader.read('listDeliveries', { ...input, limit, nowMs: deps.nowMs() }),
    'deliveries.get': ({ id }) => {
      const found = getDelivery(deps.db, id);
      if (found === null) throw gone(id);
      return found;
    },
    'deliveries.files': ({ id }) => ({ items: filesOf(id).map(({ bytes: _bytes, ...file }) => file) }),
    'deliveries.readFile': ({ id, index }) => {
      const file = filesOf(id)[index];
      if (file === undefined) throw new AppError('not_found', `The delivery ${id} has no file ${index}.`);
      return { name: file.name, contentType: file.contentType, base64: file.bytes.toString('base64') };
    },
  };
}
