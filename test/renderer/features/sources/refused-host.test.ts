import { expect, test } from 'vitest';
import { refusedHost } from '../../../../renderer/features/sources/model/refused-host.ts';

const reason = { code: 'unknown_host', message: 'the request is for the host …' };

test.each([
  ['abc.ngrok-free.app', 'abc.ngrok-free.app'],
  ['signalbox:8787', 'signalbox'],
  ['MyPC.fritz.box.', 'mypc.fritz.box'],
])('a delivery refused for its host %s names %s', (host, expected) => {
  expect(
    refusedHost({
      reason,
      headers: [
        ['accept', '*/*'],
        ['host', host],
      ],
    }),
  ).toBe(expected);
});

test('any other delivery names none', () => {
  expect(refusedHost({ reason: { ...reason, code: 'bad_host' }, headers: [['host', 'a b']] })).toBeNull();
  expect(refusedHost({ reason: null, headers: [['host', 'a']] })).toBeNull();
  expect(refusedHost({ reason, headers: [] })).toBeNull();
});
