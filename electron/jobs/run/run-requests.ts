import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { isJson, maxJsonDepth } from '../../../shared/contract/json-value.ts';
import { errorText } from '../../../shared/error-text.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { Raise } from '../../intake/raise.ts';
import { areAllCompleted } from '../../runs/step-states.ts';
import type { JobRequest } from '../attempt/attempt.ts';
import {
  maxAsked,
  maxQuestionBytes,
  maxRaised,
  maxRaisedTotalBytes,
  maxStepNameLength,
  maxSteps,
  OverLimitError,
  printBytes,
} from '../channel-limits.ts';
import { changeStep, cutName, planSteps, type StepChange } from '../output/run-steps.ts';
import type { JobCommand } from '../output/workflow-commands.ts';
import type { ActiveRun, ReportedEventType } from './active-run.ts';
import type { Questions } from './questions.ts';

export interface RunRequestDeps {
  raise: Raise;
  questions: Questions;
  /** The run's steps are not what they were. */
  onSteps(run: ActiveRun): void;
  /** Stores this transition as it is now, where a listener could take it; null where none could. */
  say(run: ActiveRun, type: ReportedEventType): Promise<void> | null;
}

export interface RunRequests {
  /** Resolves with what the job is to be told; rejects with AppError. */
  request(run: ActiveRun, request: JobRequest): Promise<Json>;
  plan(run: ActiveRun, names: readonly string[]): void;
  part(run: ActiveRun, change: StepChange): void;
  /** The same as a line of output. What comes of an answer goes to `tell`, one line of JSON. */
  command(run: ActiveRun, command: JobCommand, tell: ((line: string) => void) | null): void;
}

export function createRunRequests({ raise, questions, onSteps, say }: RunRequestDeps): RunRequests {
  const setSteps = (run: ActiveRun, steps: ActiveRun['steps']): void => {
    run.steps = steps;
    onSteps(run);
  };

  async function request(run: ActiveRun, { kind, input }: JobRequest): Promise<Json> {
    const what = kind === 'ask' ? 'The question cannot be asked' : 'The event cannot be raised';
    if (!isJson(input)) {
      throw new AppError('invalid_input', `${what}: it must be JSON, nested at most ${maxJsonDepth} levels deep.`);
    }
    const bytes = Buffer.byteLength(stringifyExact(input));
    if (kind === 'ask') {
      run.asked += 1;
      if (run.asked > maxAsked) throw overLimit(run, `A run may ask at most ${maxAsked} questions.`);
      if (bytes > maxQuestionBytes) throw tooLarge(what, bytes, maxQuestionBytes);
      return await questions.ask(run, input);
    }
    run.raised += 1;
    run.raisedBytes += bytes;
    if (run.raised > maxRaised) {
      throw overLimit(run, `A run may raise at most ${maxRaised} events.`);
    }
    if (run.raisedBytes > maxRaisedTotalBytes) {
      throw overLimit(run, `A run may raise events of ${printBytes(maxRaisedTotalBytes)} together.`);
    }
    const { id, depth } = run.row;
    return await raise(run.masks.applyToJson(input), { runId: id, depth, by: null });
  }

  const track = (run: ActiveRun, work: Promise<unknown>): void => {
    run.underWay.add(work);
    void work.finally(() => run.underWay.delete(work));
  };
  const tell = (run: ActiveRun, type: ReportedEventType): void => {
    const said = say(run, type);
    if (said !== null) track(run, said);
  };

  const noteSteps = (run: ActiveRun, names: readonly string[], count: number): void => {
    if (count > maxSteps) run.noteLimit('steps', `A run shows at most ${maxSteps} parts; the rest are not shown.`);
    if (names.some((name) => name.length > maxStepNameLength)) {
      run.noteLimit('step name', `Names of parts are cut to ${maxStepNameLength} characters.`);
    }
  };

  const plan = (run: ActiveRun, names: readonly string[]): void => {
    noteSteps(run, names, names.length);
    setSteps(
      run,
      planSteps(
        run.steps,
        names.map((name) => run.masks.apply(name)),
      ),
    );
    if (run.plan !== 'none' || run.steps === null || run.steps.length === 0) return;
    run.plan = 'open';
    tell(run, 'job:updated');
  };
  const part = (run: ActiveRun, change: StepChange): void => {
    const name = run.masks.apply(change.name);
    const isFull = run.steps?.length === maxSteps && !run.steps.some((step) => step.name === cutName(name));
    noteSteps(run, [name], isFull ? maxSteps + 1 : 1);
    setSteps(run, changeStep(run.steps, { ...change, name }));
    if (run.plan !== 'open' || !areAllCompleted(run.steps)) return;
    run.plan = 'done';
    tell(run, 'job:parts-completed');
  };

  return {
    request(run, wanted) {
      const reply = request(run, wanted);
      track(
        run,
        reply.catch(() => undefined),
      );
      return reply;
    },
    plan,
    part,
    command(run, command, tell) {
      if (command.kind === 'plan') return plan(run, command.names);
      if (command.kind === 'part') return part(run, command.change);
      const complain = (error: unknown): void => {
        if (!(error instanceof OverLimitError)) run.output?.annotate('warning', errorText(error));
      };
      if (command.kind === 'raise') {
        const raised = readRaise(command).then((input) => request(run, { kind: 'raise', input }));
        track(run, raised.catch(complain));
        return;
      }
      if (tell === null) {
        complain(
          new Error('::ask needs "asks: true" in the job: without it nothing can be answered on standard input.'),
        );
        return;
      }
      if (run.asked > maxAsked) return;
      readJson(command.text, 'The question')
        .then((input) => request(run, { kind: 'ask', input }))
        .then((answer) => tell(stringifyExact(answer)))
        .catch((error: unknown) => {
          complain(error);
          tell(JSON.stringify({ error: errorText(error) }));
        });
    },
  };
}

/** The annotations of a job that goes on and on are used up: this is said apart from them. */
function overLimit(run: ActiveRun, said: string): AppError {
  run.noteLimit(said, said);
  return new OverLimitError(said);
}

const tooLarge = (what: string, bytes: number, limit: number): AppError =>
  new AppError('too_large', `${what}: it has ${printBytes(bytes)} as JSON; the limit is ${printBytes(limit)}.`);

async function readJson(text: string, what: string): Promise<Json> {
  try {
    return parseExact(text);
  } catch (error) {
    throw new AppError('invalid_input', `${what} is not JSON: ${errorText(error)}`);
  }
}

async function readRaise(command: Extract<JobCommand, { kind: 'raise' }>): Promise<Json> {
  const { type, message, metadata, inSeconds, scheduleFor } = command;
  return {
    type,
    ...(message.trim() === '' ? {} : { message: await readJson(message, `The message of the event ${type}`) }),
    ...(metadata === null ? {} : { metadata: await readJson(metadata, `The metadata of the event ${type}`) }),
    ...(inSeconds === null ? {} : { inSeconds: Number(inSeconds) }),
    ...(scheduleFor === null ? {} : { scheduleFor }),
  };
}
