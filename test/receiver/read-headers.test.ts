import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeaders } from '../../electron/receiver/request/read-headers.ts';

describe('headers as a source sees them', () => {
  test('own nothing that was not sent', () => {
    const { headers } = readHeaders(['Authorization', 'a', '__proto__', 'c']);
    expect([headers.constructor, headers.toString]).toEqual([undefined, undefined]);
    expect(Object.keys(headers)).toEqual(['authorization', '__proto__']);
  });

  test.each([
    ['on two lines', ['X-GitHub-Event', 'push', 'x-github-event', 'push']],
    ['joined by a proxy', ['x-github-event', 'push, push']],
    ['both ways', ['x-github-event', 'push,push', 'x-github-event', 'push']],
  ])('count once when they are equal, %s', (_how, raw) => {
    const { headers, repeated, droppedFrom } = readHeaders(raw);
    expect(headers['x-github-event']).toBe('push');
    expect([repeated, droppedFrom]).toEqual([undefined, undefined]);
  });

  test('have their first value when they differ, and the others are told', () => {
    const { headers, repeated, droppedFrom } = readHeaders(['X-Id', 'a', 'x-id', 'b', 'x-id', 'c']);
    expect(headers['x-id']).toBe('a');
    expect(repeated).toEqual({ 'x-id': 'a, b, c' });
    expect(droppedFrom).toEqual(['x-id']);
  });

  test.each([
    ['application/json, text/plain', 'application/json', ['content-type']],
    ['multipart/form-data; boundary="a,b"', 'multipart/form-data; boundary="a,b"', undefined],
    ['multipart/form-data; boundary="a,b", text/plain', 'multipart/form-data; boundary="a,b"', ['content-type']],
    ['text/plain; charset=utf-8, text/plain; charset=utf-8', 'text/plain; charset=utf-8', undefined],
  ])('of one name each, such as Content-Type %s, are cut at a comma', (sent, kept, droppedFrom) => {
    const read = readHeaders(['Content-Type', sent]);
    expect([read.headers['content-type'], read.droppedFrom]).toEqual([kept, droppedFrom]);
  });

  test('that are lists are joined, and what merely holds commas stays', () => {
    const { headers, droppedFrom } = readHeaders([
      ...['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-For', '2.2.2.2'],
      ...['Content-Encoding', 'gzip', 'Content-Encoding', 'gzip'],
      ...['Stripe-Signature', 't=1,v1=a', 'X-Date', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ]);
    expect(headers).toMatchObject({
      'x-forwarded-for': '1.1.1.1, 2.2.2.2',
      'content-encoding': 'gzip, gzip',
      'stripe-signature': 't=1,v1=a',
      'x-date': 'Sun, 06 Nov 1994 08:49:37 GMT',
    });
    expect(droppedFrom).toBeUndefined();
  });

  test('sent once without commas are the very same, whatever they are', () => {
    const value = fc.stringMatching(/^[!-+\--~]{0,30}$/);
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), value, { maxKeys: 8 }), (sent) => {
        expect({ ...readHeaders(Object.entries(sent).flat()).headers }).toEqual({ ...sent });
      }),
    );
  });
});
