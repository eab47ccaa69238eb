import type { TestRunInput } from '../../jobs/operator/runner-types.ts';
import type { PreparedSource } from '../../sources/source-types.ts';
import type { MatchableEvent } from '../../store/events/events.ts';
import type { ShadowCount, ShadowMatchRow } from '../../store/events/shadow-matches.ts';
import type { BacktestPiece, BacktestRequest } from '../../store/lists/backtest.ts';

/** What happened at a source's URL since the app started, or further back when the store knows. */
export interface SourceActivity {
  lastDeliveryAtMs: number | null;
  lastRefusal: { atMs: number; code: string; message: string } | null;
  accepted: number;
  duplicate: number;
  refused: number;
}

export interface JobActivity {
  waiting: number;
  running: number;
  failed: number;
  lastRunAtMs: number | null;
}

export interface SourcePorts {
  /** Where the receiver listens, e.g. `http://127.0.0.1:8787`; what test deliveries are posted to. */
  receiverUrl(): string;
  sourceActivity(slug: string): SourceActivity;
  /** What a stored delivery became; the answer need not say it, since some senders want one of their own. */
  eventsOfDelivery(id: string): string[];
  /** With its settings applied; null when it has none, `prepared` null when they do not work. */
  registered(slug: string): { prepared: PreparedSource | null } | null;
}

export interface ListenerPorts {
  lastMatchedAtMs(slug: string): number | null;
  /** Null: there is no such event. */
  readEventForMatching(id: string): Promise<MatchableEvent | null>;
  /**
   * The latest stored events, newest first. `source` and `types` (type patterns) only narrow down what is read: events
   * beyond them do no harm.
   */
  recentEvents(limit: number, narrow: { source?: string; types?: readonly string[] }): Promise<MatchableEvent[]>;
  shadowMatches(
    listener: string,
    version: number,
    limit: number,
  ): { count: ShadowCount | null; rows: ShadowMatchRow[] };
  backtest(request: Omit<BacktestRequest, 'nowMs'>): Promise<BacktestPiece>;
}

export interface JobPorts {
  jobActivity(slug: string): JobActivity;
  testRun(input: TestRunInput): Promise<{ runId: string; eventId: string }>;
}
