import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished } from 'vitest';
import { composeIntake } from '../../electron/intake/compose-intake.ts';
import type { AcceptInput, EventDraft } from '../../electron/intake/intake-types.ts';
import { createJobCatalog } from '../../electron/jobs/attempt/job-catalog.ts';
import { createListenerIndex } from '../../electron/listeners/listener-index.ts';
import { type Bus, createBus } from '../../electron/runs/announcements.ts';
import { openReadable, openWritable } from '../../electron/store/database/open.ts';
import { attachSearch, openSearch } from '../../electron/store/search/search-db.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import { parseConditions } from '../../shared/conditions/parse/parse.ts';
import type { Json } from '../../shared/contract/common.ts';
import { type ListenerSpec, listenerDefaults } from '../../shared/contract/listeners.ts';

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A store in a file of its own, its writer, and a second connection that reads; closed with the test. */
export function tempStore() {
  const dir = tempDir();
  const databaseFile = join(dir, 'signalbox.db');
  const searchFile = join(dir, 'search.db');
  const db = openWritable(databaseFile);
  openSearch(searchFile).close();
  const reading = openReadable(databaseFile);
  attachSearch(reading, searchFile);
  const commitErrors: unknown[] = [];
  const announceErrors: unknown[] = [];
  const writer = createWriter(db, {
    onCommitError: (error) => commitErrors.push(error),
    onAnnounceError: (error) => announceErrors.push(error),
  });
  onTestFinished(() => {
    expect(announceErrors).toEqual([]);
    reading.close();
    db.close();
  });
  return { dir, databaseFile, searchFile, db, reading, writer, commitErrors };
}

export type TempStore = ReturnType<typeof tempStore>;

export function listener(spec: Omit<ListenerSpec, 'type' | 'where'> & { type?: string[]; where?: unknown }) {
  const parsed = parseConditions(spec.where);
  if (!parsed.ok) throw new Error(parsed.errors.map((error) => error.message).join('; '));
  return {
    slug: spec.slug,
    version: 1,
    state: 'active' as const,
    source: spec.source ?? null,
    type: spec.type ?? [],
    where: parsed.conditions,
    job: spec.job,
    mode: spec.mode ?? listenerDefaults.mode,
    deadline: spec.deadline ?? listenerDefaults.deadline,
    fallback: spec.fallback ?? listenerDefaults.fallback,
    priority: spec.priority ?? listenerDefaults.priority,
    approval: spec.approval ?? listenerDefaults.approval,
    resolves: spec.resolves ?? listenerDefaults.resolves,
    batch: spec.batch,
  };
}

/** What was announced of what is stored. */
function gather(bus: Bus) {
  const heard = {
    eventSeqs: [] as number[],
    deliverySeqs: [] as number[],
    jobs: [] as string[],
    listeners: [] as string[],
    scheduledAtMs: [] as number[],
  };
  bus.on('events.stored', (seqs) => heard.eventSeqs.push(...seqs));
  bus.on('delivery.stored', (seq) => heard.deliverySeqs.push(seq));
  bus.on('run.queued', (job) => heard.jobs.push(job));
  bus.on('listener.matched', (slug) => heard.listeners.push(slug));
  bus.on('event.scheduled', (dueAtMs) => heard.scheduledAtMs.push(dueAtMs));
  return heard;
}

/** The real way in, over a temporary store, with a clock of its own. */
export function tempIntake(store: TempStore) {
  const listeners = createListenerIndex();
  const jobs = createJobCatalog();
  const bus = createBus();
  const heard = gather(bus);
  const clock = { nowMs: Date.parse('2026-01-02T03:04:05Z') };
  const nowMs = (): number => clock.nowMs;
  const { db, writer } = store;
  const parts = composeIntake({
    db,
    writer,
    bus,
    listeners,
    jobs,
    log: pino({ level: 'silent' }),
    nowMs,
    isWatched: () => true,
    onChanged: () => undefined,
  });
  onTestFinished(() => parts.schedule.stop());
  onTestFinished(() => parts.batches.stop());
  const { closeBatchOf } = parts.lifecycle;
  const replayDeps = { db, writer, bus, listeners, plan: parts.planMatch, closeBatchOf, nowMs };
  return { ...parts, bus, listeners, jobs, heard, clock, replayDeps };
}

export const draft = (event: Partial<EventDraft> & { type: string }): EventDraft => ({
  externalId: null,
  occurredAtMs: null,
  context: {},
  payload: {},
  ...event,
});

export function delivery(
  events: EventDraft[],
  change: { source?: string; body?: Json; atMs?: number } = {},
): AcceptInput {
  return {
    delivery: {
      source: change.source ?? 'crm',
      receivedAtMs: change.atMs ?? Date.parse('2026-01-02T03:04:05Z'),
      method: 'POST',
      url: '/in/crm',
      remoteAddress: '127.0.0.1',
      contentType: 'application/json',
      headers: [
        ['content-type', 'application/json'],
        ['x-many', 'one'],
        ['x-many', 'two'],
      ],
      body: Buffer.from(JSON.stringify(change.body ?? events.map((event) => event.payload))),
    },
    system: 'generic',
    verification: { state: 'none', scheme: null, detail: null },
    events,
    status: 202,
  };
}
