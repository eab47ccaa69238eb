import { describe, expect, test } from 'vitest';
import { readBody } from '../../electron/sources/body/read-body.ts';
import { maxElements } from '../../electron/sources/events/split-body.ts';
import { listEvents } from '../../electron/store/lists/list-events.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { buildRequest, prepareSource } from './build-request.ts';
import { startSource } from './start-source.ts';

type Event = NonNullable<SourceSpec['event']>;

function read(event: Event, sent: unknown, headers: Record<string, string> = {}) {
  const body = Buffer.from(typeof sent === 'string' ? sent : JSON.stringify(sent));
  const type = headers['content-type'] ?? 'application/json';
  const found = prepareSource({ event }).read(buildRequest({ body, headers }), readBody(body, type));
  return found.ok ? found : { ...found, events: [] };
}

const mails = [
  { event: 'open', id: 'a1', at: 1769846400, address: 'mila@example.com' },
  { event: 'click', id: 'a2', at: '2026-01-31T08:00:01Z', address: 'mila@example.com' },
];

test('a list is one event an element, each with its type, id and time', () => {
  const { events, notes } = read({ each: '$[*]', type: '$.event', id: '$.id', time: '$.at' }, mails);
  expect(events).toEqual([
    { type: 'open', externalId: 'a1', occurredAtMs: 1769846400000, context: {}, payload: mails[0] },
    { type: 'click', externalId: 'a2', occurredAtMs: 1769846401000, context: {}, payload: mails[1] },
  ]);
  expect(notes).toEqual([]);
});

test('what surrounds the list is the context, or the part of it that the source names', () => {
  const sent = { receiver: 'ops', data: { group: 'g1', alerts: [{ name: 'Disk' }, { name: 'Load' }] } };
  const each = { each: '$.data.alerts[*]', type: '$.name' };
  expect(read(each, sent).events.map(({ type, context }) => [type, context])).toEqual([
    ['Disk', { receiver: 'ops', data: { group: 'g1' } }],
    ['Load', { receiver: 'ops', data: { group: 'g1' } }],
  ]);
  expect(read({ ...each, context: '$.data.group' }, sent).events[0]?.context).toBe('g1');
  const large = read(each, { ...sent, filler: 'x'.repeat(20_000) });
  expect(large.events[0]?.context).toEqual({});
  expect(large.notes?.[0]?.code).toBe('envelope_left_out');
  const whole = read({ ...each, context: '$' }, { ...sent, filler: 'x'.repeat(20_000) });
  expect(whole.events.map(({ context }) => context)).toEqual([{}, {}]);
  expect(whole.notes?.[0]?.code).toBe('context_left_out');
});

test('a small body is not stored a thousand times over as the context of its events', () => {
  const sent = { filler: 'x'.repeat(10_000), alerts: Array.from({ length: maxElements }, () => ({ name: 'Disk' })) };
  for (const context of [undefined, '$.filler']) {
    const { events, notes } = read({ each: '$.alerts[*]', type: '$.name', ...(context && { context }) }, sent);
    expect(events).toHaveLength(maxElements);
    expect(JSON.stringify(events).length).toBeLessThan(1_000_000);
    expect(notes?.[0]?.code).toMatch(/^(envelope|context)_left_out$/);
  }
});

test('all lists that the path finds are split, in order', () => {
  const groups = [{ alerts: [{ name: 'Disk' }] }, { note: 1 }, { alerts: [{ name: 'Load' }, { name: 'Swap' }] }];
  for (const each of ['$.groups[*].alerts[*]', '$..alerts[*]', '$.groups[?@.alerts].alerts[*]']) {
    const { events } = read({ each, type: '$.name' }, { groups });
    expect(events.map(({ type }) => type)).toEqual(['Disk', 'Load', 'Swap']);
  }
  expect(read({ each: '$.groups[*].alerts[*]' }, { groups: [{}, { alerts: 1 }] })).toMatchObject({
    code: 'elements_not_found',
  });
  const half = { alerts: Array.from({ length: maxElements / 2 + 1 }, () => 1) };
  expect(read({ each: '$.groups[*].alerts[*]' }, { groups: [half, half] })).toMatchObject({
    code: 'too_many_events',
    message: expect.stringContaining('holds 2002 events'),
  });
});

test('a body in which the search for lists is given up is refused, not taken in part', () => {
  const wide = Array.from({ length: 3000 }, () => [0]);
  const event = { each: '$[?count($[*]) > 0][*]', type: '$.event' };
  expect(read(event, wide)).toMatchObject({ ok: false, code: 'jsonpath_too_costly' });
});

test('lines are read whatever the content type says, blank ones left out', () => {
  const lines = '{"event":"a","id":1}\r\n\n{"event":"b","id":18446744073709551615}\n';
  for (const type of ['application/x-ndjson', 'application/json', 'text/plain']) {
    const { events } = read({ each: 'lines', id: '$.id' }, lines, { 'content-type': type });
    expect(events.map((one) => [one.type, one.externalId])).toEqual([
      ['a', '1'],
      ['b', '18446744073709551615'],
    ]);
  }
});

test('a bad element is noted, its neighbors are taken; nothing but bad ones is refused', () => {
  const event = { each: '$[*]', type: '$.event' };
  const some = read(event, [{ event: 'a' }, { kind: 'b' }, 7, { event: 'c' }]);
  expect(some.events.map(({ type }) => type)).toEqual(['a', 'c']);
  expect(some.notes).toEqual([
    {
      code: 'event_skipped',
      message:
        'Not in the events is event 2 of 4: the JSONPath $.event finds no event type in this delivery. It is in the kept body.',
    },
    expect.objectContaining({ message: expect.stringContaining('event 3 of 4') }),
  ]);
  expect(read(event, [{}, {}])).toMatchObject({ ok: false, code: 'type_not_found' });
  expect(read({ each: 'lines' }, '{"event":"a"}\n{"event":\n')).toMatchObject({
    ok: true,
    events: [{ type: 'a' }],
    notes: [{ code: 'event_skipped' }],
  });
});

test.each([
  [{ each: '$.alerts[*]' }, { alert: 1 }, 'elements_not_found', 'the JSONPath $.alerts finds no list'],
  [{ each: '$[*]' }, Array.from({ length: maxElements + 1 }, () => 1), 'too_many_events', 'holds 2001 events'],
  [{ each: 'lines' }, '\n\n', 'elements_not_found', 'no line with JSON'],
  [{ each: 'lines' }, '1\n'.repeat(maxElements + 1), 'too_many_events', 'more than 2000'],
])('%j refuses what it cannot split', (event, sent, code, message) => {
  expect(read(event, sent)).toMatchObject({ ok: false, code, message: expect.stringContaining(message) });
});

test('an empty list is a delivery without events', () => {
  expect(read({ each: '$[*]' }, [])).toMatchObject({ ok: true, events: [] });
});

test('an id of the request is told apart by the place in the list', () => {
  const { events } = read({ each: '$[*]', id: { header: 'x-id' } }, mails, { 'x-id': 'd7' });
  expect(events.map(({ externalId }) => externalId)).toEqual(['d7#1', 'd7#2']);
});

test.each([
  [{ each: '$.alerts' }, 'event.each must be a JSONPath that ends in [*]'],
  [{ each: '$[[*]' }, 'event.each is not a JSONPath'],
  [{ time: '$.a', occurredAt: '$.b' }, 'event.time cannot be combined'],
])('%j is refused when it is saved', (event, problem) => {
  expect(() => prepareSource({ event })).toThrow(problem);
});

describe('in the store', () => {
  test('a repeat of the delivery adds nothing, a partly known one adds what is new', async () => {
    const { post, store } = await startSource({ preset: 'generic', event: { each: '$[*]', id: '$.id' } });
    const first = await post(mails);
    expect([first.status, first.events.map(({ type }) => type)]).toEqual([202, ['open', 'click']]);
    expect(first.events.map(({ deliveryId }) => deliveryId)).toEqual([first.delivery.id, first.delivery.id]);
    const again = await post(mails);
    expect([again.delivery.result, again.delivery.eventIds]).toEqual(['duplicate', first.delivery.eventIds]);
    const more = await post([mails[1], { event: 'bounce', id: 'a3' }, { event: 'bounce', id: 'a3' }]);
    expect(more.delivery.result).toBe('accepted');
    expect(more.delivery.eventIds[0]).toBe(first.delivery.eventIds[1]);
    expect(more.delivery.eventIds[1]).toBe(more.delivery.eventIds[2]);
    const all = listEvents(store.reading, { limit: 100, nowMs: Date.now() });
    expect(all.items.map(({ externalId }) => externalId).sort()).toEqual(['a1', 'a2', 'a3']);
  });

  test('as many as one delivery may have are one transaction', async () => {
    const { post } = await startSource({ preset: 'generic', event: { each: '$[*]', id: '$.id' } });
    const many = Array.from({ length: maxElements }, (_, i) => ({ event: 'open', id: `m${i}` }));
    const outcome = await post(many);
    expect([outcome.status, new Set(outcome.delivery.eventIds).size]).toEqual([202, maxElements]);
  });
});
