import type { Logger } from 'pino';
import type { AlarmIncident, AlarmSpec } from '../../shared/contract/alarms.ts';
import { type IncidentRow, pruneIncidents, readRaised, updateIncident } from '../store/alarms/incidents.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';
import { subjectOf, subjectPath } from './alarm-text.ts';
import { type Finding, type MeasureDeps, measureCondition } from './measure-condition.ts';
import { createOutbox } from './notify/outbox.ts';
import { type SendDeps, sendNotice } from './notify/send-notice.ts';
import { closeSilently, type FineSince, recordFindings } from './record-findings.ts';
import { showIncident } from './show-incident.ts';

export interface AlarmsDeps extends MeasureDeps, Omit<SendDeps, 'signal'> {
  db: ReadableDb;
  writer: Writer;
  log: Logger;
  /** False where another node of a cluster evaluates them: each message is sent once. Absent: true. */
  isEvaluated?(): boolean;
  /** Every alarm that can be read. */
  alarms(): readonly AlarmSpec[];
  /** An address of a page that opens outside the window; null where there is none. */
  linkTo(path: string): string | null;
  /** Incidents were raised, have recovered, or were acknowledged. */
  onChanged(incidents: readonly AlarmIncident[]): void;
}

export interface Alarms {
  start(): void;
  /** Evaluates all alarms and sends what is due; for tests, otherwise every minute. */
  tick(): Promise<void>;
  /** The machine slept: nothing is raised for some minutes. */
  wake(): void;
  /** What a condition says now. */
  preview(when: AlarmSpec['when']): Promise<Finding[]>;
  send: (channel: NonNullable<AlarmSpec['notify']>[number], alarm: string) => Promise<void>;
  show(rows: readonly IncidentRow[]): AlarmIncident[];
  /** To clients. */
  announce(rows: readonly IncidentRow[]): void;
  stop(): Promise<void>;
}

const everyMs = 60_000;
/** After a start or a sleep senders and jobs catch up first. */
export const settleMs = 5 * 60_000;

export function createAlarms(deps: AlarmsDeps): Alarms {
  const { db, writer, log, nowMs } = deps;
  const stopping = new AbortController();
  const fineSince: FineSince = new Map();
  let timer: NodeJS.Timeout | undefined;
  let quietUntilMs = nowMs() + settleMs;
  let lastTickMs = nowMs();
  let ticking: Promise<void> = Promise.resolve();

  const nameOf = (slug: string): string => {
    const spec = deps.alarms().find((alarm) => alarm.slug === slug);
    return spec?.name ?? slug;
  };
  const show = (rows: readonly IncidentRow[]): AlarmIncident[] =>
    rows.map((row) => showIncident(row, nameOf(row.alarm)));
  const announce = (rows: readonly IncidentRow[]): void => {
    if (rows.length > 0) deps.onChanged(show(rows));
  };

  const outbox = createOutbox({
    db,
    writer,
    log,
    nowMs,
    lineOf({ kind, text }, { alarm, subject }) {
      const path = subjectPath(subjectOf(subject));
      return { kind, alarm: nameOf(alarm), text, path, link: deps.linkTo(path) };
    },
    send: (channel, message) => sendNotice(channel, message, { ...deps, signal: stopping.signal }),
    onChanged: announce,
  });

  async function evaluate(): Promise<void> {
    const specs = deps.alarms().filter(({ enabled }) => enabled !== false);
    const findings: [AlarmSpec, Finding[]][] = [];
    for (const spec of specs) {
      if (stopping.signal.aborted) return;
      try {
        findings.push([spec, await measureCondition(spec.when, deps)]);
      } catch (error) {
        log.warn({ err: error, alarm: spec.slug }, 'an alarm could not be evaluated');
      }
    }
    const known = new Set(specs.map(({ slug }) => slug));
    if (findings.length === 0 && readRaised(db).length === 0) return;
    const changed = await writer.write((tx) => {
      const atMs = nowMs();
      const raised = readRaised(tx.db);
      const rows: IncidentRow[] = [];
      for (const [spec, found] of findings) {
        const own = raised.filter(({ alarm }) => alarm === spec.slug);
        rows.push(...recordFindings({ db: tx.db, spec, raised: own, fineSince, nowMs: atMs }, found));
      }
      // Deleted or disabled meanwhile.
      for (const row of raised.filter(({ alarm }) => !known.has(alarm))) {
        const closed = closeSilently(tx.db, row, atMs);
        updateIncident(tx.db, closed);
        rows.push(closed);
      }
      if (rows.length > 0) pruneIncidents(tx.db);
      return rows;
    });
    announce(changed);
  }

  async function tickOnce(): Promise<void> {
    const atMs = nowMs();
    // A timer that is this late, or early, met a sleep or a clock that was set.
    if (Math.abs(atMs - lastTickMs) > 3 * everyMs || atMs < lastTickMs) quietUntilMs = atMs + settleMs;
    lastTickMs = atMs;
    if (deps.isEvaluated?.() === false) return;
    if (atMs >= quietUntilMs) await evaluate();
    if (!stopping.signal.aborted) await outbox.deliver();
  }

  const tick = (): Promise<void> => {
    ticking = ticking.then(tickOnce).catch((error: unknown) => {
      log.warn({ err: error }, 'alarms could not be evaluated');
    });
    return ticking;
  };

  return {
    start() {
      timer = setInterval(() => void tick(), everyMs);
      timer.unref();
    },
    tick,
    wake() {
      quietUntilMs = nowMs() + settleMs;
    },
    preview: (when) => measureCondition(when, deps),
    async send(channel, alarm) {
      const path = '/alarms';
      const text = 'This is a test notification. Alarms that use this channel arrive here.';
      const line = { kind: 'test', alarm, text, path, link: deps.linkTo(path) } as const;
      await sendNotice(channel, { title: `Test: ${alarm}`, lines: [line] }, { ...deps, signal: stopping.signal });
    },
    show,
    announce,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await ticking;
    },
  };
}
