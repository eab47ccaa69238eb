import { describe, expect, it } from 'vitest';
import { recognisePreset } from '../../../../renderer/features/sources/model/recognise-sender.ts';

const sent = (data: unknown, headers: [string, string][] = [], contentType = 'application/json') => ({
  headers,
  contentType,
  body: { encoding: 'text' as const, data: typeof data === 'string' ? data : JSON.stringify(data), truncated: false },
});
const presetOf = (...args: Parameters<typeof sent>) => recognisePreset(sent(...args))?.preset ?? null;

describe('which system a delivery looks like', () => {
  it('is told by the header that the vendor alone sends, in any case', () => {
    expect(presetOf({}, [['X-GitHub-Event', 'push']])).toBe('github');
    expect(presetOf({}, [['Stripe-Signature', 't=1,v1=a']])).toBe('stripe');
    expect(presetOf('', [['x-amz-sns-message-type', 'Notification']], 'text/plain')).toBe('aws-sns');
    expect(presetOf({}, [['CE-SpecVersion', '1.0']])).toBe('cloudevents');
  });

  it('is told by the body where there is no such header', () => {
    const event = { topic: 'job:ready', domain: 'job', context: {}, id: 'us_evt_1' };
    expect(presetOf(event)).toBe('flatfile');
    expect(presetOf({ src: event, _apiUrl: 'x' })).toBe('flatfile');
    expect(presetOf({ id: 'evt_1', object: 'event', type: 'task_run.completed', data: {}, created_at: 'now' })).toBe(
      'deck',
    );
    expect(presetOf({ type: 'USER_CREATE', metadata: {}, message: {} })).toBe('revoengine');
    expect(presetOf([{ specversion: '1.0', type: 'a.b', source: '/x' }])).toBe('cloudevents');
  });

  it('knows a token by its form, bare or wrapped', () => {
    const token = `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
    expect(presetOf(token, [], 'text/plain')).toBe('next-identity');
    expect(presetOf({ token })).toBe('next-identity');
    expect(presetOf('anything', [], 'application/secevent+jwt')).toBe('next-identity');
  });

  it('takes the vendor that builds on Standard Webhooks before the convention', () => {
    const signed: [string, string][] = [['webhook-signature', 'v1,x']];
    expect(presetOf({ object: 'event', type: 't', data: {}, created_at: 'now' }, signed)).toBe('deck');
    expect(presetOf({ any: 1 }, signed)).toBe('standard-webhooks');
  });

  it('says nothing of what looks like nobody', () => {
    expect(presetOf({ type: 'order.created', metadata: {}, message: {} })).toBeNull();
    expect(presetOf('not json')).toBeNull();
    expect(presetOf([])).toBeNull();
    expect(
      recognisePreset({ headers: [], contentType: null, body: { encoding: 'base64', data: 'AAAA', truncated: false } }),
    ).toBeNull();
  });
});
