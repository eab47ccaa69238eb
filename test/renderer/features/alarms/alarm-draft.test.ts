import { describe, expect, it } from 'vitest';
import {
  alarmDraftOf,
  alarmDraftProblems,
  alarmInputOf,
  emptyAlarm,
  webhookRow,
} from '../../../../renderer/features/alarms/model/alarm-draft.ts';
import { mergeIncidents } from '../../../../renderer/model/definitions/alarm-inbox.ts';
import type { Alarm, AlarmCondition, AlarmIncident } from '../../../../shared/contract/alarms.ts';

const conditions: AlarmCondition[] = [
  { kind: 'source_silent' },
  { kind: 'source_silent', source: 'crm', after: '2h' },
  { kind: 'refusal_rate', source: 'crm', above: 12.5, window: '30m', minimum: 10 },
  { kind: 'failure_rate', job: 'import', above: 20 },
  { kind: 'failure_rate', listener: 'orders', above: 20 },
  { kind: 'queue_age', above: '10m' },
  { kind: 'disk_free', below: 5 * 2 ** 30 },
  { kind: 'store_growth', above: 2 ** 30 },
];

const alarm = (when: AlarmCondition): Alarm => ({
  slug: 'a',
  name: 'A',
  enabled: true,
  when,
  notify: [
    { via: 'desktop' },
    { via: 'webhook', url: { secret: 'slack' } },
    { via: 'webhook', url: 'https://hooks.example.com/x', allowPrivate: true },
    { via: 'email', to: ['ada@example.com'] },
  ],
  repeat: '1h',
  recovery: false,
  owner: 'user',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  problem: null,
  raised: 0,
  lastRaisedAt: null,
});

describe('the form of an alarm', () => {
  it.each(conditions)('saves what it was opened with: %j', (when) => {
    const { slug, name, notify, repeat, recovery } = alarm(when);
    expect(alarmInputOf(alarmDraftOf(alarm(when)))).toEqual({ slug, name, when, notify, repeat, recovery });
    expect(alarmDraftProblems(alarmDraftOf(alarm(when)))).toEqual({});
  });

  it('says what is missing', () => {
    expect(alarmDraftProblems(emptyAlarm('failure_rate'))).toHaveProperty('percent');
    expect(alarmDraftProblems(emptyAlarm('disk_free'))).toHaveProperty('size');
    const row = webhookRow();
    expect(alarmDraftProblems({ ...emptyAlarm(), webhooks: [row] })).toEqual({ [row.id]: 'needs a URL' });
  });
});

it('keeps what is in the inbox, the latest first', () => {
  const one = (id: string, isInInbox = true) => ({ id, isInInbox }) as AlarmIncident;
  const items = mergeIncidents([one('alm_1'), one('alm_2')], [one('alm_1', false), one('alm_3')]);
  expect(items.map(({ id }) => id)).toEqual(['alm_3', 'alm_2']);
});
