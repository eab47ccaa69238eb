import type { OutputLine } from '../../../shared/contract/runs.ts';

/**
 * One attempt's output on screen: a snapshot from `runs.output`, carried on by `runs.wrote`.
 *
 * Pushes come in batches, so a line of the snapshot may be pushed after the snapshot was taken, and lines pushed while
 * the snapshot was on its way may or may not be in it. Lines have no number; within a stream they are in order of time,
 * so a pushed line that is not later than the snapshot's last one of its stream is looked up there by time and text.
 */
export interface RunOutput {
  lines: readonly OutputLine[];
  /** The middle was dropped to keep within the job's limit. */
  truncated: boolean;
  phase: 'loading' | 'ready';
  /** What was pushed since the snapshot on its way was asked for. */
  early: readonly OutputLine[];
  streams: Streams;
}

interface Awaited {
  lastAtMs: number;
  /** Lines of the snapshot that have not been pushed yet, with how often they stand there. */
  counts: ReadonlyMap<string, number>;
}

type Streams = { readonly [S in OutputLine['stream']]: Awaited };

const none: Awaited = { lastAtMs: Number.NEGATIVE_INFINITY, counts: new Map() };
export const emptyOutput: RunOutput = {
  lines: [],
  truncated: false,
  phase: 'loading',
  early: [],
  streams: { stdout: none, stderr: none, system: none },
};

/** A window left open on a job that never stops talking must not eat the memory: beyond this the middle goes. */
export const maxShownLines = 100_000;
const keptHeadLines = 10_000;

const keyOf = (line: OutputLine): string => `${line.at} ${line.text}`;

/** A snapshot is being fetched (again): what is shown stays until it comes. */
export const expectSnapshot = (output: RunOutput): RunOutput => ({ ...output, phase: 'loading', early: [] });

export function takeSnapshot(
  output: RunOutput,
  snapshot: { items: readonly OutputLine[]; truncated: boolean },
): RunOutput {
  const streams = {
    stdout: { lastAtMs: Number.NEGATIVE_INFINITY, counts: new Map<string, number>() },
    stderr: { lastAtMs: Number.NEGATIVE_INFINITY, counts: new Map<string, number>() },
    system: { lastAtMs: Number.NEGATIVE_INFINITY, counts: new Map<string, number>() },
  };
  for (const line of snapshot.items) {
    const stream = streams[line.stream];
    const key = keyOf(line);
    stream.counts.set(key, (stream.counts.get(key) ?? 0) + 1);
    stream.lastAtMs = Math.max(stream.lastAtMs, Date.parse(line.at));
  }
  const taken: RunOutput = { lines: snapshot.items, truncated: snapshot.truncated, phase: 'ready', early: [], streams };
  return takeLive(taken, output.early);
}

/** Adds pushed lines that are not shown yet. */
export function takeLive(output: RunOutput, pushed: readonly OutputLine[]): RunOutput {
  if (pushed.length === 0) return output;
  const early = output.phase === 'loading' ? [...output.early, ...pushed] : output.early;
  const fresh: OutputLine[] = [];
  const met: { [S in OutputLine['stream']]?: Map<string, number> } = {};
  for (const line of pushed) {
    const stream = output.streams[line.stream];
    const atMs = Date.parse(line.at);
    if (atMs <= stream.lastAtMs) {
      const counts = met[line.stream] ?? new Map(stream.counts);
      met[line.stream] = counts;
      const key = keyOf(line);
      const left = counts.get(key) ?? 0;
      if (left > 0) {
        counts.set(key, left - 1);
        continue;
      }
      // Older than the end of a shortened snapshot: it was in the middle that is gone.
      if (output.truncated && atMs < stream.lastAtMs) continue;
    }
    fresh.push(line);
  }
  const streams = without(output.streams, met);
  if (fresh.length === 0) return { ...output, early, streams };
  return { ...output, ...shorten([...output.lines, ...fresh], output.truncated), early, streams };
}

function without(streams: Streams, met: { [S in OutputLine['stream']]?: Map<string, number> }): Streams {
  const left = (name: OutputLine['stream']): Awaited => {
    const counts = met[name];
    return counts === undefined ? streams[name] : { lastAtMs: streams[name].lastAtMs, counts };
  };
  return { stdout: left('stdout'), stderr: left('stderr'), system: left('system') };
}

function shorten(lines: readonly OutputLine[], truncated: boolean): Pick<RunOutput, 'lines' | 'truncated'> {
  if (lines.length <= maxShownLines) return { lines, truncated };
  // A tenth more than needed, so that not every batch moves the whole array.
  const tail = lines.slice(-(maxShownLines - keptHeadLines - maxShownLines / 10));
  const at = tail[0]?.at ?? '';
  const gap: OutputLine = { stream: 'system', text: '… lines left out here to save memory …', at };
  return { lines: [...lines.slice(0, keptHeadLines), gap, ...tail], truncated: true };
}

/** The line that stands where lines were left out, by this window or by the store. */
export const isGapLine = (line: OutputLine): boolean => line.stream === 'system' && /^….*left out.*…$/.test(line.text);

/** Numbers of the lines that contain `text`, without regard to case. `plain` strips what is not shown. */
export function findLines(lines: readonly OutputLine[], text: string, plain: (text: string) => string): number[] {
  const wanted = text.toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  lines.forEach((line, index) => {
    if (plain(line.text).toLowerCase().includes(wanted)) found.push(index);
  });
  return found;
}
