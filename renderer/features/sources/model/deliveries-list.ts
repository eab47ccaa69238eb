import { useEffect } from 'react';
import { type Delivery, deliveryResults } from '../../../../shared/contract/deliveries.ts';
import { call, onPush } from '../../../client/index.ts';
import { createPagedList } from '../../../model/calls/paged-list.ts';

export interface DeliveriesFilter {
  source?: string | undefined;
  result?: Delivery['result'] | undefined;
  query?: string | undefined;
}

/** What the address of a source asks of its deliveries; null when it asks for none. */
export function readAsked(search: URLSearchParams): DeliveriesFilter | null {
  if (search.get('tab') !== 'deliveries') return null;
  const result = deliveryResults.find((one) => one === search.get('result'));
  return { result, query: search.get('q') ?? undefined };
}

export const belongsToDeliveries = (delivery: Delivery, filter: DeliveriesFilter): boolean =>
  (filter.source === undefined || delivery.source === filter.source) &&
  (filter.result === undefined || delivery.result === filter.result);

export const deliveriesList = createPagedList<Delivery, DeliveriesFilter>({
  fetch: (input) => call('deliveries.list', input),
  keyOf: (delivery) => delivery.id,
  // Of a query only the far side knows.
  accepts: (delivery, { query, params }) =>
    !belongsToDeliveries(delivery, params) ? 'no' : query === '' ? 'yes' : 'unknown',
  params: {},
  maxRows: 2000,
  pageSize: 100,
});

/** Shows one source's deliveries in the list, and follows them while mounted. */
export function useDeliveriesOf(source: string, result: Delivery['result'] | undefined, query: string): void {
  useEffect(() => {
    deliveriesList.setFilter(query, { source, result });
  }, [source, result, query]);
  useEffect(() => {
    const stops = [deliveriesList.subscribe(), onPush('deliveries.added', ({ items }) => deliveriesList.push(items))];
    // What came while nobody looked was not followed.
    deliveriesList.reload();
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
