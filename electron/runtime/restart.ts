import { AppError } from '../../shared/contract/errors.ts';
import { isCallName } from '../../shared/contract/index.ts';
import { createPushHub, type PushHub } from '../console/push-hub.ts';
import { createSessions, type Sessions } from '../console/sessions.ts';
import { createSignInCodes, type SignInCodes } from '../console/sign-in-codes.ts';
import type { Address, AttentionListener, Runtime, RuntimeOptions } from './runtime-types.ts';

/** What windows, browsers and tray hold on to while the rest is stopped and started again on another store. */
export interface Lasting {
  hub: PushHub;
  /** Signed-in browsers. */
  sessions: Sessions;
  /** Addresses that sign in once and are not used yet. */
  codes: SignInCodes;
  attention: Set<AttentionListener>;
  /** Stops and starts again, on whatever the next start finds; returns at once. */
  restart(reason: string): void;
}

/** An answer that is on its way should be out before its door closes. */
const answerMs = 200;

/**
 * Keeps the app's outside the same over restarts within this process: restoring a backup replaces the store under
 * everything that was made from it, and starting anew is the one way that surely forgets all of that.
 */
export async function startRestartable(
  options: RuntimeOptions,
  start: (options: RuntimeOptions, lasting: Lasting) => Promise<Runtime>,
): Promise<Runtime> {
  let isStopped = false;
  let restarting: Promise<void> = Promise.resolve();
  const lasting: Lasting = {
    hub: createPushHub(),
    sessions: createSessions(),
    codes: createSignInCodes(),
    attention: new Set(),
    restart(reason) {
      const timer = setTimeout(() => {
        restarting = restarting.then(() => (isStopped ? undefined : startAnew(reason)));
      }, answerMs);
      timer.unref();
    },
  };
  let current = await start(options, lasting);
  const handlers = { ...current.handlers };

  async function startAnew(reason: string): Promise<void> {
    const { log, receiverUrl, consoleUrl } = current;
    for (const name of Object.keys(handlers).filter(isCallName)) handlers[name] = startingAgain;
    await current.stop(reason);
    const again: RuntimeOptions = {
      ...options,
      restoreFile: null,
      ending: undefined,
      receiver: samePort(options.receiver, receiverUrl),
      console: options.console === null || consoleUrl === null ? null : samePort(options.console, consoleUrl),
    };
    try {
      current = await start(again, lasting);
    } catch (error) {
      log.fatal({ err: error }, 'the app could not start again');
      throw error;
    }
    Object.assign(handlers, current.handlers);
    lasting.hub.skip();
    const caller = { transport: 'memory' } as const;
    lasting.hub.publish('settings.changed', await handlers['settings.get']({}, caller));
    lasting.hub.publish('app.statusChanged', await handlers['app.status']({}, caller));
  }

  return {
    handlers,
    pushHub: lasting.hub,
    receiverUrl: current.receiverUrl,
    consoleUrl: current.consoleUrl,
    createSignInUrl: () => current.createSignInUrl(),
    get log() {
      return current.log;
    },
    async stop(reason) {
      isStopped = true;
      await restarting;
      await current.stop(reason);
    },
    reload: () => current.reload(),
    wake: () => current.wake(),
    onAttention(listener) {
      lasting.attention.add(listener);
      return () => lasting.attention.delete(listener);
    },
  };
}

const startingAgain = (): never => {
  throw new AppError('unavailable', 'Signalbox is starting again on another store; try again in a moment.');
};

/** Senders and browsers find it where it was, also when it had been given any free port. */
const samePort = ({ host }: Address, url: string): Address => ({ host, port: Number(new URL(url).port) || 80 });
