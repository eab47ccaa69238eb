import type { Logger } from 'pino';
import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { type Enricher, unansweredStatus, type WrittenDecision } from '../../intake/enrich.ts';
import type { Accepted, EventDraft, Intake } from '../../intake/intake-types.ts';
import type { RegisteredSource } from '../../sources/source-registry.ts';
import type { Preset, ReadBody, SignToken, Verified } from '../../sources/source-types.ts';
import { notStored } from '../answer/refusals.ts';
import type { Exchange, Outcome } from './exchange.ts';

export interface StoreParts {
  intake: Pick<Intake, 'accept'>;
  enricher: Enricher | undefined;
  signToken: SignToken | undefined;
  log: Logger;
}

const noKey: SignToken = () => {
  throw new AppError('unavailable', 'there is no key to sign answers with');
};

/** The last steps of an accepted delivery: onto the disk, and the answer that a job decides where one is asked for. */
export function createStoreDelivery({ intake, enricher, signToken = noKey, log }: StoreParts) {
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

  return async function store(
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
      return { kind: 'refused', refusal: notStored(error) };
    }
    const decided = await decide(exchange, source, events, accepted);
    return decided ?? { kind: 'accepted', status, accepted, body: preset.acceptedBody };
  };
}
