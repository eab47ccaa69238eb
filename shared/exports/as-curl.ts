import type { DeliveryDetail } from '../contract/deliveries.ts';
import { shellQuote } from '../shell-quote.ts';

/** Made anew by curl and the connection; sent as they were they would break the request. */
const connectionHeaders = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'te',
  'upgrade',
]);

/** A POSIX command that sends the same request again. */
export function eventAsCurl(delivery: DeliveryDetail, receiverUrl: string | undefined): string {
  const url = receiverUrl === undefined ? delivery.url : new URL(delivery.url, receiverUrl).href;
  const headers = delivery.headers
    .filter(([name]) => !connectionHeaders.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  const { encoding, data } = delivery.body;
  const body = data === '' ? [] : [`--data-binary ${encoding === 'text' ? shellQuote(data) : '@-'}`];
  const command = [`curl -X ${delivery.method} ${shellQuote(url)}`, ...headers, ...body].join(' \\\n  ');
  return encoding === 'base64' && data !== '' ? `printf %s ${shellQuote(data)} | base64 -d | ${command}` : command;
}
