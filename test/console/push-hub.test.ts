import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPushHub } from '../../electron/console/push/push-hub.ts';
import { type PushEnvelope, pushes } from '../../shared/contract/pushes.ts';
import { fakeClock } from './fake-clock.ts';
import { sampleEvent, sampleSettings, sampleStatus } from './samples.ts';

const progress = (id: string, percent: number) => ({ id, progress: { percent, message: '' } });

function setUp() {
  const clock = fakeClock();
  const hub = createPushHub(clock);
  const listen = (accepts: () => boolean = () => true, names?: Parameters<typeof hub.connect>[1]) => {
    const got: PushEnvelope[] = [];
    const connection = hub.connect((envelope) => {
      if (!accepts()) return false;
      got.push(envelope);
      return true;
    }, names);
    return { got, connection };
  };
  return { clock, hub, listen };
}

const idsOf = (envelope: PushEnvelope | undefined): string[] =>
  pushes['events.added'].parse(envelope?.value).items.map((item) => item.id);

describe('the push hub', () => {
  it('sends the first news at once and what follows ten times a second', () => {
    const { clock, hub, listen } = setUp();
    const { got } = listen();
    for (let ms = 0; ms < 1000; ms += 1) {
      hub.publish('events.added', [sampleEvent(`e${ms}`)]);
      clock.advance(1);
    }
    clock.advance(1000);
    expect(got.length).toBeGreaterThanOrEqual(10);
    expect(got.length).toBeLessThanOrEqual(11);
    expect(got.flatMap(idsOf)).toEqual(Array.from({ length: 1000 }, (_, ms) => `e${ms}`));
    expect(got.map((envelope) => envelope.seq)).toEqual(got.map((_, index) => index + 1));
  });

  it('keeps no timer when there is nothing to tell or nobody to tell', () => {
    const { clock, hub, listen } = setUp();
    hub.publish('events.added', [sampleEvent('a')]);
    expect(clock.timers()).toBe(0);
    const { connection, got } = listen();
    expect(clock.timers()).toBe(0);
    hub.publish('events.added', []);
    expect(clock.timers()).toBe(0);
    hub.publish('events.added', [sampleEvent('b')]);
    expect(clock.timers()).toBe(1);
    connection.close();
    expect(clock.timers()).toBe(0);
    clock.advance(1000);
    expect(got).toEqual([]);
    expect(hub.hasClients()).toBe(false);
  });

  it('keeps the newest 500 rows of a flood and counts the rest', () => {
    const { clock, hub, listen } = setUp();
    const { got } = listen();
    for (let index = 0; index < 1800; index += 1) hub.publish('events.added', [sampleEvent(`e${index}`)]);
    clock.advance(0);
    expect(got).toHaveLength(1);
    expect(got[0]?.dropped).toBe(1300);
    expect(idsOf(got[0])).toHaveLength(500);
    expect(idsOf(got[0]).at(-1)).toBe('e1799');
  });

  it('sends the latest of each run once, however often it changed', () => {
    const { clock, hub, listen } = setUp();
    const { got } = listen();
    for (let percent = 0; percent <= 100; percent += 1)
      hub.publish('runs.progressed', [progress('a', percent), progress('b', 1)]);
    clock.advance(0);
    expect(got).toEqual([
      { seq: 1, name: 'runs.progressed', value: { items: [progress('a', 100), progress('b', 1)] }, dropped: 0 },
    ]);
  });

  it('sends only the last of whole states', () => {
    const { clock, hub, listen } = setUp();
    const { got } = listen();
    hub.publish('settings.changed', sampleSettings);
    hub.publish('settings.changed', { ...sampleSettings, concurrency: 9 });
    hub.publish('sources.changed', []);
    clock.advance(0);
    expect(got.map(({ name, value }) => [name, value])).toEqual([
      ['settings.changed', { ...sampleSettings, concurrency: 9 }],
      ['sources.changed', { items: [] }],
    ]);
  });

  it('numbers the messages of each client on their own and only those it takes', () => {
    const { clock, hub, listen } = setUp();
    const early = listen();
    hub.publish('events.added', [sampleEvent('a')]);
    clock.advance(0);
    const late = listen(() => true, { names: ['app.statusChanged'] });
    clock.advance(100);
    hub.publish('events.added', [sampleEvent('b')]);
    hub.publish('app.statusChanged', sampleStatus);
    clock.advance(100);
    expect(early.got.map(({ seq, name }) => `${seq} ${name}`)).toEqual([
      '1 events.added',
      '2 events.added',
      '3 app.statusChanged',
    ]);
    expect(late.got.map(({ seq, name }) => `${seq} ${name}`)).toEqual(['1 app.statusChanged']);
    expect(hub.hasClients('events.added')).toBe(true);
    early.connection.close();
    expect(hub.hasClients('events.added')).toBe(false);
    expect(hub.hasClients('app.statusChanged')).toBe(true);
  });

  it('tells a client that could not keep up how much it missed, and the whole states as they are now', () => {
    const { clock, hub, listen } = setUp();
    let isReady = false;
    const slow = listen(() => isReady);
    const quick = listen();
    for (let index = 0; index < 3; index += 1) {
      hub.publish('events.added', [sampleEvent(`a${index}`), sampleEvent(`b${index}`)]);
      hub.publish('settings.changed', { ...sampleSettings, concurrency: index + 1 });
      clock.advance(100);
    }
    expect(slow.got).toEqual([]);
    expect(quick.got).toHaveLength(6);
    isReady = true;
    slow.connection.resume();
    expect(slow.got).toEqual([
      { seq: 1, name: 'events.added', value: { items: [] }, dropped: 6 },
      { seq: 2, name: 'settings.changed', value: { ...sampleSettings, concurrency: 3 }, dropped: 3 },
    ]);
    slow.connection.resume();
    expect(slow.got).toHaveLength(2);
  });

  it('accounts for every row, sent or dropped, whatever the pace of news and client', () => {
    const step = fc.record({
      rows: fc.integer({ min: 0, max: 1500 }),
      waitMs: fc.integer({ min: 0, max: 150 }),
      isReady: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { clock, hub, listen } = setUp();
        let isReady = true;
        const { got, connection } = listen(() => isReady);
        let published = 0;
        for (const each of steps) {
          isReady = each.isReady;
          hub.publish(
            'runs.wrote',
            Array.from({ length: each.rows }, () => {
              published += 1;
              return {
                runId: 'r',
                attempt: 1,
                stream: 'stdout' as const,
                text: String(published),
                at: '2026-01-01T00:00:00Z',
              };
            }),
          );
          clock.advance(each.waitMs);
        }
        isReady = true;
        clock.advance(1000);
        connection.resume();
        let accounted = 0;
        for (const { value, dropped } of got) {
          const { items } = pushes['runs.wrote'].parse(value);
          expect(items.length).toBeLessThanOrEqual(500);
          accounted += items.length + dropped;
        }
        expect(accounted).toBe(published);
        expect(got.map(({ seq }) => seq)).toEqual(got.map((_, index) => index + 1));
      }),
      { numRuns: 40 },
    );
  });
});
