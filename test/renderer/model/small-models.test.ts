import { expect, test } from 'vitest';
import { initialReplays, mergeReplays, shownReplays } from '../../../renderer/features/live/model/replays.ts';
import { chordOf, feedChord, isSingleKey, noChord } from '../../../renderer/keyboard/key-chords.ts';
import { enterPhase, initialConnection } from '../../../renderer/model/app/connection.ts';
import { paths } from '../../../renderer/model/app/paths.ts';
import { readPreferences } from '../../../renderer/model/app/preferences.ts';
import { matchPath, parseHash, pickRoute } from '../../../renderer/model/app/route.ts';
import { addPaths } from '../../../renderer/model/events/known-paths.ts';
import { offerUndo, takeUndo } from '../../../renderer/ui/feedback/undo.ts';
import type { Replay } from '../../../shared/contract/events.ts';

const press = (key: string, held: Partial<Record<'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey', boolean>> = {}) => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...held,
});

test('presses are named alike on every layout and platform', () => {
  expect(chordOf(press('r'), false)).toBe('r');
  expect(chordOf(press('R', { shiftKey: true }), false)).toBe('shift+r');
  expect(chordOf(press('?', { shiftKey: true }), false)).toBe('?');
  expect(chordOf(press('k', { ctrlKey: true }), false)).toBe('mod+k');
  expect(chordOf(press('k', { metaKey: true }), true)).toBe('mod+k');
  expect(chordOf(press(' '), false)).toBe('space');
  expect(chordOf(press('Escape'), false)).toBe('escape');
  expect(chordOf(press('Enter', { ctrlKey: true }), false)).toBe('mod+enter');
  expect(chordOf(press('Shift', { shiftKey: true }), false)).toBeNull();
});

test('a character alone, or with Shift, is a single key; named keys and those with Ctrl are not', () => {
  expect(['r', 'shift+r', '?', '/', '1', '+'].filter((chord) => !isSingleKey(chord))).toEqual([]);
  expect(['escape', 'space', 'mod+k', 'mod+shift+r', 'shift+enter', 'alt+r'].filter(isSingleKey)).toEqual([]);
});

test('two presses soon after each other are a sequence, and the second alone when nothing has it', () => {
  const prefixes = new Set(['g']);
  const first = feedChord(noChord, 'g', 0, prefixes);
  expect(first.state.pending?.chord).toBe('g');
  expect(feedChord(first.state, 'r', 500, prefixes).keys).toEqual(['g r', 'r']);
  expect(feedChord(first.state, 'r', 5000, prefixes).keys).toEqual(['r']);
});

test('addresses are read, matched and written', () => {
  expect(parseHash('#/runs/a%20b/?x=1').path).toBe('/runs/a%20b');
  expect(parseHash('#/live?q=a%3Ab').search.get('q')).toBe('a:b');
  expect(parseHash('').path).toBe('/');
  expect(parseHash('#javascript:alert(1)').path).toBe('/');
  expect(matchPath('/runs/:id', '/runs/a%20b')).toEqual({ id: 'a b' });
  expect(matchPath('/runs/:id', '/runs')).toBeNull();
  expect(matchPath('/runs/:id', '/runs/%E0%A4%A')).toEqual({ id: '%E0%A4%A' });
  const routes = [{ path: '/jobs/:slug' }, { path: '/jobs/new' }];
  expect(pickRoute(routes, '/jobs/new')?.route.path).toBe('/jobs/new');
  expect(pickRoute(routes, '/jobs/import')?.params).toEqual({ slug: 'import' });
  expect(pickRoute(routes, '/nowhere')).toBeNull();
  expect(paths.event('a/b', 'type:x y')).toBe('/live/a%2Fb?q=type%3Ax+y');
  expect(matchPath('/live/:id', parseHash(`#${paths.event('a/b', 'q')}`).path)).toEqual({ id: 'a/b' });
});

test('kept preferences that are damaged cost only themselves', () => {
  expect(readPreferences(null)).toMatchObject({ scheme: 'auto', density: 'normal' });
  expect(readPreferences('{"scheme":"dark","density":"huge"}')).toMatchObject({ scheme: 'dark', density: 'normal' });
  expect(readPreferences('not json')).toMatchObject({ scheme: 'auto' });
  expect(readPreferences('[]')).toMatchObject({ scheme: 'auto' });
});

test('the connection remembers that there was one', () => {
  const connected = enterPhase(initialConnection, 'connected', 5);
  expect(enterPhase(connected, 'reconnecting', 9)).toEqual({ phase: 'reconnecting', sinceMs: 9, hasConnected: true });
  expect(enterPhase(connected, 'connected', 9)).toBe(connected);
});

test('an offer to undo is taken once, the latest first', () => {
  const offer = (id: string) => ({ id, undo: () => Promise.resolve() });
  offerUndo(offer('a'));
  offerUndo(offer('b'));
  offerUndo(offer('c'));
  expect(takeUndo('b')?.id).toBe('b');
  expect([takeUndo()?.id, takeUndo()?.id, takeUndo()?.id, takeUndo('b')?.id]).toEqual(['c', 'a', undefined, undefined]);
});

test('paths of leaves are learnt, the same list when nothing is new', () => {
  const event = {
    context: { tenant: 'x' },
    payload: { order: { total: 1, items: [{ sku: 'a' }] }, 'odd name': 1, tags: ['a'] },
  };
  const full = {
    ...event,
    id: '1',
    source: 's',
    system: 'g',
    type: 't',
    externalId: null,
    occurredAt: null,
    receivedAt: '2026-11-21T09:00:00.000Z',
    deliveryId: null,
    verification: { state: 'none' as const, scheme: null, detail: null },
    replayOf: null,
    causedBy: null,
    ignored: false,
    chainStopped: false,
    runs: [],
  };
  const known = addPaths([], [full]);
  expect(known).toEqual(['context.tenant', 'payload.order.items.sku', 'payload.order.total', 'payload.tags']);
  expect(addPaths(known, [full])).toBe(known);
});

test('replays are merged by id and shown while they run or until they are put away', () => {
  const replay = (id: string, state: Replay['state'], finishedAt: string | null): Replay => ({
    id,
    state,
    done: 1,
    total: 2,
    perSecond: null,
    startedAt: '2026-11-21T09:00:00.000Z',
    finishedAt,
    error: null,
  });
  const openedAtMs = Date.parse('2026-11-21T08:00:00.000Z');
  const running = mergeReplays(initialReplays, [
    replay('a', 'running', null),
    replay('old', 'completed', '2026-11-20T00:00:00.000Z'),
  ]);
  expect(shownReplays(running, openedAtMs).map((one) => one.id)).toEqual(['a']);
  const done = mergeReplays(running, [replay('a', 'completed', '2026-11-21T09:05:00.000Z')]);
  expect(shownReplays(done, openedAtMs).map((one) => one.state)).toEqual(['completed']);
  expect(shownReplays({ ...done, dismissed: new Set(['a']) }, openedAtMs)).toEqual([]);
});
