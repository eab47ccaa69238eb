import { describe, expect, it, vi } from 'vitest';
import { createPushHub } from '../../electron/console/push/push-hub.ts';
import { answerCalls, type IpcPort, type PushTarget, sendPushes } from '../../electron/desktop/pages/ipc.ts';
import { capturedLog } from '../console/captured-log.ts';
import { fakeClock } from '../console/fake-clock.ts';
import { fakeHandlers } from '../console/fake-handlers.ts';
import { sampleStatus } from '../console/samples.ts';

describe('calls over IPC', () => {
  function setUp() {
    const listeners = new Map<string, Parameters<IpcPort['handle']>[1]>();
    const port: IpcPort = {
      handle: (channel, listener) => listeners.set(channel, listener),
      removeHandler: (channel) => listeners.delete(channel),
    };
    const stop = answerCalls({
      port,
      handlers: fakeHandlers({ 'app.status': () => sampleStatus }),
      log: capturedLog().log,
      isOwnPage: (url) => url.startsWith('app://signalbox/'),
    });
    return { listeners, stop };
  }

  it.each([
    ['its own page', { url: 'app://signalbox/runs/1', parent: null }, true],
    ['a frame inside its page', { url: 'app://signalbox/', parent: {} }, false],
    ['another page', { url: 'https://evil.example/', parent: null }, false],
    ['a host that begins alike', { url: 'app://signalbox.evil/', parent: null }, false],
    ['a frame that is gone', null, false],
  ])('are answered for %s only if it is ours', async (_what, senderFrame, expected) => {
    const { listeners } = setUp();
    const reply = await listeners.get('call')?.({ senderFrame }, 'app.status', {});
    expect(reply?.ok).toBe(expected);
    if (reply?.ok === false) expect(reply.error.code).toBe('forbidden');
  });

  it.each([undefined, 7, { toString: () => 'app.status' }])('refuse the name %j', async (name) => {
    const { listeners } = setUp();
    const senderFrame = { url: 'app://signalbox/', parent: null };
    expect(await listeners.get('call')?.({ senderFrame }, name, {})).toMatchObject({ error: { code: 'unknown_call' } });
  });

  it('end with the app', () => {
    const { listeners, stop } = setUp();
    stop();
    expect(listeners.size).toBe(0);
  });
});

describe('pushes over IPC', () => {
  function setUp() {
    const clock = fakeClock();
    const hub = createPushHub(clock);
    const listeners = new Map<string, () => void>();
    const send = vi.fn();
    const target: PushTarget = {
      send,
      isDestroyed: () => false,
      on: (event: string, listener: () => void) => listeners.set(event, listener),
    };
    let isWatching = true;
    let changed = (): void => undefined;
    sendPushes(hub, target, {
      isWatching: () => isWatching,
      onChange(listener) {
        changed = listener;
      },
    });
    const watch = (watching: boolean): void => {
      isWatching = watching;
      changed();
    };
    return { clock, hub, send, watch, emit: (event: string) => listeners.get(event)?.() };
  }

  it('begin when the page is there and are numbered anew for each page', () => {
    const { clock, hub, send, emit } = setUp();
    expect(hub.hasClients()).toBe(false);
    for (let page = 0; page < 2; page += 1) {
      emit('did-navigate');
      expect(hub.hasClients()).toBe(false);
      emit('dom-ready');
      hub.publish('app.statusChanged', sampleStatus);
      clock.advance(100);
    }
    const envelope = { seq: 1, name: 'app.statusChanged', value: sampleStatus, dropped: 0 };
    expect(send.mock.calls).toEqual([
      ['push', envelope],
      ['push', envelope],
    ]);
  });

  it.each(['render-process-gone', 'destroyed'])('stop on %s', (event) => {
    const { hub, emit } = setUp();
    emit('dom-ready');
    expect(hub.hasClients()).toBe(true);
    emit(event);
    expect(hub.hasClients()).toBe(false);
  });

  it('stop while nobody can see the window, and begin again with word that some were lost', () => {
    const { clock, hub, send, watch, emit } = setUp();
    emit('dom-ready');
    watch(false);
    expect(hub.hasClients()).toBe(false);
    hub.publish('app.statusChanged', sampleStatus);
    clock.advance(1000);
    expect(send).not.toHaveBeenCalled();
    watch(true);
    expect(send.mock.calls).toEqual([['push', { seq: 1, name: 'events.added', value: { items: [] }, dropped: 1 }]]);
    hub.publish('app.statusChanged', sampleStatus);
    clock.advance(1000);
    expect(send).toHaveBeenLastCalledWith('push', {
      seq: 2,
      name: 'app.statusChanged',
      value: sampleStatus,
      dropped: 0,
    });
  });

  it('tell a page that was loaded while nobody saw it that some were lost', () => {
    const { send, watch, emit } = setUp();
    watch(false);
    emit('dom-ready');
    expect(send).not.toHaveBeenCalled();
    watch(true);
    expect(send).toHaveBeenCalledWith('push', expect.objectContaining({ dropped: 1 }));
  });
});
