import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { addNotes } from '../../intake/delivery-notes.ts';
import type { Intake } from '../../intake/intake-types.ts';
import { readBody } from '../../sources/body/read-body.ts';
import type { SourceRegistry } from '../../sources/source-registry.ts';
import type { DirectAnswer, IncomingRequest, ReadBody } from '../../sources/source-types.ts';
import type { KnownSenders } from '../admit/known-senders.ts';
import type { Policy } from '../admit/policy.ts';
import { deliveryHeader, type Refusal } from '../answer/answer.ts';
import { lengthRequired, unverified } from '../answer/refusals.ts';
import type { BodyBudgets } from '../body/body-budget.ts';
import { receiveStart } from '../body/body-start.ts';
import { keptBytes } from '../body/decode-body.ts';
import { isLengthMissing, receiveBody } from '../body/receive-body.ts';
import type { ReceiverLimits } from '../limits.ts';
import { draftDelivery, type RequestHead } from '../request/request-record.ts';
import { readTarget, type Target } from '../request/target.ts';
import type { UnparsedRequest } from '../request/unparsed-request.ts';
import { createAdmission } from './admit-delivery.ts';
import { answerOutcome } from './answer-outcome.ts';
import { createDecide, type DecideDeps } from './decide.ts';
import { type Exchange, type Outcome, type ReadySource, refused } from './exchange.ts';
import { readEvents } from './read-events.ts';
import { readRequest } from './read-request.ts';
import { createDeliveryStore } from './store-delivery.ts';
import { askHandshake, verifyDelivery } from './verify-delivery.ts';

export interface ReceiverMetrics {
  /** Each answered request to `/in/…`; `source` is null when the address named none. */
  answered(source: string | null, status: number, durationMs: number): void;
}

export interface PipelineDeps extends DecideDeps {
  registry: Pick<SourceRegistry, 'get' | 'isUnreadable'>;
  intake: Pick<Intake, 'accept' | 'refuse' | 'pressure'>;
  budgets: BodyBudgets;
  knownSenders: KnownSenders;
  limits: ReceiverLimits;
  log: Logger;
  metrics: ReceiverMetrics | undefined;
  policy(): Policy;
  isReady(): boolean;
  isClosing(): boolean;
  strayBytes(req: IncomingMessage, waitMs: number): Promise<Buffer | null>;
}

const internalError: Refusal = {
  status: 500,
  code: 'internal',
  message: 'this delivery could not be handled; see the log of the receiver',
};

/** The way of a delivery, from its request to its answer: what is accepted is stored by then, what is refused too. */
export function createDeliveryPipeline(deps: PipelineDeps) {
  const { registry, intake, budgets, knownSenders, limits, log, metrics } = deps;
  const admission = createAdmission({ ...deps, pressure: intake.pressure });
  const store = createDeliveryStore({ intake, log });
  const decide = createDecide(deps);

  /** Every step may end the delivery: what it gives is then an outcome, or the refusal that is one. */
  async function deliver(exchange: Exchange): Promise<Outcome> {
    // Admit
    const source = admission.admitSource(exchange);
    if ('status' in source) return refused(source);
    const { spec, preset, prepared } = source;
    const { request, queryNotes } = readRequest(exchange, source);
    const admitting = admission.admitRequest(exchange, source, request);
    const rejected = admitting instanceof Promise ? await admitting : admitting;
    if (rejected !== null) return rejected;

    // Body
    const failed = await receive(exchange, source, request);
    if (failed !== null) return failed;

    // Handshake. Only for this is a body parsed before it is verified.
    let body: ReadBody | null = null;
    if (prepared.handshake !== undefined) {
      body = parse(source, request);
      const answer = await askHandshake(prepared, request, body);
      if (answer !== null) return 'code' in answer ? refused(answer) : { kind: 'direct', answer };
    }

    // Verify
    const verifying = verifyDelivery(prepared, request);
    const verified = verifying instanceof Promise ? await verifying : verifying;
    if ('status' in verified) return refused(verified);
    if (!verified.ok) {
      admission.noteUnverified(spec.slug, request.receivedAtMs);
      return refused(unverified(verified, prepared.challenge));
    }
    if (!prepared.isOpen) {
      const refusal = admission.checkSender(exchange, source, request, verified.verification.state !== 'none');
      if (refusal !== null) return refused(refusal);
    }

    // Read
    body ??= parse(source, request);
    addNotes(exchange.delivery, queryNotes);
    const events = readEvents(exchange.delivery, prepared, request, body);
    if ('status' in events) return refused(events);

    // Store
    const status =
      prepared.answer?.({ kind: 'accepted', ignored: false })?.status ??
      spec.response?.status ??
      spec.answerStatus ??
      preset.info.defaults.answerStatus;
    const accepted = await store.accept(exchange, source, events, verified.verification, body, status);
    if ('status' in accepted) return refused(accepted);

    // Decide
    const decided = accepted.asks === null ? null : await decide(exchange, source, events, accepted);
    if (decided !== null) return decided;
    const answer = prepared.answer?.({ kind: 'accepted', ignored: accepted.ignored }) ?? null;
    if (answer !== null) return { kind: 'answered', deliveryId: accepted.deliveryId, answer };
    return { kind: 'accepted', status, accepted, response: prepared.respond?.(request, body, accepted) };
  }

  /** Puts the body into the request and the delivery; null when it is there. */
  async function receive(exchange: Exchange, source: ReadySource, request: IncomingRequest): Promise<Outcome | null> {
    const { req, res, delivery, budget } = exchange;
    const stray = isLengthMissing(req) ? await deps.strayBytes(req, limits.strayBytesWaitMs) : null;
    if (stray !== null) {
      delivery.body = stray.subarray(0, keptBytes);
      exchange.bodyBytes = stray.length;
      return refused(lengthRequired);
    }
    const maxBytes = source.spec.maxBodyBytes ?? source.preset.maxBodyBytes ?? limits.maxBodyBytes;
    const received = await receiveBody(req, res, maxBytes, budget);
    if (received.kind === 'gone') return received;
    if (received.kind === 'refused') {
      delivery.body = received.start;
      exchange.bodyBytes = received.sizeBytes;
      return refused(received.refusal);
    }
    request.body = received.bytes;
    delivery.body = received.bytes;
    delivery.contentType = request.headers['content-type'] ?? null;
    addNotes(delivery, received.notes);
    return null;
  }

  const parse = ({ spec }: ReadySource, { body, headers }: IncomingRequest): ReadBody =>
    readBody(body, headers['content-type'], spec.parseFields);

  /** A refused delivery is kept with the start of its body, which shows the operator what the sender sends. */
  async function storeRefused(exchange: Exchange, refusal: Refusal): Promise<string> {
    if (refusal.keepsBody !== false && exchange.delivery.body.length === 0) {
      const { start, sizeBytes } = await receiveStart(exchange.req, exchange.budget, limits.keptBodyWaitMs);
      exchange.delivery.body = start;
      exchange.bodyBytes = Math.max(sizeBytes, exchange.bodyBytes ?? 0);
    }
    return store.refuse(exchange, refusal);
  }

  const ownAnswer = ({ source }: Exchange, { status, code }: Refusal): DirectAnswer | null =>
    source?.prepared?.answer?.({ kind: 'refused', status, code }) ?? null;

  /** The source that an address names, and the beginning of what will be stored of the request. */
  function draft(head: RequestHead, target: Target, remoteAddress: string, nowMs: number) {
    const source = registry.get(target.slug);
    const delivery = draftDelivery(head, {
      source: source?.spec.slug ?? null,
      masking: source?.prepared?.masking,
      remoteAddress,
      nowMs,
      maxHeaders: limits.maxHeaders,
    });
    return { source, delivery };
  }

  function open(req: IncomingMessage, res: ServerResponse): Exchange {
    const arrivedMs = performance.now();
    const nowMs = Date.now();
    const target = readTarget(req.url ?? '');
    const { proxies, hosts, settings } = deps.policy();
    const peer = req.socket.remoteAddress ?? '';
    const forwardedFor = req.headers['x-forwarded-for'];
    const client = proxies.findClient(peer, Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor);
    const { source, delivery } = draft(req, target, client, nowMs);
    return {
      req,
      res,
      target,
      source,
      delivery,
      bodyBytes: undefined,
      budget: budgets.open(knownSenders.has(client, nowMs)),
      hostProblem: proxies.isTrusted(peer) ? null : hosts.check(req.headers.host),
      peer,
      publicUrl: settings.publicUrl,
      arrivedMs,
    };
  }

  return {
    /** `problem` is what was already found wrong with the request, which is then only kept and answered. */
    async handle(req: IncomingMessage, res: ServerResponse, problem: Refusal | null): Promise<void> {
      const exchange = open(req, res);
      const { hostProblem, delivery, budget, arrivedMs } = exchange;
      const answer = (
        outcome: Exclude<Outcome, { kind: 'gone' }>,
        deliveryId: string | null,
        own: DirectAnswer | null = null,
      ): void => {
        const status = answerOutcome(res, outcome, deliveryId, own);
        metrics?.answered(delivery.source, status, performance.now() - arrivedMs);
      };
      try {
        // A Host header that is not a host is wrong for every source.
        const refusal = problem ?? (hostProblem?.status === 400 ? hostProblem : null);
        const outcome = refusal === null ? await deliver(exchange) : refused(refusal);
        if (outcome.kind === 'gone') return;
        const own = outcome.kind === 'refused' ? ownAnswer(exchange, outcome.refusal) : null;
        const deliveryId =
          outcome.kind === 'refused'
            ? await storeRefused(exchange, { ...outcome.refusal, status: own?.status ?? outcome.refusal.status })
            : null;
        if (outcome.kind === 'direct') store.keepTried(exchange, outcome.answer);
        if (deps.isClosing()) res.shouldKeepAlive = false;
        answer(outcome, deliveryId, own);
      } catch (error) {
        log.error({ err: error, source: delivery.source }, 'a delivery failed inside the receiver');
        answer(refused(internalError), null);
      } finally {
        budget.release();
      }
    },

    /** Gives the headers that the answer is to have. */
    keepUnparsed({ head, body, refusal }: UnparsedRequest, socket: Socket): Record<string, string> {
      const client = deps.policy().proxies.findClient(socket.remoteAddress ?? '', undefined);
      const { source, delivery } = draft(head, readTarget(head.url), client, Date.now());
      delivery.body = body.subarray(0, keptBytes);
      const deliveryId = store.refuse({ source, delivery, bodyBytes: body.length }, refusal);
      metrics?.answered(delivery.source, refusal.status, 0);
      return { [deliveryHeader]: deliveryId };
    },
  };
}
