import type { OutputLine, Progress } from '../../shared/contract/runs.ts';
import type { Annotation } from '../store/run-history.ts';
import type { OutputChunk, StoredLine } from '../store/run-output.ts';
import { isoTime } from '../store/times.ts';
import { LineSplitter } from './line-splitter.ts';
import { type KeptLine, OutputTrack } from './output-track.ts';
import type { SecretMasks } from './secret-masks.ts';
import { type JobCommand, parseWorkflowCommand } from './workflow-commands.ts';

const maxChunkBytes = 64 * 1024;
/**
 * Time a stream may take in one tick to be cut into lines: 800 KB of log lines take 5 ms, but so do 16 KB of `yes`.
 * What comes on top waits as bytes, and of those only the latest.
 */
const parseMsPerTick = 15;
const maxRawBytes = 256 * 1024;
/**
 * A stream that gave more than this within a tick is not read again before the next one. `yes` gives 3 GB/s and would
 * keep the app's thread busy with bytes it then drops; 80 MB/s it hardly notices. The pipe is still always drained.
 */
const readBytesPerTick = 8 * 1024 * 1024;
const maxLiveLines = 500;
const maxAnnotations = 100;
const maxAnnotationLength = 4096;

type JobStream = 'stdout' | 'stderr';

interface Intake {
  splitter: LineSplitter;
  raw: Buffer[];
  rawBytes: number;
  readThisTick: number;
  parseMsLeft: number;
}

export interface RunOutputOptions {
  /** Kept of each stream: a quarter (256 KiB at most) from its start, the rest from its end. */
  limitBytes: number;
  masks: SecretMasks;
  nowMs: () => number;
  onProgress(progress: Progress): void;
  onCommand(command: JobCommand): void;
}

/**
 * What one attempt writes, in bounded memory whatever comes: lines for the store, lines for those who watch, and the
 * commands among them.
 */
export class RunOutput {
  readonly #options: RunOutputOptions;
  readonly #tracks: Record<OutputLine['stream'], OutputTrack>;
  readonly #intakes: Record<JobStream, Intake>;
  #live: { stream: OutputLine['stream']; text: string; atMs: number }[] = [];
  #annotations: Annotation[] = [];
  #annotationCount = 0;
  #order = 0;
  #nextChunk = 0;
  #lastError = '';
  #hasToldOfMasks = false;

  constructor(options: RunOutputOptions) {
    this.#options = options;
    const track = (): OutputTrack => new OutputTrack(options.limitBytes);
    const intake = (): Intake => ({
      splitter: new LineSplitter(options.masks),
      raw: [],
      rawBytes: 0,
      readThisTick: 0,
      parseMsLeft: parseMsPerTick,
    });
    this.#tracks = { stdout: track(), stderr: track(), system: track() };
    this.#intakes = { stdout: intake(), stderr: intake() };
  }

  /** False: do not read this stream again before the next tick. */
  write(stream: JobStream, chunk: Buffer): boolean {
    const intake = this.#intakes[stream];
    intake.readThisTick += chunk.length;
    intake.raw.push(chunk);
    intake.rawBytes += chunk.length;
    this.#parse(stream, this.#tracks[stream].hasHeadRoom ? Number.POSITIVE_INFINITY : intake.parseMsLeft);
    if (intake.rawBytes > maxRawBytes) this.#dropRaw(intake);
    return intake.readThisTick < readBytesPerTick;
  }

  /** Text that did not come through a pipe: what the app says, and what scripts say about themselves. */
  say(stream: OutputLine['stream'], text: string): void {
    for (const line of text.split('\n')) this.#keep(stream, this.#options.masks.apply(line), this.#options.nowMs());
  }

  annotate(level: Annotation['level'], text: string): void {
    const atMs = this.#options.nowMs();
    const masked = this.#options.masks.apply(text).slice(0, maxAnnotationLength);
    if (this.#annotationCount < maxAnnotations) {
      this.#annotations.push({ level, text: masked, atMs });
      this.#annotationCount += 1;
    }
    this.#keep('stdout', `${level}: ${masked}`, atMs);
  }

  /** The latest line on stderr that says anything. */
  get lastErrorLine(): string {
    return this.#lastError;
  }

  tick(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const intake = this.#intakes[stream];
      intake.readThisTick = 0;
      intake.parseMsLeft = parseMsPerTick;
      this.#parse(stream, parseMsPerTick);
    }
  }

  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#parse(stream, Number.POSITIVE_INFINITY);
      const atMs = this.#options.nowMs();
      this.#intakes[stream].splitter.end((line) => this.#accept(stream, line, atMs));
    }
  }

  /** Lines since the last call for those who watch, the latest 500. */
  takeLive(): OutputLine[] {
    const live = this.#live;
    if (live.length > 0) this.#live = [];
    return live.slice(-maxLiveLines).map(({ stream, text, atMs }) => ({ stream, text, at: isoTime(atMs) }));
  }

  /** What the store lacks, as chunks to add and to drop; null when it has everything. Lines are handed out once. */
  takeChunks(): { add: OutputChunk[]; drop: number[] } | null {
    const add: OutputChunk[] = [];
    const drop: number[] = [];
    for (const stream of ['stdout', 'stderr', 'system'] as const) {
      const track = this.#tracks[stream];
      const { head, tail } = track.take();
      for (const chunk of this.#chunks(stream, head)) add.push(chunk);
      for (const chunk of this.#chunks(stream, tail)) {
        add.push(chunk);
        drop.push(...track.stored(chunk.n, chunk.bytes));
      }
    }
    return add.length === 0 ? null : { add, drop };
  }

  /** Annotations since the last call, and the number of the first of them. */
  takeAnnotations(): { from: number; annotations: Annotation[] } | null {
    const annotations = this.#annotations;
    if (annotations.length === 0) return null;
    this.#annotations = [];
    return { from: this.#annotationCount - annotations.length, annotations };
  }

  #parse(stream: JobStream, forMs: number): void {
    const intake = this.#intakes[stream];
    if (intake.raw.length === 0 || forMs <= 0) return;
    const atMs = this.#options.nowMs();
    const from = performance.now();
    let tookMs = 0;
    let count = 0;
    for (const chunk of intake.raw) {
      intake.splitter.push(chunk, (line) => this.#accept(stream, line, atMs));
      intake.rawBytes -= chunk.length;
      count += 1;
      tookMs = performance.now() - from;
      if (tookMs >= forMs) break;
    }
    intake.parseMsLeft -= tookMs;
    intake.raw = count === intake.raw.length ? [] : intake.raw.slice(count);
  }

  #dropRaw(intake: Intake): void {
    let count = 0;
    while (intake.rawBytes > maxRawBytes && count < intake.raw.length - 1) {
      intake.rawBytes -= intake.raw[count]?.length ?? 0;
      count += 1;
    }
    if (count === 0) return;
    intake.raw = intake.raw.slice(count);
    intake.splitter.skipToNextLine();
    // The hole in the order is how a reader sees that something was left out.
    this.#order += 1;
  }

  #accept(stream: JobStream, line: string, atMs: number): void {
    const command = parseWorkflowCommand(line);
    if (command === null) this.#keep(stream, line, atMs);
    else if (command.kind === 'add-mask') this.#addMask(command.value);
    else if (command.kind === 'annotation') this.annotate(command.level, command.text);
    else if (command.kind === 'progress') {
      this.#options.onProgress({ percent: command.percent, message: command.message });
    } else this.#options.onCommand(command);
  }

  #addMask(value: string): void {
    if (this.#options.masks.add(value) || this.#hasToldOfMasks) return;
    this.#hasToldOfMasks = true;
    this.annotate('warning', 'Too many masks: what ::add-mask:: names from here on is not masked.');
  }

  #keep(stream: OutputLine['stream'], text: string, atMs: number): void {
    this.#tracks[stream].add({ order: this.#order, atMs, text });
    this.#order += 1;
    if (stream === 'stderr' && text.trim() !== '') this.#lastError = text;
    this.#live.push({ stream, text, atMs });
    if (this.#live.length > 4 * maxLiveLines) this.#live = this.#live.slice(-maxLiveLines);
  }

  *#chunks(stream: OutputLine['stream'], lines: readonly KeptLine[]): Generator<OutputChunk> {
    let chunk: StoredLine[] = [];
    let bytes = 0;
    for (const line of lines) {
      chunk.push([line.order, line.atMs, line.text]);
      bytes += line.bytes;
      if (bytes < maxChunkBytes) continue;
      yield { n: this.#nextChunk++, stream, lines: chunk, bytes };
      chunk = [];
      bytes = 0;
    }
    if (chunk.length > 0) yield { n: this.#nextChunk++, stream, lines: chunk, bytes };
  }
}
