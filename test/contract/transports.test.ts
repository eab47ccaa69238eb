import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../shared/contract/index.ts';
import { fakeHandlers } from '../console/fake-handlers.ts';
import { sampleEvent, sampleSettings, sampleStatus } from '../console/samples.ts';
import { eventually } from '../support/eventually.ts';
import { type Client, transports } from './transports.ts';

describe.each(Object.entries(transports))('the contract over %s', (transport, connect) => {
  let client: Client | null = null;

  async function open(given: Partial<Handlers>): Promise<Client> {
    client = await connect(fakeHandlers(given));
    return client;
  }

  afterEach(async () => {
    await client?.close();
    client = null;
  });

  it('carries a value unchanged, whatever text is in it', async () => {
    const hostile = {
      ...sampleEvent('e'),
      payload: { html: '<script>', nul: '\u0000', lone: '\u2028', emoji: '🚦', deep: [[[]]] },
    };
    const { call } = await open({ 'events.list': () => ({ items: [hostile], nextCursor: null }) });
    expect(await call('events.list', { limit: 1 })).toEqual({
      ok: true,
      value: { items: [hostile], nextCursor: null },
    });
  });

  it('tells the handler the input and the transport', async () => {
    const seen: [unknown, Caller][] = [];
    const { call } = await open({
      'runs.list': (input, caller) => {
        seen.push([input, caller]);
        return { items: [], nextCursor: null };
      },
    });
    await call('runs.list', { state: ['failed'], cursor: null });
    expect(seen).toEqual([
      [{ state: ['failed'], cursor: null }, expect.objectContaining({ transport, account: null })],
    ]);
  });

  it('refuses wrong input with its place and does not bother the handler', async () => {
    const handler = vi.fn(() => sampleSettings);
    const { call } = await open({ 'settings.update': handler });
    expect(await call('settings.update', { concurrency: 0 })).toEqual({
      ok: false,
      error: {
        code: 'invalid_input',
        message: 'settings.update: "concurrency" must be at least 1.',
        details: [{ path: ['concurrency'], message: 'must be at least 1' }],
      },
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('refuses a call that is not in the contract', async () => {
    const { call } = await open({});
    expect(await call('constructor', {})).toMatchObject({ ok: false, error: { code: 'unknown_call' } });
  });

  it('carries expected errors as they are and hides the others', async () => {
    const { call } = await open({
      'runs.cancel': () => Promise.reject(new AppError('wrong_state', 'Run r has ended already.')),
      'runs.retry': () => Promise.reject(new RangeError('inner detail')),
    });
    const expected = { ok: false, error: { code: 'wrong_state', message: 'Run r has ended already.' } };
    expect(await call('runs.cancel', { id: 'r' })).toEqual(expected);
    const hidden = await call('runs.retry', { id: 'r' });
    expect(hidden).toMatchObject({
      ok: false,
      error: { code: 'internal', message: expect.stringMatching(/reference \w+/) },
    });
    expect(JSON.stringify(hidden)).not.toContain('inner detail');
  });

  it('answers calls side by side', async () => {
    const { call } = await open({ 'runs.output': ({ id }) => ({ items: [], truncated: id === 'r7', next: null }) });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => call('runs.output', { id: `r${index}` })),
    );
    expect(
      replies
        .map((reply) => JSON.stringify(reply))
        .filter((text) => text.includes('true,"value":{"items":[],"truncated":true,')),
    ).toHaveLength(1);
    expect(replies.every((reply) => reply.ok)).toBe(true);
  });

  it('pushes in order, numbered without a hole', async () => {
    const { hub, pushes } = await open({});
    await eventually(() => expect(hub.hasClients()).toBe(true));
    for (let round = 0; round < 3; round += 1) {
      hub.publish('events.added', [sampleEvent(`e${round}`)]);
      hub.publish('app.statusChanged', { ...sampleStatus, databaseBytes: round });
      await eventually(() => expect(pushes()).toHaveLength(2 * (round + 1)));
    }
    expect(pushes()).toEqual(
      [0, 1, 2].flatMap((round) => [
        { seq: 2 * round + 1, name: 'events.added', value: { items: [sampleEvent(`e${round}`)] }, dropped: 0 },
        { seq: 2 * round + 2, name: 'app.statusChanged', value: { ...sampleStatus, databaseBytes: round }, dropped: 0 },
      ]),
    );
  });

  it('says so when rows were left out', async () => {
    const { hub, pushes } = await open({});
    await eventually(() => expect(hub.hasClients()).toBe(true));
    hub.publish(
      'events.added',
      Array.from({ length: 700 }, (_, index) => sampleEvent(`e${index}`)),
    );
    await eventually(() => expect(pushes()).toHaveLength(1));
    expect(pushes()[0]).toMatchObject({ seq: 1, dropped: 200 });
  });
});
