// Second of the workflow: takes what a checked order needs out of the stock, once, however often it is run, and
// raises CUSTOM_ORDER_RESERVED.
//
// Event: CUSTOM_ORDER_CHECKED, raised by the job order-check; its payload is the order.
// Environment:
//   ORDERS_FOLDER  has stock.json, e.g. { "lamp": 40 }, and what is reserved in reserved.json
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineJob } from 'signalbox';
import { readOrder } from './lib/order.ts';
import { needEnv } from './lib/send-request.ts';

/** Reserved so far: order → sku → quantity. What is left is the stock without all of these. */
type Reserved = Record<string, Record<string, number>>;

async function readJson<T>(file: string, absent: T): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return absent;
    throw error;
  }
}

export default defineJob(async (event, run) => {
  const folder = needEnv('ORDERS_FOLDER', 'the folder with stock.json');
  const order = readOrder(event.payload);
  if (typeof order === 'string') throw new Error(order);
  const stock = await readJson<Record<string, number>>(join(folder, 'stock.json'), {});
  const file = join(folder, 'reserved.json');
  const reserved = new Map(Object.entries(await readJson<Reserved>(file, {})));
  if (reserved.has(order.order)) {
    run.notice(`Order ${order.order} had its goods reserved before`);
  } else {
    const wanted = new Map<string, number>();
    for (const { sku, quantity } of order.lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    const short = [...wanted].filter(([sku, quantity]) => {
      const taken = [...reserved.values()].reduce(
        (sum, goods) => sum + (Object.hasOwn(goods, sku) ? (goods[sku] ?? 0) : 0),
        0,
      );
      return (Object.hasOwn(stock, sku) ? (stock[sku] ?? 0) : 0) - taken < quantity;
    });
    if (short.length > 0) {
      const message = `Not enough of ${short.map(([sku, quantity]) => `${sku} (${quantity} wanted)`).join(', ')}.`;
      return { status: 'failed', heading: `Order ${order.order} cannot be filled`, message, next: { type: 'retry' } };
    }
    reserved.set(order.order, Object.fromEntries(wanted));
    // One run at a time (concurrency 1), and never half a file.
    await writeFile(`${file}.writing`, JSON.stringify(Object.fromEntries(reserved), null, 2));
    await rename(`${file}.writing`, file);
  }
  const { eventId } = await run.raise('order_reserved', order);
  return {
    heading: `Goods for order ${order.order} are reserved`,
    next: { type: 'view', eventId },
    order: order.order,
  };
});
