import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Intake } from '../../intake/intake-types.ts';
import type { RegisteredSource } from '../../sources/source-registry.ts';
import type { KnownSenders } from '../admit/known-senders.ts';
import type { Policy } from '../admit/policy.ts';
import { deliveryHeader, type Refusal } from '../answer/answer.ts';
import type { BodyBudgets } from '../body/body-budget.ts';
import { receiveStart } from '../body/body-start.ts';
import { keptBytes } from '../body/receive-body.ts';
import type { ReceiverLimits } from '../limits.ts';
import { readTarget } from '../request/target.ts';
import type { UnparsedRequest } from '../request/unparsed-request.ts';
import { answerOutcome } from './answer-outcome.ts';
import type { createDeliver } from './deliver.ts';
import type { Exchange, Outcome } from './exchange.ts';

export interface ReceiverMetrics {
  /** Each answered request to `/in/…`; `source` is null when the address named none. */
  answered(source: string | null, status: number, durationMs: number): void;
}

export interface HandleParts extends ReturnType<typeof createDeliver> {
  intake: Pick<Intake, 'refuse'>;
  budgets: BodyBudgets;
  knownSenders: KnownSenders;
  limits: ReceiverLimits;
  log: Logger;
  metrics: ReceiverMetrics | undefined;
  policy(): Policy;
  isClosing(): boolean;
  strayBytes(req: IncomingMessage, waitMs: number): Promise<Buffer | null>;
}

const internalError: Refusal = {
  status: 500,
  code: 'internal',
  message: 'this delivery could not be handled; the log of the receiver says why',
};

/** From a request to its answer: what is taken is stored by then, what is refused is kept with the reason. */
export function createDeliveryHandler(parts: HandleParts) {
  const { deliver, open, intake, budgets, knownSenders, limits, log, metrics, strayBytes } = parts;

  function keepRefused(
    source: RegisteredSource | null,
    { delivery, bodyBytes }: Pick<Exchange, 'delivery' | 'bodyBytes'>,
    { status, code, message }: Refusal,
  ): string {
    source?.prepared?.redact?.(delivery);
    const deliveryId = intake.refuse({ delivery, bodyBytes, status, code, message });
    log.debug({ source: delivery.source, status, code, delivery: deliveryId }, 'a delivery was refused');
    return deliveryId;
  }

  async function receiveStartOf(exchange: Exchange, { keepsBody }: Refusal): Promise<void> {
    if (keepsBody === false || exchange.delivery.body.length > 0) return;
    const { start, sizeBytes } = await receiveStart(exchange.req, exchange.budget, limits.keptBodyWaitMs);
    exchange.delivery.body = start;
    exchange.bodyBytes = Math.max(sizeBytes, exchange.bodyBytes ?? 0);
  }

  return {
    /** `problem` is what was already found wrong with the request, which is then only kept and answered. */
    async handle(req: IncomingMessage, res: ServerResponse, problem: Refusal | null): Promise<void> {
      const startedMs = performance.now();
      const target = readTarget(req.url ?? '');
      const { proxies, hosts } = parts.policy();
      const peer = req.socket.remoteAddress ?? '';
      const forwardedFor = req.headers['x-forwarded-for'];
      const client = proxies.findClient(peer, Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor);
      const nowMs = Date.now();
      const { source, delivery } = open(req, target, client, nowMs);
      const exchange: Exchange = {
        req,
        res,
        target,
        delivery,
        budget: budgets.open(knownSenders.has(client, nowMs)),
        hostProblem: null,
        arrivedMs: startedMs,
        noteVerified() {
          knownSenders.note(client, nowMs);
          if (peer !== client) knownSenders.note(peer, nowMs);
        },
        strayBytes: () => strayBytes(req, limits.strayBytesWaitMs),
      };
      try {
        const hostProblem = proxies.isTrusted(peer) ? null : hosts.check(req.headers.host);
        // A Host that is none is wrong whoever is asked for.
        const refusal = problem ?? (hostProblem?.status === 400 ? hostProblem : null);
        exchange.hostProblem = hostProblem;
        const outcome: Outcome = refusal === null ? await deliver(exchange, source) : { kind: 'refused', refusal };
        if (outcome.kind === 'gone') return;
        let deliveryId: string | null = null;
        if (outcome.kind === 'refused') {
          await receiveStartOf(exchange, outcome.refusal);
          deliveryId = keepRefused(source, exchange, outcome.refusal);
        }
        if (parts.isClosing()) res.shouldKeepAlive = false;
        const status = answerOutcome(res, outcome, deliveryId);
        metrics?.answered(delivery.source, status, performance.now() - startedMs);
      } catch (error) {
        log.error({ err: error, source: delivery.source }, 'a delivery failed inside the receiver');
        answerOutcome(res, { kind: 'refused', refusal: internalError }, null);
        metrics?.answered(delivery.source, internalError.status, performance.now() - startedMs);
      } finally {
        exchange.budget.release();
      }
    },

    /** Gives the headers that the answer is to have. */
    keepUnparsed({ head, body, refusal }: UnparsedRequest, socket: Socket): Record<string, string> {
      const client = parts.policy().proxies.findClient(socket.remoteAddress ?? '', undefined);
      const { source, delivery } = open(head, readTarget(head.url), client, Date.now());
      delivery.body = body.subarray(0, keptBytes);
      const deliveryId = keepRefused(source, { delivery, bodyBytes: body.length }, refusal);
      metrics?.answered(delivery.source, refusal.status, 0);
      return { [deliveryHeader]: deliveryId };
    },
  };
}
