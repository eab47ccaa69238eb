// First of three jobs that make a workflow, each started by the event that the one before raises: checks an order and
// raises CUSTOM_ORDER_CHECKED.
//
// Event: payload { "order": "A-1", "lines": [{ "sku": "lamp", "quantity": 2, "cents": 1999 }] }.
// An order that is not valid fails and goes no further.
import { defineJob } from 'signalbox';
import { readOrder } from './lib/order.ts';

export default defineJob(async (event, run) => {
  const order = readOrder(event.payload);
  if (typeof order === 'string') return { status: 'failed', heading: 'The order is not valid', message: order };
  const totalCents = order.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
  run.log(`Order ${order.order}: ${order.lines.length} lines, ${(totalCents / 100).toFixed(2)} in all`);
  const { eventId } = await run.raise('order_checked', order);
  return { heading: `Order ${order.order} is valid`, next: { type: 'view', eventId }, order: order.order, totalCents };
});
