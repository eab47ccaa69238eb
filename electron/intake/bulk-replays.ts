import { AppError } from '../../shared/contract/errors.ts';
import type { Replay } from '../../shared/contract/events.ts';
import { newId } from '../store/ids.ts';
import type { Reader } from '../store/reader.ts';
import { type ReplayDeps, replayEvents } from './replay.ts';

/** Replays of everything that a query finds: in the background, with progress, to be canceled at any time. */
export interface BulkReplays {
  start(input: { query: string; listeners?: string[] | undefined; limit?: number | undefined }): Promise<Replay>;
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
  done: Promise<void>;
}

/** Events that one transaction takes; small, so that deliveries get in between. */
const stepEvents = 50;
const defaultLimit = 10_000;
const remembered = 20;

export function createBulkReplays(deps: BulkReplayDeps): BulkReplays {
  const replays = new Map<string, UnderWay>();

  function report(replay: UnderWay, change: Partial<Replay>): void {
    replay.shown = { ...replay.shown, ...change };
    deps.onChanged(replay.shown);
  }

  async function run(replay: UnderWay, ids: string[], listeners: string[] | undefined): Promise<void> {
    for (let at = 0; at < ids.length && !replay.isCanceled; at += stepEvents) {
      const step = ids.slice(at, at + stepEvents);
      await replayEvents(deps.replay, { ids: step, listeners });
      report(replay, { done: at + step.length });
    }
    report(replay, { state: replay.isCanceled ? 'canceled' : 'completed', finishedAt: isoNow() });
  }

  const isoNow = (): string => new Date(deps.nowMs()).toISOString();

  function forgetOldest(): void {
    for (const [id, { shown }] of replays) {
      if (replays.size < remembered) return;
      if (shown.state !== 'running') replays.delete(id);
    }
  }

  return {
    async start({ query, listeners, limit = defaultLimit }) {
      // The ids are fixed before the first replay: what a replay adds must not be found and replayed as well.
      const ids = await findIds(deps, query, limit);
      forgetOldest();
      const replay: UnderWay = {
        shown: {
          id: newId('rpl', deps.nowMs()),
          state: 'running',
          done: 0,
          total: ids.length,
          startedAt: isoNow(),
          finishedAt: null,
          error: null,
        },
        isCanceled: false,
        done: Promise.resolve(),
      };
      replays.set(replay.shown.id, replay);
      deps.onChanged(replay.shown);
      replay.done = run(replay, ids, listeners).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
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
      replay.isCanceled = true;
      return replay.shown;
    },
    async stop() {
      for (const replay of replays.values()) replay.isCanceled = true;
      await Promise.all([...replays.values()].map(({ done }) => done));
    },
  };
}

/** Oldest first, as they once came. */
async function findIds(deps: BulkReplayDeps, query: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  const nowMs = deps.nowMs();
  do {
    const request = { query, limit: Math.min(500, limit - ids.length), cursor, nowMs };
    const page: Awaited<ReturnType<typeof readIds>> = await readIds(deps, request);
    ids.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && ids.length < limit);
  return ids.reverse();
}

const readIds = (
  deps: BulkReplayDeps,
  request: { query: string; limit: number; cursor: string | null; nowMs: number },
) => deps.reader.read('listEventIds', request);
