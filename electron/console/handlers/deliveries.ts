import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { getDelivery } from '../../store/deliveries.ts';
import { defaultPageLimit } from '../../store/lists/page.ts';
import type { ReadableDb } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';

export interface DeliveryHandlerDeps {
  db: ReadableDb;
  reader: Reader;
  nowMs: () => number;
}

export function deliveryHandlers(deps: DeliveryHandlerDeps): Pick<Handlers, 'deliveries.list' | 'deliveries.get'> {
  return {
    'deliveries.list': ({ limit = defaultPageLimit, ...input }) =>
      deps.reader.read('listDeliveries', { ...input, limit, nowMs: deps.nowMs() }),
    'deliveries.get': ({ id }) => {
      const found = getDelivery(deps.db, id);
      if (found === null) {
        throw new AppError('not_found', `there is no delivery ${id}; refused ones are kept only for a while`);
      }
      return found;
    },
  };
}
