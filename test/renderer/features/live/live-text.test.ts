// The renderer itself is compiled without Node; this test is the other side.
/// <reference types="node" />
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hexDump } from '../../../../renderer/features/live/model/hex-dump.ts';
import { findCommands } from '../../../../renderer/features/palette/model/find-commands.ts';
import { summarise } from '../../../../shared/columns/event-summary.ts';
import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { exactNumber } from '../../../../shared/exact-json/exact-number.ts';
import { eventAsCurl } from '../../../../shared/exports/as-curl.ts';

const delivery: DeliveryDetail = {
  id: 'd1',
  source: 'shop',
  receivedAt: '2026-11-21T09:00:00.000Z',
  method: 'POST',
  url: '/in/shop?x=1&y=$(id)',
  remoteAddress: '127.0.0.1',
  contentType: 'application/json',
  bodyBytes: 10,
  result: 'accepted',
  status: 202,
  reason: null,
  eventIds: [],
  notes: [],
  headers: [
    ['Host', 'hooks.example.com'],
    ['Content-Length', '10'],
    ['X-Quote', `it's "so" $HOME \`id\``],
  ],
  body: { encoding: 'text', data: `{"a":"it's $HOME; rm -rf"}\n`, truncated: false },
};

test('a copied curl command, run by a shell, says what it would send without running any of it', () => {
  // The shell itself splits the words: what a terminal would hand to curl.
  const words = execFileSync(
    'sh',
    ['-c', `curl() { printf '%s\\0' "$@"; }\n${eventAsCurl(delivery, 'http://127.0.0.1:8787')}`],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: '/nowhere' },
    },
  ).split('\0');
  expect(words.slice(0, -1)).toEqual([
    '-X',
    'POST',
    'http://127.0.0.1:8787/in/shop?x=1&y=$(id)',
    '-H',
    `X-Quote: it's "so" $HOME \`id\``,
    '--data-binary',
    delivery.body.data,
  ]);
});

test('a body of bytes goes through base64', () => {
  const command = eventAsCurl({ ...delivery, body: { encoding: 'base64', data: 'AAEC', truncated: false } }, undefined);
  expect(command.startsWith("printf %s 'AAEC' | base64 -d | curl")).toBe(true);
  expect(command).toContain('--data-binary @-');
});

test('a summary is the context, then telling fields of the payload', () => {
  const summary = summarise({
    context: { tenant: 'north' },
    payload: { z: 'last', status: 'paid', id: 7, load: 0.123456789 },
  });
  expect(summary.map((part) => `${part.key}=${part.value}`)).toEqual([
    'tenant=north',
    'id=7',
    'status=paid',
    'z=last',
    'load=0.12345678…',
  ]);
  const numbers = summarise({
    context: {},
    payload: { mass: 1.2345678901234e-7, long: exactNumber('0.123456789012345678E+400'), far: 6.02e23 },
  });
  expect(numbers.map((part) => part.value)).toEqual(['1.23456789…e-7', '0.12345678…E+400', '6.02e+23']);
  const nested = summarise({ context: {}, payload: { order: { total: 5, id: 'o1' }, items: [1, 2] } });
  expect(nested.map((part) => part.key)).toEqual(['order.id', 'order.total']);
  expect(summarise({ context: null, payload: [1, 2] })).toEqual([]);
});

test('bytes are shown sixteen a line', () => {
  expect(hexDump({ encoding: 'base64', data: btoa('AB\u0000') })).toBe(`000000  41 42 00${' '.repeat(39)}  AB·`);
  expect(hexDump({ encoding: 'text', data: 'x'.repeat(17) }).split('\n')).toHaveLength(2);
});

test('commands are found by the beginnings of their words, then by keywords', () => {
  const command = (id: string, label: string, keywords: string[] = []) => ({
    id,
    label,
    group: 'g',
    keywords,
    run: () => {},
  });
  const all = [command('1', 'Dark theme'), command('2', 'Import orders'), command('3', 'Jobs', ['import'])];
  expect(findCommands(all, 'imp').map((one) => one.id)).toEqual(['2', '3']);
  expect(findCommands(all, 'theme da').map((one) => one.id)).toEqual(['1']);
  expect(findCommands(all, 'nothing')).toEqual([]);
  expect(findCommands(all, ' ')).toHaveLength(3);
});
