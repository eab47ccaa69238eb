import type { Logger } from 'pino';
import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { type Enricher, unansweredStatus, type WrittenDecision } from '../../intake/enrich.ts';
import type { Accepted, EventDraft } from '../../intake/intake-types.ts';
import type { SignToken } from '../../sources/source-types.ts';
import type { Exchange, Outcome, ReadySource } from './exchange.ts';

export interface DecideDeps {
  enricher: Enricher | undefined;
  signToken: SignToken | undefined;
  log: Logger;
}

const noKey: SignToken = () => {
  throw new AppError('unavailable', 'no signing key for answers');
};

/** The answer that a job decides, for a stored delivery that asks for one; null when the usual answer is to be given. */
export function createDecide({ enricher, signToken = noKey, log }: DecideDeps) {
  return async function decide(
    { arrivedMs }: Exchange,
    { spec, prepared }: ReadySource,
    events: readonly EventDraft[],
    { asks, deliveryId, eventIds }: Accepted,
  ): Promise<Outcome | null> {
    const event = asks === null ? undefined : events[eventIds.indexOf(asks.eventId)];
    if (enricher === undefined || asks === null || event === undefined) return null;
    const write = (decision: Json): WrittenDecision | Promise<WrittenDecision> =>
      prepared.enrich?.(decision, { nowMs: Date.now(), event, signToken }) ?? {
        ok: true,
        status: 200,
        contentType: 'application/json; charset=utf-8',
        body: stringifyExact(decision),
      };
    try {
      const answer = await enricher.answer({
        ask: asks,
        deliveryId,
        arrivedMs,
        write,
        takesFailures: prepared.enrichesFailures === true,
      });
      return answer === null ? null : { kind: 'decided', deliveryId, answer, headers: prepared.decidedHeaders ?? {} };
    } catch (error) {
      log.error(
        { err: error, source: spec.slug, delivery: deliveryId },
        'a decision could not be answered; answered 503',
      );
      return {
        kind: 'undecided',
        deliveryId,
        refusal: {
          status: unansweredStatus,
          code: 'answer_unavailable',
          message: errorText(error),
          toSender: { code: 'answer_unavailable', message: 'the decision could not be given; try again later' },
          retryAfterSeconds: 5,
        },
      };
    }
  };
}
