import { appCaller } from '../../shared/contract/access/caller.ts';
import type { Status } from '../../shared/contract/app.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { type Handlers, isCallName } from '../../shared/contract/index.ts';
import { asSentence, errorText } from '../../shared/error-text.ts';
import { createSessions, type Sessions } from '../console/auth/sessions.ts';
import { createSignInCodes, type SignInCodes } from '../console/auth/sign-in-codes.ts';
import { createPushHub, type PushHub } from '../console/push/push-hub.ts';
import type { Address, AttentionListener, Runtime, RuntimeOptions } from './runtime-types.ts';
import type { ChosenAddress } from './servers/receiver-address.ts';

/** What stays the same over restarts within the process: windows, browsers and the tray refer to it. */
export interface RestartDeps {
  hub: PushHub;
  /** Signed-in browsers. */
  sessions: Sessions;
  /** Addresses that sign in once and are not used yet. */
  codes: SignInCodes;
  attention: Set<AttentionListener>;
  /** Where the receiver has been listening: senders find it there again, also when it had been given any free port. */
  receiver: ChosenAddress | null;
  /** Between the order to restart and the start that works. */
  isRestarting(): boolean;
  /** Stops and starts again, with what the next start finds; returns immediately. */
  restart(reason: string): void;
}

/** Answers under way should be sent before their server closes. */
const answerMs = 200;
const firstRetryMs = 500;
const longestRetryMs = 15_000;

/**
 * Keeps the app's outside the same over restarts within this process: restoring a backup replaces the store under
 * everything that was made from it, and a restart is the one way that surely discards all of that. A restart that
 * fails is tried again until it works or the app is told to end; until then the status says why.
 */
export async function startRestartable(
  options: RuntimeOptions,
  start: (options: RuntimeOptions, context: RestartDeps) => Promise<Runtime>,
): Promise<Runtime> {
  let isStopped = false;
  let isDown = false;
  let endPause = (): void => undefined;
  let restarting: Promise<void> = Promise.resolve();
  const context: RestartDeps = {
    hub: createPushHub(),
    sessions: createSessions(),
    codes: createSignInCodes(),
    attention: new Set(),
    receiver: null,
    isRestarting: () => isDown && !isStopped,
    restart(reason) {
      const timer = setTimeout(() => {
        restarting = restarting.then(() => (isStopped ? undefined : restartNow(reason)));
      }, answerMs);
      timer.unref();
    },
  };
  let current = await start(options, context);
  const handlers = { ...current.handlers };

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Until it is back, the one thing to know is that it is not, and why. */
  function answerWhileDown(status: Status, problem: string | null): void {
    const why = problem === null ? 'Signalbox is restarting.' : `Signalbox could not restart: ${asSentence(problem)}`;
    const unavailable = (): never => {
      throw new AppError('unavailable', `${why} Retrying automatically.`);
    };
    for (const name of Object.keys(handlers).filter(isCallName)) handlers[name] = unavailable;
    handlers['app.status'] = () => status;
    context.hub.publish('app.statusChanged', status);
  }

  async function restartNow(reason: string): Promise<void> {
    const { log, consoleUrl } = current;
    const before = await handlers['app.status']({}, appCaller);
    const down: Status = {
      ...before,
      phase: 'restarting',
      runs: { ...before.runs, running: 0 },
      receiver: { ...before.receiver, accepting: false },
    };
    isDown = true;
    const stopped = current.stop(reason);
    // After it, in the same turn: of what clients are told of the status, the last counts.
    answerWhileDown(down, null);
    await stopped;
    const again: RuntimeOptions = {
      ...options,
      restoreFile: null,
      ending: undefined,
      console: options.console === null || consoleUrl === null ? null : samePort(options.console, consoleUrl),
    };
    const since = new Date().toISOString();
    for (let waitMs = firstRetryMs; !isStopped; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      try {
        current = await start(again, context);
        isDown = false;
        break;
      } catch (error) {
        const problem = errorText(error);
        log.error({ err: error, waitMs }, 'the app could not restart; it is tried again');
        const message = `Signalbox could not restart: ${asSentence(problem)} Nothing is received until it can. Retrying automatically.`;
        const alerts: Status['alerts'] = [{ code: 'restart_failed', level: 'error', message, since }];
        answerWhileDown({ ...down, alerts }, problem);
        await pause(waitMs);
      }
    }
    if (isDown) return;
    Object.assign(handlers, current.handlers);
    context.hub.skip();
    context.hub.publish('settings.changed', await handlers['settings.get']({}, appCaller));
    context.hub.publish('app.statusChanged', await handlers['app.status']({}, appCaller));
  }

  return {
    handlers: handlers satisfies Handlers,
    pushHub: context.hub,
    get receiverUrl() {
      return current.receiverUrl;
    },
    consoleUrl: current.consoleUrl,
    createSignInUrl: () => current.createSignInUrl(),
    get log() {
      return current.log;
    },
    holdRuns(isHeld) {
      if (!isDown) current.holdRuns(isHeld);
    },
    async stop(reason) {
      isStopped = true;
      endPause();
      await restarting;
      await current.stop(reason);
    },
    reload() {
      if (!isDown) current.reload();
    },
    wake() {
      if (!isDown) current.wake();
    },
    onAttention(listener) {
      context.attention.add(listener);
      return () => context.attention.delete(listener);
    },
  };
}

/** Browsers find it where it was, also when it had been given any free port. */
const samePort = ({ host }: Address, url: string): Address => ({ host, port: Number(new URL(url).port) || 80 });
