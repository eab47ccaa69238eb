import type { ServerResponse } from 'node:http';
import type { DirectAnswer } from '../../sources/source-types.ts';
import { answerJson, answerRefusal, answerText, deliveryHeader } from '../answer/answer.ts';
import type { Outcome } from './exchange.ts';

const decidedHeaders = { 'cache-control': 'no-store' };

/** Gives the status; `deliveryId` names what was kept of a refused delivery, `ownAnswer` is the source's to it. */
export function answerOutcome(
  res: ServerResponse,
  outcome: Exclude<Outcome, { kind: 'gone' }>,
  deliveryId: string | null,
  ownAnswer: DirectAnswer | null = null,
): number {
  switch (outcome.kind) {
    case 'accepted': {
      const { eventIds, duplicate } = outcome.accepted;
      const { response } = outcome;
      const headers = { ...response?.headers, [deliveryHeader]: outcome.accepted.deliveryId };
      if (typeof response?.body === 'string') answerText(res, outcome.status, response.body, headers);
      else answerJson(res, outcome.status, JSON.stringify({ accepted: true, events: eventIds, duplicate }), headers);
      return outcome.status;
    }
    case 'decided': {
      const { status, contentType, body } = outcome.answer;
      const headers = {
        ...decidedHeaders,
        'content-type': contentType,
        ...outcome.headers,
        [deliveryHeader]: outcome.deliveryId,
      };
      answerText(res, status, body, headers);
      return status;
    }
    case 'direct':
      answerText(res, outcome.answer.status, outcome.answer.body, outcome.answer.headers ?? {});
      return outcome.answer.status;
    case 'answered':
      answerText(res, outcome.answer.status, outcome.answer.body, {
        ...outcome.answer.headers,
        [deliveryHeader]: outcome.deliveryId,
      });
      return outcome.answer.status;
    case 'undecided':
      answerRefusal(res, outcome.refusal, outcome.deliveryId);
      return outcome.refusal.status;
    case 'refused': {
      if (ownAnswer === null) {
        answerRefusal(res, outcome.refusal, deliveryId);
        return outcome.refusal.status;
      }
      const named: Record<string, string> = deliveryId === null ? {} : { [deliveryHeader]: deliveryId };
      const headers = { ...outcome.refusal.headers, ...ownAnswer.headers, ...named };
      answerText(res, ownAnswer.status, ownAnswer.body, headers);
      return ownAnswer.status;
    }
  }
}
