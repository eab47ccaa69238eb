import type { Intake } from '../../intake/intake-types.ts';
import type { SourceRegistry } from '../../sources/source-registry.ts';
import type { IncomingRequest } from '../../sources/source-types.ts';
import { isFromPage } from '../admit/browser-check.ts';
import type { KnownSenders } from '../admit/known-senders.ts';
import { createLoad } from '../admit/load.ts';
import type { Refusal } from '../answer/answer.ts';
import { fromPage, methodNotAllowed, misconfigured, notReady, sourceNotFound, unverified } from '../answer/refusals.ts';
import type { ReceiverLimits } from '../limits.ts';
import { type Exchange, isReadySource, type Outcome, type ReadySource, refused } from './exchange.ts';
import { answerProbe } from './probe.ts';
import { askHandshake, verifyDelivery } from './verify-delivery.ts';

export interface AdmissionDeps {
  registry: Pick<SourceRegistry, 'isUnreadable'>;
  pressure: Intake['pressure'];
  knownSenders: KnownSenders;
  isReady(): boolean;
  limits: ReceiverLimits;
}

/** What can be said against a delivery before its body is received, and against its sender. */
export function createAdmission({ registry, pressure, knownSenders, isReady, limits }: AdmissionDeps) {
  const load = createLoad(pressure, limits);

  /** Before the body is received where no proof is asked for, else once there was one. */
  function checkSender(exchange: Exchange, source: ReadySource, request: IncomingRequest, isProven: boolean) {
    if (isProven) {
      knownSenders.note(request.remoteAddress, request.receivedAtMs);
      if (exchange.peer !== request.remoteAddress) knownSenders.note(exchange.peer, request.receivedAtMs);
    }
    // Whoever opens a page can be made to send it here, under a name of the page's own too; but it knows no secret.
    else if (exchange.hostProblem !== null) return exchange.hostProblem;
    else if (isFromPage(request.headers)) return fromPage;
    return load.checkRate(source, request.receivedAtMs);
  }

  /** A handshake may come by another method than deliveries do, and a probe does. */
  async function answerOtherMethod(
    { prepared }: ReadySource,
    request: IncomingRequest,
    methods: readonly string[],
  ): Promise<Outcome> {
    const answer = (await askHandshake(prepared, request, { kind: 'none' })) ?? answerProbe(prepared, request);
    if (answer === null) return refused(methodNotAllowed(request.method, methods));
    return 'code' in answer ? refused(answer) : { kind: 'direct', answer };
  }

  /** What the headers alone say against a delivery, while a flood of unverified ones makes receiving each too much. */
  async function checkUnread({ spec, prepared }: ReadySource, request: IncomingRequest): Promise<Outcome | null> {
    if (prepared.codesWithoutBody.length === 0) return null;
    const verified = await verifyDelivery(prepared, request);
    const isUnreadable = 'status' in verified;
    if (!isUnreadable && (verified.ok || !prepared.codesWithoutBody.includes(verified.code))) return null;
    load.noteUnverified(spec.slug, request.receivedAtMs);
    return refused(isUnreadable ? verified : { ...unverified(verified, prepared.challenge), keepsBody: false });
  }

  return {
    checkSender,
    noteUnverified: load.noteUnverified,

    /** The source, as long as it can accept anything right now. */
    admitSource({ source, target, hostProblem }: Exchange): ReadySource | Refusal {
      if (!isReady()) return notReady;
      const isOpen = source?.prepared?.isOpen ?? true;
      if (isOpen && hostProblem !== null) return hostProblem;
      // Not 404, after which many senders give up: the source is there, and damaged.
      if (source === null && registry.isUnreadable(target.slug)) {
        return misconfigured('its definition is damaged in the store');
      }
      if (source === null || source.spec.enabled === false) return sourceNotFound(source !== null);
      const overload = load.checkQueue(isOpen);
      if (overload !== null) return overload;
      return isReadySource(source) ? source : misconfigured(source.problem ?? 'its settings are not valid');
    },

    /** Null: the body is wanted. A promise only where something has to be asked. */
    admitRequest(
      exchange: Exchange,
      source: ReadySource,
      request: IncomingRequest,
    ): Outcome | null | Promise<Outcome | null> {
      const methods = source.spec.methods ?? source.preset.info.defaults.methods;
      if (!methods.some((method) => method === request.method)) return answerOtherMethod(source, request, methods);
      if (source.prepared.isOpen) {
        const refusal = checkSender(exchange, source, request, false);
        return refusal === null ? null : refused(refusal);
      }
      return load.isFlooded(source.spec.slug, request.receivedAtMs) ? checkUnread(source, request) : null;
    },
  };
}
