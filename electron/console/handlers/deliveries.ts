import { isAcceptedLater } from '../../../shared/contract/deliveries.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { Accepted } from '../../intake/intake-types.ts';
import type { StoredDelivery } from '../../receiver/delivery/accept-stored.ts';
import { deliveryFiles } from '../../sources/body/delivery-files.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { getDelivery, noteAccepted, readDeliveryBody } from '../../store/events/deliveries.ts';
import { defaultPageLimit } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';
import type { Writer } from '../../store/write/writer.ts';

export interface DeliveryHandlerDeps {
  db: ReadableDb;
  reader: Reader;
  writer: Writer;
  /** Of this node's own store, in a cluster; absent: `writer`. */
  ownWriter?: Writer | undefined;
  acceptStored(stored: StoredDelivery): Promise<Accepted>;
  nowMs: () => number;
}

type DeliveryHandlers = Pick<
  Handlers,
  'deliveries.list' | 'deliveries.get' | 'deliveries.accept' | 'deliveries.files' | 'deliveries.readFile'
>;

const gone = (id: string): AppError =>
  new AppError('not_found', `there is no delivery ${id}; refused deliveries are kept for a limited time`);

export function deliveryHandlers(deps: DeliveryHandlerDeps): DeliveryHandlers {
  /** Two operators may press the button in the same moment. */
  const accepting = new Set<string>();
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
    'deliveries.accept': async ({ id }) => {
      const found = getDelivery(deps.db, id);
      const kept = readDeliveryBody(deps.db, id);
      if (found === null || kept === null) throw gone(id);
      if (found.result !== 'refused') throw new AppError('wrong_state', `The delivery ${id} was not refused.`);
      if (isAcceptedLater(found) || accepting.has(id)) {
        throw new AppError('wrong_state', `The delivery ${id} was already accepted.`);
      }
      accepting.add(id);
      try {
        const { receivedAt, method, url, remoteAddress, contentType, headers, bodyBytes } = found;
        const { deliveryId, eventIds, duplicate } = await deps.acceptStored({
          id,
          receivedAtMs: Date.parse(receivedAt),
          method,
          url,
          remoteAddress,
          contentType,
          headers,
          body: kept.body,
          bodyBytes,
        });
        await (deps.ownWriter ?? deps.writer).write(({ db }) => noteAccepted(db, id, eventIds));
        return { deliveryId, eventIds, duplicate };
      } finally {
        accepting.delete(id);
      }
    },
    'deliveries.files': ({ id }) => ({ items: filesOf(id).map(({ bytes: _bytes, ...file }) => file) }),
    'deliveries.readFile': ({ id, index }) => {
      const file = filesOf(id)[index];
      if (file === undefined) throw new AppError('not_found', `The delivery ${id} has no file ${index}.`);
      return { name: file.name, contentType: file.contentType, base64: file.bytes.toString('base64') };
    },
  };
}
