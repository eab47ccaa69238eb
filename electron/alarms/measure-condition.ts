import {
  type AlarmCondition,
  type AlarmSubject,
  alarmDefaults,
  type ConditionOf,
} from '../../shared/contract/alarms.ts';
import { durationMs } from '../../shared/contract/duration.ts';
import type { Reader } from '../store/read/reader.ts';
import type { BlindWindow } from '../store/upkeep/outages.ts';
import { sizeText, timeText } from './alarm-text.ts';
import { awakeMs } from './awake-time.ts';

/** What a condition says of one subject. */
export interface Finding {
  subject: AlarmSubject;
  isRaised: boolean;
  message: string;
}

export interface MeasureDeps {
  reader: Pick<Reader, 'read'>;
  /** Enabled ones that take deliveries. */
  sources(): readonly { slug: string; createdAtMs: number }[];
  jobs(): readonly string[];
  /** Null: there is no active listener of this slug. */
  jobOfListener(slug: string): string | null;
  freeBytes(): number | null;
  /** Of the last seven days; null while there are too few readings. */
  growthBytesPerDay(): Promise<number | null>;
  /** Times in which nothing could be received, newest first. */
  blindWindows(): readonly BlindWindow[];
  nowMs(): number;
}

/**
 * Evaluates a condition now. What cannot be told, such as a source that has never sent and has no interval, is left out.
 * Every read runs on the read worker.
 */
export async function measureCondition(when: AlarmCondition, deps: MeasureDeps): Promise<Finding[]> {
  switch (when.kind) {
    case 'source_silent':
      return await findSilent(when, deps);
    case 'refusal_rate':
      return await findRefusing(when, deps);
    case 'failure_rate':
      return await findFailing(when, deps);
    case 'queue_age':
      return await findWaiting(when, deps);
    case 'disk_free':
      return findDisk(when, deps);
    case 'store_growth':
      return await findGrowth(when, deps);
  }
}

const sourcesOf = ({ source }: { source?: string | undefined }, deps: MeasureDeps) =>
  deps.sources().filter(({ slug }) => source === undefined || slug === source);

async function findSilent(when: ConditionOf<'source_silent'>, deps: MeasureDeps): Promise<Finding[]> {
  const nowMs = deps.nowMs();
  const windows = deps.blindWindows();
  const found: Finding[] = [];
  for (const { slug, createdAtMs } of sourcesOf(when, deps)) {
    const { lastMs, silentAfterMs } = await deps.reader.read('sourceSilence', { source: slug });
    const limitMs = when.after === undefined ? silentAfterMs : durationMs(when.after);
    if (limitMs === null) continue;
    // A sender cannot be heard while the app is off.
    const quietMs = awakeMs(lastMs ?? createdAtMs, nowMs, windows);
    const isRaised = quietMs > limitMs;
    const message = isRaised
      ? `No deliveries to ${slug} ${lastMs === null ? 'yet' : `for ${timeText(nowMs - lastMs)}`}; one is expected every ${timeText(limitMs)}.`
      : `${slug} receives deliveries.`;
    found.push({ subject: { kind: 'source', slug }, isRaised, message });
  }
  return found;
}

interface Rate {
  above: number;
  window?: string | undefined;
  minimum?: number | undefined;
}

const windowOf = ({ window = alarmDefaults.window }: Rate): number => durationMs(window);

function judgeRate(
  rate: Rate,
  { part, whole, what }: { part: number; whole: number; what: string },
): Omit<Finding, 'subject'> {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  const isRaised = whole >= (rate.minimum ?? alarmDefaults.minimum) && percent > rate.above;
  const share = percent > 0 && percent < 10 ? percent.toFixed(1) : String(Math.round(percent));
  const span = timeText(windowOf(rate));
  return { isRaised, message: `${share}% ${what} in the last ${span}: ${part} of ${whole}. Limit: ${rate.above}%.` };
}

async function findRefusing(when: ConditionOf<'refusal_rate'>, deps: MeasureDeps): Promise<Finding[]> {
  const sinceMs = deps.nowMs() - windowOf(when);
  const found: Finding[] = [];
  for (const { slug } of sourcesOf(when, deps)) {
    const { total, refused, tried } = await deps.reader.read('recentDeliveries', { source: slug, sinceMs });
    const rate = { part: refused, whole: total - tried, what: `of deliveries to ${slug} were refused` };
    found.push({ subject: { kind: 'source', slug }, ...judgeRate(when, rate) });
  }
  return found;
}

async function findFailing(when: ConditionOf<'failure_rate'>, deps: MeasureDeps): Promise<Finding[]> {
  const nowMs = deps.nowMs();
  const hours = windowOf(when) / 3_600_000;
  const found: Finding[] = [];
  for (const { subject, job, listener } of runsOf(when, deps)) {
    const { completed, failed } = await deps.reader.read('runStatistics', { job, listener, hours, nowMs });
    const rate = { part: failed, whole: completed + failed, what: `of runs of ${subject.slug} failed` };
    found.push({ subject, ...judgeRate(when, rate) });
  }
  return found;
}

function runsOf(when: ConditionOf<'failure_rate'>, deps: MeasureDeps) {
  const { listener } = when;
  if (listener === undefined) {
    return deps
      .jobs()
      .filter((slug) => when.job === undefined || slug === when.job)
      .map((slug) => ({ subject: { kind: 'job' as const, slug }, job: slug, listener: undefined }));
  }
  const job = deps.jobOfListener(listener);
  return job === null ? [] : [{ subject: { kind: 'listener' as const, slug: listener }, job, listener }];
}

async function findWaiting(when: ConditionOf<'queue_age'>, deps: MeasureDeps): Promise<Finding[]> {
  const limitMs = durationMs(when.above);
  const nowMs = deps.nowMs();
  const windows = deps.blindWindows();
  const queued = await deps.reader.read('oldestQueued', { job: when.job ?? null });
  const since = new Map(queued.map(({ job, atMs }) => [job, atMs]));
  const jobs = deps.jobs().filter((slug) => when.job === undefined || slug === when.job);
  return jobs.map((slug) => {
    const atMs = since.get(slug);
    // What waited while the app was off could not start.
    const isRaised = atMs !== undefined && awakeMs(atMs, nowMs, windows) > limitMs;
    const message = isRaised
      ? `The oldest run in the queue of ${slug} has been waiting for ${timeText(nowMs - atMs)}. Limit: ${timeText(limitMs)}.`
      : `The queue of ${slug} is within the limit of ${timeText(limitMs)}.`;
    return { subject: { kind: 'job', slug }, isRaised, message };
  });
}

function findDisk(when: ConditionOf<'disk_free'>, deps: MeasureDeps): Finding[] {
  const free = deps.freeBytes();
  if (free === null) return [];
  const message = `${sizeText(free)} free on the disk of the data directory. Limit: ${sizeText(when.below)}.`;
  return [{ subject: null, isRaised: free < when.below, message }];
}

async function findGrowth(when: ConditionOf<'store_growth'>, deps: MeasureDeps): Promise<Finding[]> {
  const bytes = await deps.growthBytesPerDay();
  if (bytes === null) return [];
  const message = `The database grows by ${sizeText(Math.max(0, bytes))} a day. Limit: ${sizeText(when.above)} a day.`;
  return [{ subject: null, isRaised: bytes > when.above, message }];
}
