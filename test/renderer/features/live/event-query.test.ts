import { describe, expect, test } from 'vitest';
import {
  belongsToQuery,
  composeQuery,
  dependsOnRuns,
  withRun,
} from '../../../../renderer/features/live/model/event-query.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { parseQuery } from '../../../../shared/query/parse-query.ts';

const event: EventItem = {
  id: '01A',
  source: 'shop',
  system: 'generic',
  type: 'order.paid',
  externalId: null,
  occurredAt: null,
  receivedAt: '2026-11-21T09:00:00.000Z',
  context: { tenant: 'north' },
  payload: { total: 120, note: 'Express parcel' },
  deliveryId: 'd1',
  verification: { state: 'none', scheme: null, detail: null },
  replayOf: null,
  causedBy: null,
  ignored: false,
  chainStopped: false,
  runs: [{ id: 'r1', listener: 'big', job: 'import', state: 'running' }],
};
const nowMs = Date.parse('2026-11-21T09:01:00.000Z');
const judge = (query: string, given: EventItem = event) => belongsToQuery(given, query, nowMs);

describe('a pushed event', () => {
  test.each([
    ['', 'yes'],
    ['type:order.*', 'yes'],
    ['type:user.*', 'no'],
    ['payload.total:>100', 'yes'],
    ['payload.total:>200', 'no'],
    ['"express parcel"', 'yes'],
    ['is:running job:import', 'yes'],
    ['is:failed', 'no'],
    ['is:ignored', 'no'],
    ['headers.x-a:1', 'unknown'],
    ['is:unacknowledged', 'unknown'],
    ['payload.total:', 'unknown'],
  ])('against %j: %s', (query, verdict) => expect(judge(query)).toBe(verdict));

  test('without its payload is left to the app only when the query asks for what is missing', () => {
    const bare: EventItem = { ...event, payload: null, payloadOmittedBytes: 300_000 };
    expect(judge('type:order.*', bare)).toBe('yes');
    expect(judge('payload.total:>100', bare)).toBe('unknown');
    expect(judge('parcel', bare)).toBe('unknown');
  });
});

test("the app's own events are left out unless they are wanted or asked for by name", () => {
  expect(composeQuery('type:job:*', false)).toBe('type:job:* -is:internal');
  expect(composeQuery('', false)).toBe('-is:internal');
  expect(composeQuery('', true)).toBe('');
  expect(composeQuery('source:signalbox', false)).toBe('source:signalbox');
  expect(composeQuery('is:internal', false)).toBe('is:internal');
  expect(judge(composeQuery('', false), { ...event, source: 'signalbox', type: 'job:completed' })).toBe('no');
  expect(judge(composeQuery('', false), { ...event, source: 'signalbox', type: 'CUSTOM_SYNC' })).toBe('yes');
});

test('a query depends on runs when it speaks of listeners, jobs or states', () => {
  const depends = (text: string): boolean => {
    const parsed = parseQuery(text);
    return parsed.ok && dependsOnRuns(parsed.query);
  };
  expect(['is:failed', 'job:import', 'listener:big', 'is:ignored'].map(depends)).toEqual([true, true, true, true]);
  expect(['type:a', 'is:replay', 'payload.a:1'].map(depends)).toEqual([false, false, false]);
});

test("a run's new state reaches its event; a first run ends being ignored", () => {
  const done = withRun(event, { id: 'r1', listener: 'big', job: 'import', state: 'completed' });
  expect(done.runs).toEqual([{ id: 'r1', listener: 'big', job: 'import', state: 'completed' }]);
  expect(withRun(done, { id: 'r1', listener: 'big', job: 'import', state: 'completed' })).toBe(done);
  const ignored: EventItem = { ...event, runs: [], ignored: true };
  expect(withRun(ignored, { id: 'r2', listener: 'big', job: 'import', state: 'queued' }).ignored).toBe(false);
  expect(withRun(ignored, { id: 'r3', listener: null, job: 'import', state: 'queued' }).ignored).toBe(true);
});
