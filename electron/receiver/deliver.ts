import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Answer } from '../../shared/contract/events.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { addNotes } from '../intake/delivery-notes.ts';
import { type Enricher, unansweredStatus, type WrittenDecision } from '../intake/enrich.ts';
import type { Accepted, DeliveryDraft, EventDraft, Intake } from '../intake/intake-types.ts';
import { readQuery } from '../sources/form-fields.ts';
import { isDeeperThan, maxDepth } from '../sources/json-text.ts';
import { readBody } from '../sources/read-body.ts';
import type { RegisteredSource, SourceRegistry } from '../sources/source-registry.ts';
import type {
  DirectAnswer,
  IncomingRequest,
  PreparedSource,
  Preset,
  ReadBody,
  SignToken,
  Verified,
} from '../sources/source-types.ts';
import type { Refusal } from './answer.ts';
import { checkLength, receiveBody } from './body.ts';
import type { BodyBudget } from './body-budget.ts';
import { isFromPage } from './browser-check.ts';
import type { ReceiverLimits } from './limits.ts';
import { createRateLimiter } from './rate-limit.ts';
import { draftDelivery, readHeaders } from './request-record.ts';
import type { Target } from './target.ts';

export type Outcome =
  | { kind: 'accepted'; status: number; accepted: Accepted; body: string | undefined }
  | { kind: 'decided'; deliveryId: string; answer: Pick<Answer, 'status' | 'contentType' | 'body'> }
  | { kind: 'direct'; answer: DirectAnswer }
  /** Stored, but the answer it asks for cannot be given. */
  | { kind: 'undecided'; deliveryId: string; refusal: Refusal }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'gone' };

/** A request on its way; `delivery` gets its body once that is read, and is what will be stored. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  target: Target;
  delivery: DeliveryDraft;
  budget: BodyBudget;
  /** By performance.now(). */
  arrivedMs: number;
}

export interface DeliverParts {
  registry: Pick<SourceRegistry, 'get'>;
  intake: Pick<Intake, 'accept' | 'pressure'>;
  enricher: Enricher | undefined;
  signToken: SignToken | undefined;
  isReady(): boolean;
  limits: ReceiverLimits;
  log: Logger;
}

const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

const noBody = Buffer.alloc(0);

const unreadable = (code: string, message: string, status: 415 | 422 = 422): Outcome =>
  refused({ status, code, message });

const unverified = (verified: Extract<Verified, { ok: false }>, challenge: string | undefined): Outcome =>
  refused({
    status: 401,
    code: verified.code,
    message: verified.message,
    toSender: { code: 'verification_failed', message: 'this delivery could not be verified' },
    headers: challenge ? { 'www-authenticate': challenge } : undefined,
  });

const misconfigured = (reason: string): Outcome =>
  refused({
    status: 503,
    code: 'source_misconfigured',
    message: `the source is not ready to take deliveries: ${reason}`,
    toSender: { code: 'source_misconfigured', message: 'this source is not ready to take deliveries' },
    retryAfterSeconds: 30,
  });

/** JSON was measured when it was parsed; what was read out of a form's fields, say, has not been. */
function checkDepth(events: readonly EventDraft[], body: ReadBody): Outcome | null {
  for (const event of events) {
    const isMeasured = body.kind === 'json' && event.payload === body.value;
    if ((!isMeasured && isDeeperThan(event.payload, maxDepth)) || isDeeperThan(event.context, maxDepth)) {
      return unreadable('too_deep', `the event is nested more than ${maxDepth} levels deep`);
    }
  }
  return null;
}

const noKey: SignToken = () => {
  throw new AppError('unavailable', 'there is no key to sign answers with');
};

/** The methods a source takes deliveries by. */
const allowedMethods = (spec: SourceSpec, preset: Preset): readonly string[] =>
  spec.methods ?? preset.info.defaults.methods;

/** The way of one delivery, in order; nothing is answered here. */
export function createDeliver({ registry, intake, enricher, signToken = noKey, isReady, limits, log }: DeliverParts) {
  const rates = createRateLimiter();

  function checkLoad({ spec }: RegisteredSource, nowMs: number): Outcome | null {
    const rate = spec.rateLimit ?? limits.rateLimit;
    const waitSeconds = rate === 'off' ? 0 : rates.take(spec.slug, rate, nowMs);
    if (waitSeconds > 0) {
      return refused({
        status: 429,
        code: 'rate_limited',
        message: `more than ${rate === 'off' ? '' : rate.perSecond} deliveries a second to this source; its rateLimit can be raised or set to off`,
        toSender: { code: 'rate_limited', message: 'too many deliveries; try again later' },
        retryAfterSeconds: waitSeconds,
      });
    }
    const { waiting, bytes } = intake.pressure();
    if (waiting < limits.maxWaiting && bytes < limits.maxWaitingBytes) return null;
    return refused({
      status: 503,
      code: 'overloaded',
      message: `${waiting} deliveries with ${bytes} bytes are waiting for the disk`,
      toSender: { code: 'overloaded', message: 'too much is waiting to be stored; try again later' },
      retryAfterSeconds: 2,
    });
  }

  async function store(
    exchange: Exchange,
    source: RegisteredSource,
    preset: Preset,
    events: EventDraft[],
    verified: Extract<Verified, { ok: true }>,
    body: ReadBody,
  ): Promise<Outcome> {
    const received = exchange.delivery.body;
    source.prepared?.redact?.(exchange.delivery);
    const isAsReceived = exchange.delivery.body === received;
    const status = source.spec.answerStatus ?? preset.info.defaults.answerStatus;
    let accepted: Accepted;
    try {
      accepted = await intake.accept({
        delivery: { ...exchange.delivery, source: source.spec.slug },
        system: preset.info.system,
        verification: verified.verification,
        events,
        document: isAsReceived && body.kind === 'json' ? body : undefined,
        status,
      });
    } catch (error) {
      log.error({ err: error, source: source.spec.slug }, 'a delivery could not be stored and was answered with 503');
      return refused({
        status: 503,
        code: 'storage_unavailable',
        message: `the delivery could not be stored: ${error instanceof Error ? error.message : String(error)}`,
        toSender: { code: 'storage_unavailable', message: 'the delivery could not be stored; try again later' },
        retryAfterSeconds: 5,
      });
    }
    const decided = await decide(exchange, source, events, accepted);
    return decided ?? { kind: 'accepted', status, accepted, body: preset.acceptedBody };
  }

  /** Null when the usual answer is to be given. */
  async function decide(
    exchange: Exchange,
    source: RegisteredSource,
    events: readonly EventDraft[],
    { asks, deliveryId, eventIds }: Accepted,
  ): Promise<Outcome | null> {
    const event = asks === null ? undefined : events[eventIds.indexOf(asks.eventId)];
    if (enricher === undefined || asks === null || event === undefined) return null;
    const write = (decision: Json): WrittenDecision | Promise<WrittenDecision> =>
      source.prepared?.enrich?.(decision, { nowMs: Date.now(), event, signToken }) ?? {
        ok: true,
        status: 200,
        contentType: 'application/json; charset=utf-8',
        body: stringifyExact(decision),
      };
    try {
      const answer = await enricher.answer({ ask: asks, deliveryId, arrivedMs: exchange.arrivedMs, write });
      return answer === null ? null : { kind: 'decided', deliveryId, answer };
    } catch (error) {
      const { slug } = source.spec;
      log.error({ err: error, source: slug, delivery: deliveryId }, 'a decision could not be answered; answered 503');
      return {
        kind: 'undecided',
        deliveryId,
        refusal: {
          status: unansweredStatus,
          code: 'answer_unavailable',
          message: error instanceof Error ? error.message : String(error),
          toSender: { code: 'answer_unavailable', message: 'the decision could not be given; try again later' },
          retryAfterSeconds: 5,
        },
      };
    }
  }

  async function take(
    exchange: Exchange,
    source: RegisteredSource,
    preset: Preset,
    prepared: PreparedSource,
  ): Promise<Outcome> {
    const { req, res, target, delivery, budget } = exchange;
    const { query, notes } = readQuery(target.query);
    const request: IncomingRequest = {
      method: delivery.method,
      subpath: target.subpath,
      query,
      headers: readHeaders(req.rawHeaders),
      body: noBody,
      remoteAddress: delivery.remoteAddress,
      receivedAtMs: delivery.receivedAtMs,
    };
    const methods = allowedMethods(source.spec, preset);
    if (!methods.includes(request.method)) {
      const answer = (await prepared.handshake?.(request, { kind: 'none' })) ?? null;
      if (answer !== null) return { kind: 'direct', answer };
      return refused({
        status: 405,
        code: 'method_not_allowed',
        message: `this source does not take ${request.method}, only ${methods.join(', ')}`,
        headers: { allow: methods.join(', ') },
      });
    }
    const maxBytes = source.spec.maxBodyBytes ?? preset.maxBodyBytes ?? limits.maxBodyBytes;
    const lengthProblem = checkLength(req, maxBytes);
    if (lengthProblem !== null) return refused(lengthProblem);
    const received = await receiveBody(req, res, maxBytes, budget);
    if (received.kind === 'gone') return received;
    if (received.kind === 'refused') return received;
    request.body = received.bytes;
    delivery.body = received.bytes;

    const contentType = request.headers['content-type'];
    // Read before verification only where a handshake may be inside; strangers' bodies are not parsed otherwise.
    const read = (): ReadBody => readBody(request.body, contentType, source.spec.parseFields);
    let body = prepared.handshake === undefined ? null : read();
    if (body !== null) {
      const answer = (await prepared.handshake?.(request, body)) ?? null;
      if (answer !== null) return { kind: 'direct', answer };
    }
    let verified: Verified;
    try {
      const verifying = prepared.verify(request);
      verified = verifying instanceof Promise ? await verifying : verifying;
    } catch (error) {
      if (error instanceof AppError) return misconfigured(error.message);
      throw error;
    }
    if (!verified.ok) return unverified(verified, prepared.challenge);
    if (verified.verification.state === 'none' && isFromPage(request.headers)) {
      return refused({
        status: 403,
        code: 'from_a_page',
        message: 'a page in a browser sent this; a source without verification takes nothing from pages',
      });
    }
    body ??= read();
    addNotes(delivery, notes);
    addNotes(delivery, body.notes);
    const found = prepared.read(request, body);
    addNotes(delivery, found.notes);
    if (found.ok) for (const event of found.events) addNotes(delivery, event.notes);
    if (!found.ok) return unreadable(found.code, found.message, found.status);
    return checkDepth(found.events, body) ?? store(exchange, source, preset, found.events, verified, body);
  }

  return {
    /** Never rejects on account of the sender. */
    deliver(exchange: Exchange, source: RegisteredSource | null): Outcome | Promise<Outcome> {
      if (!isReady()) {
        return refused({
          status: 503,
          code: 'not_ready',
          message: 'the receiver is not taking deliveries at this moment',
          retryAfterSeconds: 5,
        });
      }
      if (source === null || source.spec.enabled === false) {
        return refused({
          status: 404,
          code: 'source_not_found',
          message: source === null ? 'no source has this address' : 'the source is disabled',
          toSender: { code: 'source_not_found', message: 'there is no source at this address' },
        });
      }
      const overload = checkLoad(source, exchange.delivery.receivedAtMs);
      if (overload !== null) return overload;
      const { prepared, preset } = source;
      if (prepared === null || preset === null) return misconfigured(source.problem ?? 'its settings are not valid');
      return take(exchange, source, preset, prepared);
    },

    /** The source that an address names, and the beginning of what will be stored of the request. */
    open(req: IncomingMessage, target: Target, remoteAddress: string, nowMs: number) {
      const source = registry.get(target.slug);
      const delivery = draftDelivery(req, {
        source: source?.spec.slug ?? null,
        masking: source?.prepared?.masking,
        remoteAddress,
        nowMs,
        maxHeaders: limits.maxHeaders,
      });
      return { source, delivery };
    },
  };
}
