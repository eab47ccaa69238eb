// Third of the workflow: writes the confirmation of an order whose goods are reserved.
//
// Event: CUSTOM_ORDER_RESERVED, raised by the job order-reserve; its payload is the order.
// Environment:
//   ORDERS_FOLDER  gets <order>.txt
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineJob } from 'signalbox';
import { readOrder } from './lib/order.ts';
import { needEnv } from './lib/send-request.ts';

const money = (cents: number): string => (cents / 100).toFixed(2);

export default defineJob(async (event) => {
  const folder = needEnv('ORDERS_FOLDER', 'the folder for confirmations');
  const order = readOrder(event.payload);
  if (typeof order === 'string') throw new Error(order);
  const total = order.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
  const text = [
    `Confirmation of order ${order.order}`,
    '',
    ...order.lines.map(({ sku, quantity, cents }) => `${quantity} x ${sku} at ${money(cents)}`),
    '',
    `Total ${money(total)}`,
    '',
  ].join('\n');
  const file = join(folder, `${order.order}.txt`);
  await writeFile(file, text);
  return { heading: `Order ${order.order} is confirmed`, message: `Total ${money(total)}, written to ${file}.`, file };
});
