import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../../../shared/contract/events.ts';
import type { Accepted, DeliveryDraft } from '../../intake/intake-types.ts';
import type { DirectAnswer } from '../../sources/source-types.ts';
import type { Refusal } from '../answer/answer.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import type { Target } from '../request/target.ts';

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
  /** Of the body as sent, where `delivery.body` is only its start. */
  bodyBytes?: number;
  budget: BodyBudget;
  /** Why deliveries without verification are refused: the request is for a host that is not ours. */
  hostProblem: Refusal | null;
  /** By performance.now(). */
  arrivedMs: number;
  /** The delivery proved who sent it. */
  noteVerified(): void;
  /** What follows a request without a length, within a moment; null when nothing does. */
  strayBytes(): Promise<Buffer | null>;
}
