import type { Json } from '../../../shared/contract/common.ts';
import { printDuration } from '../../../shared/contract/duration.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Question, Run } from '../../../shared/contract/runs.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { describeRunning } from '../../runs/running-run.ts';
import { newId } from '../../store/database/ids.ts';
import { isoTime } from '../../store/database/times.ts';
import type { QuestionEnd } from '../../store/runs/run-questions.ts';
import { maxOpenQuestions } from '../channel-limits.ts';
import type { ActiveRun } from './active-run.ts';
import {
  type AnswerValue,
  checkAnswer,
  maskAsked,
  type PendingQuestion,
  readAsked,
  withoutSecrets,
} from './question.ts';
import type { RunWrites } from './run-writes.ts';
import type { JobRunnerDeps } from './runner-deps.ts';

export interface QuestionDeps {
  nowMs: () => number;
  /** The run waits for a person. */
  onPausedForInput(run: ActiveRun): void;
  /** It goes on, and its time limit counts again. */
  onResumed(run: ActiveRun): void;
}

/** What running jobs ask their operators, one question of a run at a time. */
export class Questions {
  readonly #deps: Pick<JobRunnerDeps, 'log'>;
  readonly #writes: RunWrites;
  readonly #own: QuestionDeps;

  constructor(deps: JobRunnerDeps, writes: RunWrites, own: QuestionDeps) {
    this.#deps = deps;
    this.#writes = writes;
    this.#own = own;
  }

  /** Resolves with the answer; rejects with AppError when there is none. */
  ask(run: ActiveRun, input: unknown): Promise<Json> {
    const asked = maskAsked(run.masks, readAsked(input));
    if (run.stop !== null) throw new AppError('wrong_state', 'The run is ending; it can no longer ask questions.');
    if (run.questions.length >= maxOpenQuestions) {
      throw new AppError(
        'wrong_state',
        `The run already has ${maxOpenQuestions} open questions; wait for their answers.`,
      );
    }
    return new Promise((resolve, reject) => {
      const pending = { asked, question: null, limitLeftMs: 0, timer: null, isClosing: false, resolve, reject };
      run.questions.push(pending);
      if (run.questions.length === 1) this.#open(run, pending);
    });
  }

  /** Throws AppError. Resolves when the answer is on disk; the job has it then. */
  async answer(
    run: ActiveRun | null,
    questionId: string,
    values: Readonly<Record<string, AnswerValue>>,
    by: string,
  ): Promise<Run> {
    const [pending] = run?.questions ?? [];
    if (run === null || pending?.question?.id !== questionId || pending.isClosing) {
      throw new AppError('wrong_state', 'This question is no longer open; it may already have been answered.');
    }
    const { fields } = pending.asked;
    const answer = checkAnswer(fields, values);
    for (const { name, type } of fields) {
      const value = answer[name];
      if (type === 'secret' && typeof value === 'string') run.masks.add(value);
    }
    const record = stringifyExact(run.masks.applyToJson(withoutSecrets(fields, answer)));
    await this.#close(run, pending, { result: 'answered', answer: record, by, atMs: this.#own.nowMs() });
    run.unanswered = null;
    pending.resolve(answer);
    return describeRunning(run);
  }

  /** The run ends: its questions are no longer waiting for an answer. */
  drop(run: ActiveRun): void {
    const dropped = run.questions;
    run.questions = [];
    run.question = null;
    for (const pending of dropped) {
      if (pending.timer !== null) clearTimeout(pending.timer);
      pending.reject(new AppError('wrong_state', 'The run ended before the question was answered.'));
      if (pending.question !== null && !pending.isClosing) this.#record(run, pending.question.id);
    }
  }

  #record(run: ActiveRun, id: string): void {
    const end: QuestionEnd = { result: 'canceled', answer: null, by: null, atMs: this.#own.nowMs() };
    this.#writes
      .answer(run, id, end)
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'the end of a question could not be stored'));
  }

  #open(run: ActiveRun, pending: PendingQuestion): void {
    const askedAtMs = this.#own.nowMs();
    const { type, message, fields, timeoutMs } = pending.asked;
    const question: Question = {
      id: newId('ask', askedAtMs),
      type,
      message,
      fields,
      askedAt: isoTime(askedAtMs),
      expiresAt: isoTime(askedAtMs + timeoutMs),
    };
    pending.question = question;
    run.question = question;
    // A person's time is not the job's.
    pending.limitLeftMs = run.deadlineMs - performance.now();
    run.deadlineMs = Number.POSITIVE_INFINITY;
    this.#own.onPausedForInput(run);
    pending.timer = setTimeout(() => this.#giveUp(run, pending), timeoutMs);
    this.#writes.ask(run, question, askedAtMs).catch((error: unknown) => this.#fail(run, pending, error));
  }

  #giveUp(run: ActiveRun, pending: PendingQuestion): void {
    if (pending.isClosing) return;
    const within = printDuration(pending.asked.timeoutMs);
    const said = `No answer to "${pending.question?.message ?? ''}" within ${within}.`;
    run.unanswered = said;
    this.#close(run, pending, { result: 'unanswered', answer: null, by: null, atMs: this.#own.nowMs() })
      .then(() => pending.reject(new AppError('unavailable', said)))
      .catch((error: unknown) => this.#fail(run, pending, error));
  }

  async #close(run: ActiveRun, pending: PendingQuestion, end: QuestionEnd): Promise<void> {
    const { question } = pending;
    if (question === null) return;
    pending.isClosing = true;
    try {
      await this.#writes.answer(run, question.id, end);
    } catch (error) {
      // A disk that takes nothing: it can be answered again.
      pending.isClosing = false;
      throw error;
    }
    this.#next(run, pending);
  }

  #next(run: ActiveRun, pending: PendingQuestion): void {
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (run.questions[0] !== pending) return;
    run.questions.shift();
    run.question = null;
    run.deadlineMs = performance.now() + pending.limitLeftMs;
    this.#own.onResumed(run);
    const [following] = run.questions;
    if (following !== undefined) this.#open(run, following);
  }

  #fail(run: ActiveRun, pending: PendingQuestion, error: unknown): void {
    this.#deps.log.error({ err: error, runId: run.row.id }, 'a question of a run could not be stored');
    this.#next(run, pending);
    pending.reject(new AppError('unavailable', 'The question could not be stored.'));
  }
}
