import type { Status } from '../../shared/contract/app.ts';
import type { PushHub } from '../console/push-hub.ts';
import type { DefinitionKind } from '../definitions/definition-types.ts';
import type { ActivityBook } from './activity-book.ts';

const everyMs = 2000;
/** A status that has not changed is told again after so long, for who came between two changes. */
const repeatAfterMs = 20_000;

export interface StatusNews {
  /** Something that the status line shows has changed: tell soon. */
  changed(): void;
  /** Runs came, went or changed: the counts beside the jobs are to be told with the next round. */
  runsChanged(): void;
  stop(): void;
}

/** Every two seconds, if somebody looks: the status, and the lists whose counters have moved. */
export function startStatusNews(parts: {
  hub: PushHub;
  status: () => Status;
  activity: ActivityBook;
  tellDefinitions: (kind: DefinitionKind) => void;
}): StatusNews {
  const { hub, activity, tellDefinitions } = parts;
  let hadRuns = false;
  let told = { text: '', atMs: Number.NEGATIVE_INFINITY };

  function tellStatus(): void {
    if (!hub.hasClients('app.statusChanged')) return;
    const status = parts.status();
    const text = JSON.stringify(status);
    const atMs = performance.now();
    // A client that is told nothing renders nothing.
    if (text === told.text && atMs - told.atMs < repeatAfterMs) return;
    told = { text, atMs };
    hub.publish('app.statusChanged', status);
  }

  function round(): void {
    if (!hub.hasClients()) return;
    tellStatus();
    const news = activity.takeNews();
    if (news.sources) tellDefinitions('sources');
    if (news.listeners) tellDefinitions('listeners');
    if (hadRuns) tellDefinitions('jobs');
    hadRuns = false;
  }

  const timer = setInterval(round, everyMs);
  timer.unref();
  return {
    changed: tellStatus,
    runsChanged: () => {
      hadRuns = true;
    },
    stop: () => clearInterval(timer),
  };
}
