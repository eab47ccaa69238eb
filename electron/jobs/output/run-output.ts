import type { OutputLine, Progress } from '../../../shared/contract/runs.ts';
import { isoTime } from '../../store/database/times.ts';
import type { Annotation } from '../../store/runs/run-history.ts';
import type { OutputChunk, StoredLine } from '../../store/runs/run-output.ts';
import {
  cutText,
  maxAnnotationLength,
  maxAnnotations,
  maxLineBytes,
  maxLiveLines,
  printBytes,
} from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';
import { OutputIntake } from './output-intake.ts';
import { type KeptLine, OutputTrack } from './output-track.ts';
import type { TimeShare } from './time-share.ts';
import { type JobCommand, parseWorkflowCommand, type WorkflowCommand } from './workflow-commands.ts';

const maxChunkBytes = 64 * 1024;

type JobStream = 'stdout' | 'stderr';

export interface RunOutputDeps {
  /** Kept of each stream: a quarter (256 KiB at most) from its start, the rest from its end. */
  limitBytes: number;
  masks: SecretMasks;
  share: TimeShare;
  nowMs: () => number;
  onProgress(progress: Progress): void;
  onCommand(command: JobCommand): void;
}

/**
 * What one attempt writes, in bounded memory whatever comes: lines for the store, lines for those who watch, and the
 * commands among them.
 */
export class RunOutput {
  readonly #options: RunOutputDeps;
  readonly #tracks: Record<OutputLine['stream'], OutputTrack>;
  /** By the way it comes: lines of a script and of the processes it started must not get into each other. */
  readonly #intakes = new Map<string, OutputIntake>();
  readonly #received: Record<JobStream, number> = { stdout: 0, stderr: 0 };
  readonly #isCut = new Set<JobStream>();
  readonly #noted = new Set<string>();
  #live: { stream: OutputLine['stream']; text: string; atMs: number }[] = [];
  #annotations: Annotation[] = [];
  #annotationCount = 0;
  #jobAnnotations = 0;
  #order = 0;
  #nextChunk = 0;
  #lastError = '';
  #isEnded = false;

  constructor(options: RunOutputDeps) {
    this.#options = options;
    const track = (): OutputTrack => new OutputTrack(options.limitBytes);
    this.#tracks = { stdout: track(), stderr: track(), system: track() };
  }

  /** Bytes of a pipe. False: do not read this stream again before the next tick. */
  write(stream: JobStream, chunk: Buffer): boolean {
    return this.#take('pipe', stream, chunk);
  }

  /** Text that a script's worker sends. False: as above. */
  writeText(stream: JobStream, text: string): boolean {
    return this.#take('channel', stream, text);
  }

  /** Text that did not come through a pipe: what the app says, and what scripts say about themselves. */
  say(stream: OutputLine['stream'], text: string): void {
    for (const line of text.split('\n')) this.#keep(stream, this.#options.masks.apply(line), this.#options.nowMs());
  }

  annotate(level: Annotation['level'], text: string): void {
    const atMs = this.#options.nowMs();
    const masked = this.#options.masks.apply(text);
    const shown = cutText(masked, maxAnnotationLength);
    if (shown !== masked) {
      this.noteLimit(
        'annotation',
        `An annotation was cut to ${maxAnnotationLength} of its ${masked.length} characters.`,
      );
    }
    if (this.#jobAnnotations < maxAnnotations) {
      this.#jobAnnotations += 1;
      this.#addAnnotation(level, shown, atMs);
    } else {
      this.noteLimit(
        'annotations',
        `The job wrote more than ${maxAnnotations} annotations; later ones are in the output only.`,
      );
    }
    this.#keep('stdout', `${level}: ${shown}`, atMs);
  }

  /** What the app has to say about the run: shown on top of it and in its output. */
  note(level: Annotation['level'], text: string): void {
    const atMs = this.#options.nowMs();
    const masked = cutText(this.#options.masks.apply(text), maxAnnotationLength);
    this.#addAnnotation(level, masked, atMs);
    this.#keep('system', masked, atMs);
  }

  /** A limit was met: said once for each. */
  noteLimit(limit: string, text: string): void {
    if (this.#noted.has(limit)) return;
    this.#noted.add(limit);
    this.note('warning', text);
  }

  /** The latest line on stderr that says anything. */
  get lastErrorLine(): string {
    return this.#lastError;
  }

  tick(): void {
    for (const intake of this.#intakes.values()) intake.tick();
  }

  /** Everything has come. Says what was left out. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const intake of this.#intakes.values()) intake.end();
    const { limitBytes } = this.#options;
    for (const stream of ['stdout', 'stderr'] as const) {
      if (!this.#isCut.has(stream) && !this.#tracks[stream].hasDropped) continue;
      const wrote = printBytes(this.#received[stream]);
      this.say(
        'system',
        `The middle of ${stream} was left out: the job wrote ${wrote}, and a run keeps ${printBytes(limitBytes)} of a stream (outputBytes).`,
      );
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

  #take(way: string, stream: JobStream, chunk: Buffer | string): boolean {
    this.#received[stream] += chunk.length;
    const key = `${way} ${stream}`;
    let intake = this.#intakes.get(key);
    if (intake === undefined) {
      intake = this.#openIntake(stream);
      this.#intakes.set(key, intake);
    }
    return intake.push(chunk);
  }

  #openIntake(stream: JobStream): OutputIntake {
    const { masks, share, nowMs } = this.#options;
    let isInCommand = false;
    return new OutputIntake({
      masks,
      share: share.open(),
      // Lines that are commands fill no head: its share is not unlimited either.
      isNeeded: () => this.#tracks[stream].hasHeadRoom && this.#received[stream] <= 2 * this.#tracks[stream].headBytes,
      onLine: (line, starts, ends) => {
        const isRestOfCommand = isInCommand;
        if (ends) isInCommand = false;
        if (isRestOfCommand) return;
        const command = starts ? parseWorkflowCommand(line) : null;
        if (command === null) return this.#keep(stream, line, nowMs());
        // The rest of it is no output: it may be what was to be masked.
        if (!ends) isInCommand = true;
        this.#obey(command, !ends);
      },
      onDropped: () => {
        isInCommand = false;
        this.#isCut.add(stream);
        // The hole in the order is how a reader sees that something was left out.
        this.#order += 1;
      },
    });
  }

  #obey(command: WorkflowCommand, isCut: boolean): void {
    if (isCut) {
      this.noteLimit(
        `line ${command.kind}`,
        `A ::${command.kind === 'annotation' ? command.level : command.kind} line is longer than ${printBytes(maxLineBytes)}; the rest of it was ignored.`,
      );
    }
    if (command.kind === 'add-mask') this.#addMask(command.value);
    else if (command.kind === 'annotation') this.annotate(command.level, command.text);
    else if (command.kind === 'progress') {
      this.#options.onProgress({ percent: command.percent, message: command.message });
    } else if (!isCut || command.kind === 'part') this.#options.onCommand(command);
  }

  #addMask(value: string): void {
    if (this.#options.masks.add(value)) return;
    this.noteLimit('masks', 'Too many masks: further ::add-mask:: values are not masked.');
  }

  #addAnnotation(level: Annotation['level'], text: string, atMs: number): void {
    this.#annotations.push({ level, text, atMs });
    this.#annotationCount += 1;
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
