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
  ['an Origin without a User-Agent, as Node.js and .NET send it', { origin: 'https://a.example' }, false],
  [
    'a page, to a client that hides its User-Agent',
    { origin: 'https://a.example', 'sec-fetch-site': 'cross-site' },
    true,
  ],
  ['a robot', { origin: 'https://a.example', 'user-agent': 'Mozilla/5.0 (compatible; ZapBot)' }, false],
  [
    'a robot with an address',
    { origin: 'https://a.example', 'user-agent': 'Mozilla/5.0 (compatible; Zap/2.1; +https://zap.example/hooks)' },
    false,
  ],
  [
    'an old browser that calls itself compatible',
    { origin: 'null', 'user-agent': 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0; SomeBot)' },
    true,
  ],
  [
    'a page in a browser that says it is a robot',
    {
      origin: 'null',
      'user-agent':
        'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/141.0.0.0 Safari/537.36',
    },
    true,
  ],
  ['a client with an Origin', { origin: 'https://a.example', 'user-agent': 'python-requests/2.32' }, false],
  ['curl', { 'user-agent': 'curl/8.14.1' }, false],
  ['no headers at all', {}, false],
])('%s', (_name, headers, expected) => {
  expect(isFromPage(headers)).toBe(expected);
});
