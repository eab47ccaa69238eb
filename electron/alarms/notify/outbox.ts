import type { Logger } from 'pino';
import { type AlarmChannel, alarmChannelSchema } from '../../../shared/contract/alarms.ts';
import { errorText } from '../../../shared/error-text.ts';
import { type IncidentRow, readIncidentBySeq, updateIncident } from '../../store/alarms/incidents.ts';
import { deferNotice, deleteNotice, hasFailedNotice, type NoticeRow, readNotices } from '../../store/alarms/notices.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { Writer } from '../../store/write/writer.ts';
import { type NoticeLine, type NoticeMessage, titleOf } from './notice-text.ts';

export interface OutboxDeps {
  db: ReadableDb;
  writer: Writer;
  log: Logger;
  nowMs: () => number;
  lineOf(notice: NoticeRow, incident: IncidentRow): NoticeLine;
  send(channel: AlarmChannel, message: NoticeMessage): Promise<void>;
  /** Its problem has changed. */
  onChanged(incidents: readonly IncidentRow[]): void;
}

/** A channel gets one message in this time at most; what comes in between is told together. */
export const atMostEveryMs = 60_000;
const maxTries = 12;
const longestWaitMs = 60 * 60_000;

/** After the first failed try a minute, then twice as long each time. */
const waitAfter = (tries: number): number => Math.min(longestWaitMs, 60_000 * 2 ** tries);

/** Sends the messages that are stored: each channel gets all of its own as one. What fails is tried again for about eight hours. */
export function createOutbox(deps: OutboxDeps): { deliver(): Promise<void> } {
  const { db, writer, log, nowMs } = deps;
  const lastSentMs = new Map<string, number>();

  async function deliverTo(channel: string, notices: readonly NoticeRow[]): Promise<void> {
    const atMs = nowMs();
    if (atMs - (lastSentMs.get(channel) ?? Number.NEGATIVE_INFINITY) < atMostEveryMs) return;
    const lines = notices.flatMap((notice) => {
      const incident = readIncidentBySeq(db, notice.incident);
      return incident === null ? [] : [deps.lineOf(notice, incident)];
    });
    let problem: string | null = null;
    try {
      if (lines.length > 0) {
        await deps.send(alarmChannelSchema.parse(JSON.parse(channel)), { title: titleOf(lines), lines });
        lastSentMs.set(channel, atMs);
      }
    } catch (error) {
      problem = errorText(error);
      log.warn({ problem }, 'a message of an alarm could not be sent');
    }
    const changed = await writer.write((tx) => {
      for (const { seq, tries } of notices) {
        if (problem === null || tries + 1 >= maxTries) deleteNotice(tx.db, seq);
        else deferNotice(tx.db, seq, atMs + waitAfter(tries));
      }
      return [...new Set(notices.map(({ incident }) => incident))].flatMap((seq) => {
        const incident = readIncidentBySeq(tx.db, seq);
        if (incident === null || incident.problem === problem) return [];
        // Another channel still fails.
        if (problem === null && hasFailedNotice(tx.db, seq)) return [];
        const noted = { ...incident, problem };
        updateIncident(tx.db, noted);
        return [noted];
      });
    });
    if (changed.length > 0) deps.onChanged(changed);
  }

  return {
    async deliver() {
      const byChannel = new Map<string, NoticeRow[]>();
      for (const notice of readNotices(db)) {
        // A clock that was set back does not hold one for ever.
        if (notice.due_at > nowMs() && notice.due_at - nowMs() <= longestWaitMs) continue;
        const own = byChannel.get(notice.channel);
        if (own === undefined) byChannel.set(notice.channel, [notice]);
        else own.push(notice);
      }
      await Promise.all([...byChannel].map(([channel, notices]) => deliverTo(channel, notices)));
    },
  };
}
