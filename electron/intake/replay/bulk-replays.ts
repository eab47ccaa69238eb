import { AppError } from '../../../shared/contract/errors.ts';
import type { Replay } from '../../../shared/contract/events.ts';
import { errorText } from '../../../shared/error-text.ts';
import { newId } from '../../store/database/ids.ts';
import type { Reader } from '../../store/read/reader.ts';
import { findReplayIds } from './find-replay-ids.ts';
import { type ReplayDeps, type ReplayInput, replayEvents } from './replay.ts';

interface StartInput extends Pick<ReplayInput, 'listeners' | 'onlyFailed'> {
  query: string;
  limit?: number | undefined;
  perSecond?: number | undefined;
}

/** Replays of everything that a query finds: in the background, with progress, to be canceled at any time. */
export interface BulkReplays {
  start(input: StartInput): Promise<Replay>;
  list(): Replay[];
  cancel(id: string): Replay;
  /** Cancels what is under way and waits for its last step. */
  stop(): Promise<void>;
}

export interface BulkReplayDeps {
  replay: ReplayDeps;
  reader: Reader;
  nowMs: () => number;
  onChanged: (replay: Replay) => void;
}

interface UnderWay {
  shown: Replay;
  isCanceled: boolean;
  /** Ends the wait for the next step. */
  cutWait: () => void;
  done: Promise<void>;
}

/** Events that one transaction takes; small, so that deliveries get in between. */
const stepEvents = 50;
/** Of a paced replay: often enough to look steady, seldom enough to share transactions. */
const stepsPerSecond = 10;
const remembered = 20;

export function createBulkReplays(deps: BulkReplayDeps): BulkReplays {
  const replays = new Map<string, UnderWay>();

  function report(replay: UnderWay, change: Partial<Replay>): void {
    replay.shown = { ...replay.shown, ...change };
    deps.onChanged(replay.shown);
  }

  async function run(replay: UnderWay, ids: string[], input: StartInput): Promise<void> {
    const { listeners, onlyFailed, perSecond } = input;
    const size = perSecond === undefined ? stepEvents : Math.min(stepEvents, Math.ceil(perSecond / stepsPerSecond));
    const startedMs = performance.now();
    let damaged = 0;
    const onDamaged = (): void => {
      damaged += 1;
    };
    for (let at = 0; at < ids.length && !replay.isCanceled; at += size) {
      if (perSecond !== undefined) await wait(replay, startedMs + (at * 1000) / perSecond - performance.now());
      if (replay.isCanceled) break;
      const step = ids.slice(at, at + size);
      await replayEvents(deps.replay, { ids: step, listeners, onlyFailed, onDamaged });
      report(replay, { done: at + step.length });
    }
    const damagedText =
      damaged === 1 ? '1 event is damaged in the store and was' : `${damaged} events are damaged in the store and were`;
    const error = damaged === 0 ? null : `${damagedText} left out.`;
    report(replay, { state: replay.isCanceled ? 'canceled' : 'completed', error, finishedAt: isoNow() });
  }

  const wait = (replay: UnderWay, ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (ms <= 0) return resolve();
      const timer = setTimeout(resolve, ms);
      replay.cutWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  function cancelOne(replay: UnderWay): void {
    replay.isCanceled = true;
    replay.cutWait();
  }

  const isoNow = (): string => new Date(deps.nowMs()).toISOString();

  function forgetOldest(): void {
    for (const [id, { shown }] of replays) {
      if (replays.size < remembered) return;
      if (shown.state !== 'running') replays.delete(id);
    }
  }

  return {
    async start(input) {
      // The ids are fixed before the first replay: what a replay adds must not be found and replayed as well.
      const { ids } = await findReplayIds(deps, input);
      forgetOldest();
      const replay: UnderWay = {
        shown: {
          id: newId('rpl', deps.nowMs()),
          state: 'running',
          done: 0,
          total: ids.length,
          perSecond: input.perSecond ?? null,
          startedAt: isoNow(),
          finishedAt: null,
          error: null,
        },
        isCanceled: false,
        cutWait: () => undefined,
        done: Promise.resolve(),
      };
      replays.set(replay.shown.id, replay);
      deps.onChanged(replay.shown);
      replay.done = run(replay, ids, input).catch((error: unknown) => {
        const message = errorText(error);
        report(replay, { state: 'failed', error: message, finishedAt: isoNow() });
      });
      return replay.shown;
    },
    list: () => [...replays.values()].map(({ shown }) => shown).reverse(),
    cancel(id) {
      const replay = replays.get(id);
      if (replay === undefined) throw new AppError('not_found', `there is no replay ${id}`);
      if (replay.shown.state !== 'running') {
        throw new AppError('wrong_state', `this replay has ${replay.shown.state} already`);
      }
      cancelOne(replay);
      return replay.shown;
    },
    async stop() {
      for (const replay of replays.values()) cancelOne(replay);
      await Promise.all([...replays.values()].map(({ done }) => done));
    },
  };
}
