import { describe, expect, it } from 'vitest';
import { dispatch } from '../../electron/console/calls/dispatch.ts';
import { appCaller } from '../../shared/contract/access/caller.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Handlers } from '../../shared/contract/index.ts';
import { cpuMsUntil } from '../support/cpu-time.ts';
import { capturedLog } from './captured-log.ts';
import { fakeHandlers } from './fake-handlers.ts';
import { sampleStatus } from './samples.ts';

async function call(name: string, input: unknown, given: Partial<Handlers> = {}, checkOutput = true) {
  const { log, lines } = capturedLog();
  const reply = await dispatch(fakeHandlers(given), name, input, appCaller, log, { checkOutput });
  return { reply, lines, error: reply.ok ? null : reply.error };
}

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { inner: value };
  return value;
};

const echo: Partial<Handlers> = {
  'events.replay': ({ ids }) => ({ items: [{ id: 'e2', replayOf: ids[0] ?? '' }] }),
};

describe('dispatch', () => {
  it('gives the handler the validated input and its value back', async () => {
    const seen: unknown[] = [];
    const { reply } = await call(
      'secrets.set',
      { name: 'KEY', value: 'x' },
      {
        'secrets.set': (input, caller) => {
          seen.push(input, caller);
          return { done: true };
        },
      },
    );
    expect(reply).toEqual({ ok: true, value: { done: true } });
    expect(seen).toEqual([{ name: 'KEY', value: 'x' }, appCaller]);
  });

  it('takes an absent input for an empty one', async () => {
    const { reply } = await call('app.status', undefined, { 'app.status': () => sampleStatus });
    expect(reply).toEqual({ ok: true, value: sampleStatus });
  });

  it.each(['no.such', '', '__proto__', 'constructor', 'toString'])('refuses the call name %j', async (name) => {
    const { error } = await call(name, {});
    expect(error?.code).toBe('unknown_call');
  });

  it.each([
    ['runs.get', {}, ['id'], '"id" is missing'],
    ['runs.get', { id: 7 }, ['id'], '"id" must be text'],
    ['runs.get', [], [], 'the input must be an object'],
    ['runs.get', null, [], 'the input must be an object'],
    ['runs.get', { id: 'a', extra: 1 }, ['extra'], '"extra" is unknown; remove it'],
    ['runs.list', { limit: 0 }, ['limit'], '"limit" must be at least 1'],
    ['runs.list', { limit: 1.5 }, ['limit'], '"limit" must be a whole number'],
    ['runs.list', { limit: 501 }, ['limit'], '"limit" must be at most 500'],
    ['runs.acknowledge', { ids: [] }, ['ids'], '"ids" must have at least 1 entry'],
    ['runs.acknowledge', { ids: ['a', 2] }, ['ids', 1], '"ids[1]" must be text'],
    ['sources.setEnabled', { slug: 'crm', enabled: 'yes' }, ['enabled'], '"enabled" must be true or false'],
    ['deliveries.list', { result: 'lost' }, ['result'], '"result" must be one of "accepted", "duplicate", "refused"'],
    ['sources.get', { slug: 'No!' }, ['slug'], '"slug" must be 1 to 63 lower-case letters'],
    [
      'jobs.create',
      { kind: 'command', slug: 'a', command: ['x'], timeout: 'soon' },
      ['timeout'],
      '"timeout" must be a time such as',
    ],
    ['jobs.create', { kind: 'magic' }, ['kind'], '"kind"'],
    [
      'jobs.create',
      { kind: 'command', slug: 'a', command: ['x'], secrets: { K: { env: '1-2' } } },
      ['secrets', 'K', 'env'],
      'must be the name of an environment variable',
    ],
    ['events.replay', { ids: ['a'], listeners: [] }, ['listeners'], '"listeners" must have at least 1 entry'],
  ])('explains what is wrong with %s %j', async (name, input, path, text) => {
    const { error } = await call(name, input);
    expect(error?.code).toBe('invalid_input');
    expect(error?.message).toContain(text);
    expect(error?.message.startsWith(`${name}: `)).toBe(true);
    expect(error?.details?.map((detail) => detail.path)).toContainEqual(path);
  });

  it('names three problems and counts the rest', async () => {
    const { error } = await call('runs.acknowledge', { ids: [1, 2, 3, 4, 5] });
    expect(error?.message).toMatch(/"ids\[0\]".*"ids\[2\]".*; and 2 more\.$/);
    expect(error?.details).toHaveLength(5);
  });

  it('tells at most 100 mistakes with their place, and counts the others', async () => {
    const input = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`name${n}`, 1]));
    const { error } = await call('events.list', input);
    expect(error?.message).toMatch(/; and 997 more\.$/);
    expect(error?.details).toHaveLength(100);
  });

  it.each([
    [
      'an object inside itself, three times',
      () => {
        const payload: Record<string, unknown> = {};
        return Object.assign(payload, { a: payload, b: payload, c: payload });
      },
    ],
    [
      'one object too often',
      () => {
        let payload: unknown = {};
        for (let level = 0; level < 40; level += 1) payload = [payload, payload, payload];
        return payload;
      },
    ],
    ['an array with holes', () => new Array(2 ** 32 - 1)],
    ['bytes', () => new Uint8Array(64 * 1024 * 1024)],
  ])('refuses %s at once', async (_what, make) => {
    const usedMs = await cpuMsUntil(async () => {
      const { error } = await call('events.replay', { ids: ['a'], payload: make() }, echo);
      expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('plain JSON') });
    });
    expect(usedMs).toBeLessThan(1000);
  });

  it('takes an object that stands in two places', async () => {
    const shared = { a: 1 };
    expect((await call('events.replay', { ids: ['a'], payload: [shared, shared] }, echo)).reply.ok).toBe(true);
  });

  it('refuses input nested deeper than 64 levels without overflowing', async () => {
    expect((await call('events.replay', { ids: ['a'], payload: deep(60) }, echo)).reply.ok).toBe(true);
    const { error } = await call('events.replay', { ids: ['a'], payload: deep(100_000) }, echo);
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('64 levels') });
  });

  it('lets expected errors cross with code, message and details', async () => {
    const details = [{ path: ['ids', 0], message: 'is gone' }];
    const { error, lines } = await call(
      'runs.get',
      { id: 'x' },
      {
        'runs.get': () => {
          throw new AppError('not_found', 'There is no run x.', details);
        },
      },
    );
    expect(error).toEqual({ code: 'not_found', message: 'There is no run x.', details });
    expect(lines).toEqual([]);
  });

  it('keeps unexpected errors inside, logged under the reference that the caller is given', async () => {
    const { error, lines } = await call(
      'runs.get',
      { id: 'x' },
      {
        'runs.get': async () => {
          throw new TypeError('secret detail');
        },
      },
    );
    expect(error?.code).toBe('internal');
    expect(error?.message).not.toContain('secret');
    const reference = /reference (\w+)\.$/.exec(error?.message ?? '')?.[1] ?? 'none';
    expect(lines.join('')).toContain(`"reference":"${reference}"`);
    expect(lines.join('')).toMatch(/secret detail.*dispatch\.test\.ts/);
  });

  it('finds handlers that break the contract when asked to', async () => {
    const wrong: Partial<Handlers> = { 'app.status': () => ({ ...sampleStatus, startedAt: 'yesterday' }) };
    expect((await call('app.status', {}, wrong)).lines.join('')).toContain('startedAt');
    expect((await call('app.status', {}, wrong, false)).reply.ok).toBe(true);
  });
});
