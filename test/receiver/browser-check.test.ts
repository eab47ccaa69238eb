import { expect, test } from 'vitest';
import { isFromPage } from '../../electron/receiver/admit/browser-check.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';

test.each([
  [
    'a cross-site request',
    { 'sec-fetch-site': 'cross-site', origin: 'https://a.example', 'user-agent': firefox },
    true,
  ],
  [
    'a page of the receiver’s own name, made by rebinding',
    { 'sec-fetch-site': 'same-origin', 'user-agent': firefox },
    true,
  ],
  ['an image in a page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, true],
  ['the fetch of Node.js, which sends the mode alone', { 'sec-fetch-mode': 'cors', 'user-agent': 'node' }, false],
  ['an address typed by hand', { 'sec-fetch-site': 'none', 'user-agent': firefox }, false],
  [
    'a page, to an address in the network, where browsers send no Sec-Fetch',
    { origin: 'null', 'user-agent': firefox },
    true,
  ],
  ['an Origin from nobody', { origin: 'https://a.example' }, true],
  ['a client with an Origin', { origin: 'https://a.example', 'user-agent': 'python-requests/2.32' }, false],
  ['curl', { 'user-agent': 'curl/8.14.1' }, false],
  ['no headers at all', {}, false],
])('%s', (_name, headers, expected) => {
  expect(isFromPage(headers)).toBe(expected);
});
