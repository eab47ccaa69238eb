import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import type { Raise } from '../intake/raise.ts';
import type { ActiveRun } from './active-run.ts';
import type { Questions } from './questions.ts';
import type { RunEventType } from './run-events.ts';
import { areAllCompleted, changeStep, planSteps, type StepChange } from './run-steps.ts';
import type { JobCommand } from './workflow-commands.ts';

/** What a job wants of the app and waits for. `input` is checked here: it comes from the job. */
export interface JobRequest {
  kind: 'raise' | 'ask';
  input: Json;
}

/** Events that one attempt may raise: a script in a loop must not fill the disk. */
const maxRaised = 1000;

export interface RunRequestDeps {
  raise: Raise;
  questions: Questions;
  /** The run's steps are not what they were. */
  onSteps(run: ActiveRun): void;
  /** Stores this transition as it is now, where a listener could take it; null where none could. */
  say(run: ActiveRun, type: RunEventType): Promise<void> | null;
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
    if (kind === 'ask') return await questions.ask(run, input);
    run.raised += 1;
    if (run.raised > maxRaised) {
      throw new AppError('invalid_input', `A run may raise at most ${maxRaised} events.`);
    }
    const { id, depth } = run.row;
    return await raise(run.masks.applyToJson(input), { runId: id, depth, by: null });
  }

  const track = (run: ActiveRun, work: Promise<unknown>): void => {
    run.underWay.add(work);
    void work.finally(() => run.underWay.delete(work));
  };
  const tell = (run: ActiveRun, type: RunEventType): void => {
    const said = say(run, type);
    if (said !== null) track(run, said);
  };

  const plan = (run: ActiveRun, names: readonly string[]): void => {
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
    setSteps(run, changeStep(run.steps, { ...change, name: run.masks.apply(change.name) }));
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
        run.output?.annotate('warning', error instanceof Error ? error.message : String(error));
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
      readJson(command.text, 'The question')
        .then((input) => request(run, { kind: 'ask', input }))
        .then((answer) => tell(stringifyExact(answer)))
        .catch((error: unknown) => {
          complain(error);
          tell(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
        });
    },
  };
}

async function readJson(text: string, what: string): Promise<Json> {
  try {
    return parseExact(text);
  } catch (error) {
    throw new AppError(
      'invalid_input',
      `${what} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
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
