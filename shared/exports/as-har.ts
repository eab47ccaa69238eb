import type { DeliveryDetail } from '../contract/deliveries.ts';

/** Around the entries of a HAR 1.2 file, which commas part. */
export const harHead = (version: string): string =>
  `{"log":{"version":"1.2","creator":{"name":"Signalbox","version":${JSON.stringify(version)}},"entries":[\n`;
export const harTail = '\n]}}\n';

const pairs = (url: URL): { name: string; value: string }[] =>
  [...url.searchParams].map(([name, value]) => ({ name, value }));

/** A delivery as an entry of a HAR file. What was not measured is -1, as the format says; the answer's body is not kept. */
export function harEntry(delivery: DeliveryDetail, receiverUrl: string): string {
  const url = new URL(delivery.url, receiverUrl);
  const { encoding, data } = delivery.body;
  const postData =
    data === ''
      ? {}
      : {
          postData: {
            mimeType: delivery.contentType ?? '',
            text: data,
            params: [],
            // The format has no field for it; others use this one in answers.
            ...(encoding === 'base64' ? { encoding } : {}),
          },
        };
  return JSON.stringify({
    startedDateTime: delivery.receivedAt,
    time: 0,
    request: {
      method: delivery.method,
      url: url.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: delivery.headers.map(([name, value]) => ({ name, value })),
      queryString: pairs(url),
      ...postData,
      headersSize: -1,
      bodySize: delivery.bodyBytes,
    },
    response: {
      status: delivery.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: { size: -1, mimeType: '' },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: -1, wait: -1, receive: -1 },
    comment: `Delivery ${delivery.id}, events ${delivery.eventIds.join(' ')}`,
  });
}
