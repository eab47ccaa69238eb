import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../../../shared/contract/events.ts';
import type { Accepted, DeliveryDraft } from '../../intake/intake-types.ts';
import type { RegisteredSource } from '../../sources/source-registry.ts';
import type { DirectAnswer, PreparedSource, Preset, WrittenResponse } from '../../sources/source-types.ts';
import type { Refusal } from '../answer/answer.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import type { Target } from '../request/target.ts';

export type Outcome =
  | { kind: 'accepted'; status: number; accepted: Accepted; response: WrittenResponse | undefined }
  | {
      kind: 'decided';
      deliveryId: string;
      answer: Pick<Answer, 'status' | 'contentType' | 'body'>;
      headers: Readonly<Record<string, string>>;
    }
  | { kind: 'direct'; answer: DirectAnswer }
  /** Stored, and answered in the words of its source. */
  | { kind: 'answered'; deliveryId: string; answer: DirectAnswer }
  /** Stored, but the answer it asks for cannot be given. */
  | { kind: 'undecided'; deliveryId: string; refusal: Refusal }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'gone' };

export const refused = (refusal: Refusal): Extract<Outcome, { kind: 'refused' }> => ({ kind: 'refused', refusal });

/** A request on its way; `delivery` gets its body once that is read, and is what will be stored. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  target: Target;
  /** Null when the address names none. */
  source: RegisteredSource | null;
  delivery: DeliveryDraft;
  /** Of the body as sent, where `delivery.body` is only its start. */
  bodyBytes: number | undefined;
  budget: BodyBudget;
  /** Why deliveries without verification are refused: the request is for a host that is not ours. */
  hostProblem: Refusal | null;
  /** The other end of the connection, perhaps a proxy; the sender's own address is in `delivery`. */
  peer: string;
  /** That senders reach us by; empty when the settings do not say. */
  publicUrl: string;
  /** By performance.now(). */
  arrivedMs: number;
}

/** A source that can accept deliveries. */
export type ReadySource = RegisteredSource & { readonly preset: Preset; readonly prepared: PreparedSource };

export const isReadySource = (source: RegisteredSource): source is ReadySource =>
  source.preset !== null && source.prepared !== null;
