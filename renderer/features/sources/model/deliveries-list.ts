import { useEffect } from 'react';
import type { Delivery } from '../../../../shared/contract/deliveries.ts';
import { call, onPush } from '../../../client/index.ts';
import { createPagedList } from '../../../model/calls/paged-list.ts';

export interface DeliveriesFilter {
  source?: string | undefined;
  result?: Delivery['result'] | undefined;
}

export const belongsToDeliveries = (delivery: Delivery, filter: DeliveriesFilter): boolean =>
  (filter.source === undefined || delivery.source === filter.source) &&
  (filter.result === undefined || delivery.result === filter.result);

export const deliveriesList = createPagedList<Delivery, DeliveriesFilter>({
  fetch: (input) => call('deliveries.list', input),
  keyOf: (delivery) => delivery.id,
  accepts: (delivery, { params }) => (belongsToDeliveries(delivery, params) ? 'yes' : 'no'),
  params: {},
  maxRows: 2000,
  pageSize: 100,
});

/** Shows one source's deliveries in the list, and follows them while mounted. */
export function useDeliveriesOf(source: string, result: Delivery['result'] | undefined): void {
  useEffect(() => {
    deliveriesList.setFilter('', { source, result });
  }, [source, result]);
  useEffect(() => {
    const stops = [deliveriesList.subscribe(), onPush('deliveries.added', ({ items }) => deliveriesList.push(items))];
    // What came while nobody looked was not followed.
    deliveriesList.reload();
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
