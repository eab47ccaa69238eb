import { describe, expect, it } from 'vitest';
import { pathOfLink } from '../../electron/desktop/lifetime/links.ts';
import { linkOfPath } from '../../shared/page-links.ts';

describe('the link to a page', () => {
  it.each([
    '/live',
    '/inbox',
    '/settings',
    '/live/evt_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '/runs/run_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '/listeners/large-orders',
    '/jobs/import-file',
    '/sources/crm',
  ])('to %s leads back to it', (path) => {
    expect(pathOfLink(linkOfPath(path) ?? '')).toBe(path);
  });

  it('leaves out a filter, which a link from elsewhere must not set', () => {
    expect(linkOfPath('/runs?q=is%3Afailed&state=failed')).toBe('signalbox://runs');
  });

  it.each(['/live/raise', '/live/scheduled', '/sources/new', '/', '/elsewhere', '/jobs/a/b'])(
    'is not made for %s',
    (path) => {
      expect(linkOfPath(path)).toBe(null);
    },
  );
});
