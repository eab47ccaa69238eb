import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import { errorText } from '../../../shared/error-text.ts';
import {
  type AttemptProcess,
  type AttemptResult,
  type AttemptStart,
  failedResult,
} from '../../jobs/attempt/attempt.ts';
import type { CatalogJob } from '../../jobs/attempt/job-catalog.ts';
import type { RequestAttempts } from '../../jobs/attempt/request-attempts.ts';
import type { SecretMasks } from '../../jobs/masks/secret-masks.ts';
import { ProxyError } from '../../outgoing/environment-proxy.ts';
import { explainFailure } from '../../outgoing/explain-failure.ts';
import { type Answer, RefusedRequestError, sendRequest } from '../../outgoing/http-request.ts';
import { RefusedAddressError } from '../../outgoing/outgoing-address.ts';
import type { AnswerKind } from '../state/destination-states.ts';
import { answerOutcome, judgeAnswer, maxAnswerBytes } from './answer-outcome.ts';
import { compileDestination, type Destination, type DestinationDeps, httpSecrets, override } from './destination.ts';

/** How a request went, for what is to be sent next. */
export interface Answered {
  kind: AnswerKind;
  /** It was not reached, or is overloaded or broken. */
  isHostFailing: boolean;
  /** What it asked to be left alone for. */
  askedMs: number | null;
}

export interface RequestAttemptDeps extends DestinationDeps {
  onAnswered(spec: HttpJobSpec, answered: Answered): void;
}

interface Compiled {
  job: CatalogJob;
  secrets: readonly string[];
  destination: Destination;
}

const unauthorized = 401;
const timedOut = new Error('no answer came in time');

/** Attempts of jobs of the kind `http`: each is one request, made in this process. */
export function createRequestAttempts(deps: RequestAttemptDeps): RequestAttempts {
  const { readSecret, nowMs, onAnswered } = deps;
  const compiled = new Map<string, Compiled>();

  const secretsOf = (spec: HttpJobSpec): string[] => httpSecrets(spec).map(readSecret);

  /** Compiled once for a job and the values its secrets have. Throws. */
  function destinationOf(job: CatalogJob, spec: HttpJobSpec): Destination {
    const secrets = secretsOf(spec);
    const known = compiled.get(job.slug);
    if (known !== undefined && known.job === job && areSame(known.secrets, secrets)) return known.destination;
    // Requests under way end on the connections of the destination before; those close when they have been idle.
    const destination = compileDestination(spec, deps);
    compiled.set(job.slug, { job, secrets, destination });
    return destination;
  }

  async function attempt(start: AttemptStart, spec: HttpJobSpec, signal: AbortSignal): Promise<AttemptResult> {
    let destination: Destination;
    let request: ReturnType<Destination['prepare']>;
    try {
      destination = destinationOf(start.job, spec);
      request = destination.prepare(start.run, start.batch);
    } catch (error) {
      return failedResult('spawn', `The request of the job ${start.job.slug} could not be made: ${errorText(error)}`);
    }
    const { id, method, headers, body } = request;
    const { url, connections, redirects, secretHeaders, signers } = destination;
    let answer: Answer;
    try {
      const signed = await signers.sign({ id, eventType: start.run.event_type, atMs: nowMs(), body });
      const all = override(headers, signed);
      const problem = headerProblem(all);
      if (problem !== null) return failedResult('spawn', `The request of the job ${start.job.slug} ${problem}`);
      maskCredentials(start.masks, signed);
      answer = await sendRequest(connections, {
        url,
        method,
        headers: all,
        body,
        secretHeaders,
        redirects,
        maxBytes: maxAnswerBytes,
        signal,
      });
    } catch (error) {
      // Cut short by an operator or the app's end, it says nothing about the destination.
      if (!signal.aborted || signal.reason === timedOut) {
        const isHostFailing = ![RefusedAddressError, RefusedRequestError, ProxyError].some(
          (kind) => error instanceof kind,
        );
        onAnswered(spec, { kind: 'failed', isHostFailing, askedMs: null });
      }
      return failedResult('connection', explainFailure(url.host, error));
    }
    if (answer.status === unauthorized) signers.onUnauthorized();
    const outcome = answerOutcome(answer, start.masks);
    const result = judgeAnswer(answer, outcome, nowMs());
    onAnswered(spec, readAnswered(answer.status, result));
    // Attempts before the last keep no outcome: what the destination said stays readable here.
    if (result.state === 'failed') sayAnswer(start, answer);
    return result;
  }

  return {
    secretsOf,
    start(start, spec): AttemptProcess {
      const controller = new AbortController();
      // Not in the caller's own turn: it expects the end after the start.
      setImmediate(() => {
        void attempt(start, spec, controller.signal).then((result) => start.onEnd(result));
      });
      return {
        stop(why, _graceMs, reason) {
          if (controller.signal.aborted) return;
          start.output().say('system', why);
          controller.abort(reason === 'timeout' ? timedOut : new Error('ended before an answer came'));
        },
      };
    },
    stop() {
      for (const { destination } of compiled.values()) destination.connections.close();
      compiled.clear();
    },
  };
}

const areSame = (before: readonly string[], now: readonly string[]): boolean =>
  before.length === now.length && before.every((one, at) => one === now[at]);

/** 408, 429 and 5xx are about the host, the other 4xx about this request or this destination. */
function readAnswered(status: number, { state, retry }: AttemptResult): Answered {
  if (state === 'completed') return { kind: 'accepted', isHostFailing: false, askedMs: null };
  if (retry === 'never') return { kind: 'gone', isHostFailing: false, askedMs: null };
  return {
    kind: 'failed',
    isHostFailing: status >= 500 || status === 408 || status === 429,
    askedMs: retry?.afterMs ?? null,
  };
}

/** The end of a sentence that does not repeat the value: it may be a secret. */
function headerProblem(headers: readonly (readonly [string, string])[]): string | null {
  for (const [name, value] of headers) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      return `could not be made: its header ${name} has a line break or another character that HTTP does not allow.`;
    }
  }
  return null;
}

/** A token that was issued for the request is a secret that the job does not name. */
function maskCredentials(masks: SecretMasks, signed: readonly (readonly [string, string])[]): void {
  for (const [name, value] of signed) {
    if (name.toLowerCase() !== 'authorization') continue;
    const credentials = value.slice(value.indexOf(' ') + 1);
    if (masks.apply(credentials) === credentials) masks.add(credentials);
  }
}

const shownChars = 4000;

function sayAnswer(start: AttemptStart, { status, timing, body, isTruncated }: Answer): void {
  const output = start.output();
  output.say('system', `Answered ${status} after ${timing.totalMs} ms.`);
  const text = body.toString('utf8');
  if (text.trim() === '') return;
  output.writeText('stdout', `${text.slice(0, shownChars)}${isTruncated || text.length > shownChars ? '…' : ''}\n`);
}
