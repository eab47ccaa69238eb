import { describe, expect, it } from 'vitest';
import { readToken } from '../../../../renderer/features/live/model/jwt-parts.ts';
import {
  customTypeOf,
  emptyRaise,
  type RaiseDraft,
  readRaise,
} from '../../../../renderer/features/live/model/raise-draft.ts';
import { askedTopic } from '../../../../renderer/features/sources/model/sns-subscription.ts';
import { labelOf, typeOptions, typeTitle } from '../../../../renderer/model/events/event-catalog.ts';

const nowMs = Date.parse('2026-03-01T10:00:00.000Z');
const read = (change: Partial<RaiseDraft>) => readRaise({ ...emptyRaise, type: 'customer_sync', ...change }, nowMs);

describe('an event of one’s own', () => {
  it('is raised now, after a while or at a time, never two of them', () => {
    expect(read({})).toEqual({ ok: true, input: { type: 'customer_sync', message: {} } });
    expect(read({ when: 'in', delay: '10m' })).toMatchObject({ input: { inSeconds: 600 } });
    const at = read({ when: 'at', at: '2026-03-02T10:00:00Z', message: '', metadata: '{"a": 1}' });
    expect(at).toEqual({
      ok: true,
      input: { type: 'customer_sync', metadata: { a: 1 }, scheduleFor: '2026-03-02T10:00:00.000Z' },
    });
  });

  it('says at its field what is wrong', () => {
    const wrong = read({ type: ' - ', message: '{', metadata: '[]', when: 'in', delay: '40d' });
    expect(wrong.ok ? [] : Object.keys(wrong.errors).sort()).toEqual(['delay', 'message', 'metadata', 'type']);
    const past = read({ when: 'at', at: '2026-02-01T10:00:00Z' });
    expect(past).toEqual({ ok: false, errors: { at: 'is in the past' } });
  });

  it('shows the type that the app makes of its name', () => {
    expect(customTypeOf('customer sync')).toBe('CUSTOM_CUSTOMER_SYNC');
    expect(customTypeOf('CUSTOM_Rates')).toBe('CUSTOM_Rates');
    expect(customTypeOf('custom-rates')).toBe('CUSTOM_RATES');
    expect(customTypeOf('--')).toBe('');
  });
});

describe('what the catalog says of a type', () => {
  it('describes what it has, marks what it should have, and is silent of other systems', () => {
    expect(labelOf('flatfile', 'job:ready')).toMatchObject({ group: 'Jobs' });
    expect(labelOf('flatfile', 'job:dances')).toBe('unknown');
    expect(labelOf('generic', 'job:ready')).toBeNull();
    expect(typeTitle('generic', 'a.b')).toBe('a.b');
    expect(typeTitle('flatfile', 'job:ready').startsWith('job:ready\n')).toBe(true);
  });

  it('offers what was seen first, and each type once', () => {
    const groups = typeOptions('flatfile', ['job:ready', 'mine:own']);
    expect(groups[0]).toMatchObject({ group: 'Seen here' });
    expect(groups[0]?.items.map((item) => item.type)).toEqual(['job:ready', 'mine:own']);
    const all = groups.flatMap((group) => group.items.map((item) => item.type));
    expect(new Set(all).size).toBe(all.length);
    expect(typeOptions(null, [])).toEqual([]);
  });
});

describe('a body of a sender’s or an answer’s own form', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is read as a token only when it is one', () => {
    expect(readToken(`${encode({ alg: 'RS256' })}.${encode({ jti: 'ü' })}.c2ln`)).toEqual({
      header: { alg: 'RS256' },
      claims: { jti: 'ü' },
    });
    expect(readToken('not.a.token')).toBeNull();
    expect(readToken('{"action":"allow"}')).toBeNull();
  });

  it('names the topic that Amazon asks about', () => {
    const body = (value: unknown) => ({
      body: { encoding: 'text' as const, data: JSON.stringify(value), truncated: false },
    });
    expect(askedTopic(body({ Type: 'SubscriptionConfirmation', TopicArn: 'arn:x' }))).toBe('arn:x');
    expect(askedTopic(body({ Type: 'Notification', TopicArn: 'arn:x' }))).toBeNull();
  });
});
