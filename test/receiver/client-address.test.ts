import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTrustedProxies } from '../../electron/receiver/admit/client-address.ts';

const proxies = createTrustedProxies(['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8']);

test.each([
  ['127.0.0.1', undefined, '127.0.0.1'],
  ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['127.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
  ['127.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['fd00::1', '2001:db8::1', '2001:db8::1'],
  ['127.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['127.0.0.1', '203.0.113.7, unknown', '127.0.0.1'],
  ['127.0.0.1', '203.0.113.7, 10.1', '127.0.0.1'],
  ['127.0.0.1', '', '127.0.0.1'],
  ['198.51.100.1', '203.0.113.7', '198.51.100.1'],
  ['::ffff:198.51.100.1', '203.0.113.7', '198.51.100.1'],
])('a request from %s that was forwarded for %s comes from %s', (peer, forwardedFor, expected) => {
  expect(proxies.findClient(peer, forwardedFor)).toBe(expected);
});

test('a stranger can claim what they like and keeps their address', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.ipV4()).map((list) => list.join()),
      ),
      (claimed) => {
        expect(proxies.findClient('198.51.100.1', claimed)).toBe('198.51.100.1');
        expect(createTrustedProxies([]).findClient('127.0.0.1', claimed)).toBe('127.0.0.1');
      },
    ),
  );
});

test('what a client writes before its proxy adds its address changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (claimed) => {
      expect(proxies.findClient('127.0.0.1', `${claimed}, 203.0.113.7`)).toBe('203.0.113.7');
    }),
  );
});
