import type { Logger } from 'pino';
import { localCaller } from '../../../shared/contract/access/caller.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { PushEnvelope } from '../../../shared/contract/pushes.ts';
import type { Reply } from '../../../shared/contract/reply.ts';
import { dispatch } from '../../console/calls/dispatch.ts';
import type { PushConnection, PushHub } from '../../console/push/push-hub.ts';

/** The only channels there are; preload.ts knows the same. */
export const channels = { call: 'call', push: 'push', message: 'message' } as const;

/** What is used of Electron's ipcMain, so that the transport is tested without a window. */
export interface IpcPort {
  handle(channel: string, listener: (event: SenderEvent, name: unknown, input: unknown) => Promise<Reply>): void;
  removeHandler(channel: string): void;
}

export interface SenderEvent {
  /** Null when the frame is gone already. */
  senderFrame: { url: string; parent: unknown } | null;
}

/** What is used of a window's webContents. */
export interface PushTarget {
  send(channel: string, envelope: PushEnvelope): void;
  isDestroyed(): boolean;
  on(event: 'dom-ready', listener: () => void): unknown;
  on(event: 'did-navigate', listener: () => void): unknown;
  on(event: 'render-process-gone', listener: () => void): unknown;
  on(event: 'destroyed', listener: () => void): unknown;
}

/** Whether what the page draws can be seen. */
export interface Audience {
  isWatching(): boolean;
  onChange(listener: () => void): unknown;
}

export interface CallsOverIpc {
  port: IpcPort;
  /** Calls that come before the runtime has started wait for it. */
  handlers: Handlers | Promise<Handlers>;
  /** Asked first; null: the call is the runtime's. */
  elsewhere?: (name: string, input: unknown) => Promise<Reply> | null;
  log: Logger;
  /** Whether a page at this address is ours. */
  isOwnPage(url: string): boolean;
}

const caller = localCaller('ipc', 'window');

/** Answers the window's calls; a frame inside the page, or a page that is not ours, is refused. */
export function answerCalls({ port, handlers, elsewhere, log, isOwnPage }: CallsOverIpc): () => void {
  port.handle(channels.call, async (event, name, input) => {
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || !isOwnPage(frame.url)) {
      log.warn({ url: frame?.url }, 'refused a call from a page that is not ours');
      return { ok: false, error: { code: 'forbidden', message: 'Only the console’s own page may call.' } };
    }
    const called = typeof name === 'string' ? name : '';
    return elsewhere?.(called, input) ?? dispatch(await handlers, called, input, caller, log);
  });
  return () => port.removeHandler(channels.call);
}

/**
 * Sends the pushes to one window while its page is visible. A reloaded page gets a new connection, so its `seq` starts at
 * 1 again. A hidden or minimized window is sent nothing, so that it does not render unseen. Shown again, it is told to
 * fetch what it shows.
 */
export function sendPushes(hub: Pick<PushHub, 'connect'>, target: PushTarget, audience: Audience): () => void {
  let connection: PushConnection | null = null;
  let hasPage = false;
  /** The page has missed pushes since it was loaded. */
  let wasAway = false;

  const disconnect = (): void => {
    connection?.close();
    connection = null;
  };
  const adjust = (): void => {
    if (!hasPage) return;
    if (!audience.isWatching()) {
      disconnect();
      wasAway = true;
      return;
    }
    connection ??= hub.connect(
      (envelope) => {
        if (target.isDestroyed()) return false;
        target.send(channels.push, envelope);
        return true;
      },
      { wasAway },
    );
  };
  const losePage = (): void => {
    hasPage = false;
    disconnect();
  };
  // Another document took over. Not did-start-loading: it comes for the page's own moves within itself too, and after
  // those there is no dom-ready to connect again.
  target.on('did-navigate', losePage);
  target.on('render-process-gone', losePage);
  target.on('destroyed', losePage);
  target.on('dom-ready', () => {
    disconnect();
    hasPage = true;
    wasAway = false;
    adjust();
  });
  audience.onChange(adjust);
  return losePage;
}
