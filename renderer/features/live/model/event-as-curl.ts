import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';

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

/** In single quotes nothing is special to a POSIX shell but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A POSIX command that sends the same request again. */
export function eventAsCurl(delivery: DeliveryDetail, receiverUrl: string | undefined): string {
  const url = receiverUrl === undefined ? delivery.url : new URL(delivery.url, receiverUrl).href;
  const headers = delivery.headers
    .filter(([name]) => !connectionHeaders.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  const { encoding, data } = delivery.body;
  const body = data === '' ? [] : [`--data-binary ${encoding === 'text' ? quote(data) : '@-'}`];
  const command = [`curl -X ${delivery.method} ${quote(url)}`, ...headers, ...body].join(' \\\n  ');
  return encoding === 'base64' && data !== '' ? `printf %s ${quote(data)} | base64 -d | ${command}` : command;
}
