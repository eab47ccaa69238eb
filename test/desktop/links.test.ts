import { expect, it } from 'vitest';
import { pathOfLink, splitLinks } from '../../electron/desktop/lifetime/links.ts';
import { newId } from '../../electron/store/database/ids.ts';

const event = newId('evt');
const run = newId('run');

it.each([
  ['signalbox://live', '/live'],
  ['signalbox://inbox/', '/inbox'],
  ['signalbox://settings', '/settings'],
  [`signalbox://events/${event}`, `/live/${event}`],
  [`signalbox://runs/${run}`, `/runs/${run}`],
  ['signalbox://jobs/back-up', '/jobs/back-up'],
  ['signalbox://listeners', '/listeners'],
  ['signalbox://sources/crm/', '/sources/crm'],
])('%s leads to %s', (link, path) => expect(pathOfLink(link)).toBe(path));

it.each([
  'signalbox:live',
  'signalbox://',
  'signalbox://toString',
  'signalbox://constructor/x',
  'signalbox://nothing',
  'SIGNALBOX://live',
  'signalbox://live?q=x',
  'signalbox://live#/settings',
  'signalbox://live/../settings',
  'signalbox://user@live',
  'signalbox://live:80/',
  `signalbox://runs/${event}`,
  `signalbox://events/${event}/more`,
  `signalbox://events/${event.toLowerCase()}`,
  'signalbox://runs/%2e%2e',
  'signalbox://jobs/new',
  'signalbox://jobs/Upper',
  `signalbox://jobs/${'a'.repeat(300)}`,
  'signalbox://settings/x',
  'signalbox://live\n',
  ' signalbox://live',
  'https://example.com',
  '',
])('%j leads nowhere', (link) => expect(pathOfLink(link)).toBeNull());

it('takes links out of the arguments, and no option with them', () => {
  expect(splitLinks(['--data-dir', '/d', 'signalbox://runs', 'Signalbox:x'])).toEqual({
    links: ['signalbox://runs', 'Signalbox:x'],
    rest: ['--data-dir', '/d'],
  });
});
