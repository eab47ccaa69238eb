import { describe, expect, it } from 'vitest';
import { awakeMs } from '../../electron/alarms/awake-time.ts';
import { readIncidents } from '../../electron/store/alarms/incidents.ts';
import type { AlarmSpec } from '../../shared/contract/alarms.ts';
import { listener } from '../support/temp-store.ts';
import { minuteMs, openAlarms } from './open-alarms.ts';

const silent: AlarmSpec = {
  slug: 'quiet-crm',
  name: 'CRM is quiet',
  when: { kind: 'source_silent', source: 'crm', after: '30m' },
  notify: [{ via: 'desktop' }],
};

describe('a silent source', () => {
  it('is raised once after its interval, and recovers with a delivery', async () => {
    const app = openAlarms();
    app.state.alarms = [silent];
    await app.deliver();
    await app.pass(30);
    expect(app.raised()).toEqual([]);
    await app.pass(2);
    expect(app.raised()).toEqual(['quiet-crm source/crm']);
    await app.pass(10);
    expect(app.state.notes).toEqual([
      {
        title: 'Raised: CRM is quiet',
        body: 'No deliveries to crm for 31 m; one is expected every 30 m.',
        path: '/sources/crm',
      },
    ]);
    await app.deliver();
    await app.pass(1);
    expect(app.raised()).toEqual([]);
    expect(app.state.notes.at(-1)).toMatchObject({ title: 'Recovered: CRM is quiet', path: '/sources/crm' });
    expect(readIncidents(app.store.reading, 'quiet-crm', 9)).toMatchObject([{ inbox: 1, times: 1 }]);
  });

  it('is derived from the usual interval', async () => {
    const app = openAlarms();
    app.state.alarms = [{ ...silent, when: { kind: 'source_silent' } }];
    app.state.sources = ['crm', 'never-used'];
    for (let n = 0; n < 12; n++) {
      await app.deliver();
      await app.pass(10);
    }
    expect(app.raised()).toEqual([]);
    // Three times the ten minutes that are usual.
    await app.pass(22);
    expect(app.raised()).toEqual(['quiet-crm source/crm']);
  });

  it('does not count the time in which nothing could be received, and settles after a sleep', async () => {
    const app = openAlarms();
    app.state.alarms = [silent];
    await app.deliver();
    await app.pass(10);
    const fromMs = app.clock.nowMs;
    app.clock.nowMs += 8 * 60 * minuteMs;
    app.state.windows = [{ kind: 'asleep', fromMs, toMs: app.clock.nowMs, detail: '' }];
    await app.pass(18);
    expect(app.raised()).toEqual([]);
    await app.pass(4);
    expect(app.raised()).toEqual(['quiet-crm source/crm']);
  });

  it('leaves the inbox silently when its source is disabled', async () => {
    const app = openAlarms();
    app.state.alarms = [silent];
    await app.deliver();
    await app.pass(35);
    app.state.sources = [];
    await app.pass(1);
    expect(readIncidents(app.store.reading, undefined, 9)).toMatchObject([{ inbox: 0, problem: null }]);
    expect(app.raised()).toEqual([]);
    expect(app.state.notes).toHaveLength(1);
  });
});

describe('an alarm that lasts', () => {
  it('is known after a restart, and is not told again', async () => {
    const app = openAlarms();
    app.state.alarms = [{ ...silent, repeat: 'never' }];
    await app.deliver();
    await app.pass(40);
    await app.restart();
    await app.pass(60);
    expect(app.raised()).toEqual(['quiet-crm source/crm']);
    expect(app.state.notes).toHaveLength(1);
  });

  it('raises nothing in the first minutes after a start', async () => {
    const app = openAlarms();
    app.state.alarms = [{ slug: 'disk', when: { kind: 'disk_free', below: 2 ** 30 } }];
    app.state.freeBytes = 1000;
    await app.pass(4);
    expect(app.raised()).toEqual([]);
    await app.pass(2);
    expect(app.raised()).toEqual(['disk ']);
  });

  it('is repeated at its interval until it is acknowledged, and not while it is snoozed', async () => {
    const app = openAlarms();
    app.state.alarms = [{ ...silent, repeat: '1h' }];
    await app.deliver();
    await app.pass(32 + 61);
    expect(app.state.notes.map(({ title }) => title)).toEqual(['Raised: CRM is quiet', 'Still raised: CRM is quiet']);
    const until = app.clock.nowMs + 3 * 60 * minuteMs;
    await app.store.writer.write(({ db }) => db.exec(`UPDATE alarm_incidents SET inbox = 0, snoozed_until = ${until}`));
    await app.pass(179);
    expect(app.state.notes).toHaveLength(2);
    await app.pass(2);
    expect(app.state.notes).toHaveLength(3);
    expect(readIncidents(app.store.reading, 'quiet-crm', 1)).toMatchObject([{ inbox: 1, snoozed_until: null }]);
    await app.store.writer.write(({ db }) =>
      db.exec(`UPDATE alarm_incidents SET inbox = 0, acknowledged_at = 1, acknowledged_by = 'ada'`),
    );
    await app.pass(130);
    expect(app.state.notes).toHaveLength(3);
  });

  it('that flaps stays one incident, with one message a phase', async () => {
    const app = openAlarms();
    app.state.alarms = [{ slug: 'disk', when: { kind: 'disk_free', below: 2 ** 30 }, notify: [{ via: 'desktop' }] }];
    await app.pass(6);
    for (let n = 0; n < 10; n++) {
      app.state.freeBytes = n % 2 === 0 ? 1000 : 2 ** 31;
      await app.pass(1);
    }
    expect(app.state.notes).toHaveLength(1);
    app.state.freeBytes = 2 ** 31;
    await app.pass(7);
    expect(app.state.notes.map(({ title }) => title)).toEqual(['Raised: disk', 'Recovered: disk']);
    app.state.freeBytes = 1000;
    await app.pass(1);
    expect(readIncidents(app.store.reading, 'disk', 9)).toMatchObject([{ times: 2, recovered_at: null }]);
  });
});

describe('rates and queues', () => {
  it('raise when enough of them went wrong in the window', async () => {
    const app = openAlarms();
    app.state.alarms = [
      { slug: 'refused', when: { kind: 'refusal_rate', above: 20, window: '1h' } },
      { slug: 'failing', when: { kind: 'failure_rate', job: 'import', above: 20, window: '1h' } },
      { slug: 'waiting', when: { kind: 'queue_age', above: '10m' } },
    ];
    await app.pass(6);
    app.listeners.replaceAll([listener({ slug: 'on', source: 'crm', job: 'import' })]);
    for (let n = 0; n < 10; n++) await app.deliver();
    await app.pass(1);
    expect(app.raised()).toEqual([]);
    await app.store.writer.write(({ db }) => {
      db.exec("UPDATE deliveries SET result = 'refused', reason_code = 'bad_signature' WHERE seq <= 4");
      db.exec("UPDATE runs SET state = 'failed' WHERE seq <= 3");
      db.exec("UPDATE runs SET state = 'completed' WHERE seq BETWEEN 4 AND 8");
    });
    await app.pass(1);
    expect(app.raised()).toEqual(['refused source/crm', 'failing job/import']);
    expect(readIncidents(app.store.reading, undefined, 9).map(({ message }) => message)).toEqual([
      '38% of runs of import failed in the last 1 h: 3 of 8. Limit: 20%.',
      '40% of deliveries to crm were refused in the last 1 h: 4 of 10. Limit: 20%.',
    ]);
    await app.pass(10);
    expect(app.raised()).toContain('waiting job/import');
    await app.pass(60);
    expect(app.raised()).toEqual(['waiting job/import']);
  });
});

it('counts overlapping outages once', () => {
  const windows = [
    { fromMs: 10, toMs: 30 },
    { fromMs: 20, toMs: 40 },
    { fromMs: 90, toMs: null },
  ];
  expect(awakeMs(0, 100, windows)).toBe(60);
  expect(awakeMs(35, 60, windows)).toBe(20);
});
