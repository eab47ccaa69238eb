// Types, not interfaces: those are no JSON to TypeScript, and orders are raised as events.
export type OrderLine = {
  sku: string;
  quantity: number;
  /** Price of one. */
  cents: number;
};

export type Order = {
  order: string;
  lines: OrderLine[];
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= 1_000_000_000;

// They become keys and names of files.
const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9][\w.-]{0,63}$/.test(value);

/** The order in a payload, or what is wrong with it. */
export function readOrder(value: unknown): Order | string {
  if (!isRecord(value) || !isName(value.order)) return 'It needs an "order": letters, digits and . _ -';
  if (!Array.isArray(value.lines) || value.lines.length === 0 || value.lines.length > 1000) {
    return 'It needs 1 to 1000 "lines".';
  }
  const lines: OrderLine[] = [];
  for (const [index, line] of value.lines.entries()) {
    if (!isRecord(line) || !isName(line.sku)) return `Line ${index + 1} needs a "sku": letters, digits and . _ -`;
    if (!isCount(line.quantity, 1)) return `Line ${index + 1}: "quantity" must be a whole number from 1.`;
    if (!isCount(line.cents, 0)) return `Line ${index + 1}: "cents" must be a whole number from 0.`;
    lines.push({ sku: line.sku, quantity: line.quantity, cents: line.cents });
  }
  return { order: value.order, lines };
}
