import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { confirmSubscription } from '../../sources/presets/aws-sns/sns-subscription.ts';
import type { FetchBytes } from '../../sources/verify/keys/sns-certificates.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { getDelivery } from '../../store/events/deliveries.ts';
import { parseStoredJson, readEventRow } from '../../store/events/events.ts';

export interface SubscriptionHandlerDeps {
  db: ReadableDb;
  /** Null: there is no such source any more. */
  presetOf(source: string): string | null;
  /** How Amazon is asked; over the network, at public addresses only, unless given. */
  fetchBytes?: FetchBytes | undefined;
}

/** The event whose delivery asks for a confirmation. */
const asking = 'sns.SubscriptionConfirmation';

export function createSubscriptionHandlers({
  db,
  presetOf,
  fetchBytes,
}: SubscriptionHandlerDeps): Pick<Handlers, 'sources.confirmSubscription'> {
  return {
    'sources.confirmSubscription': async ({ deliveryId }) => {
      const delivery = getDelivery(db, deliveryId);
      if (delivery === null) throw new AppError('not_found', `There is no delivery "${deliveryId}".`);
      const [eventId] = delivery.eventIds;
      // A refused delivery, which may be forged, has no events.
      const row = eventId === undefined ? null : readEventRow(db, eventId);
      if (delivery.source === null || row?.type !== asking || presetOf(delivery.source) !== 'aws-sns') {
        throw new AppError('wrong_state', 'This delivery does not ask to confirm a subscription.');
      }
      return { subscriptionArn: await confirmSubscription(parseStoredJson(row.payload), fetchBytes) };
    },
  };
}
