import type { z } from 'zod';
import type { Json, SecretRef } from '../../shared/contract/common.ts';
import type { DeliveryNote } from '../../shared/contract/deliveries.ts';
import type { Verification } from '../../shared/contract/events.ts';
import type { ResponseSpec } from '../../shared/contract/source-answers.ts';
import type { PresetInfo, SourceSpec } from '../../shared/contract/sources.ts';
import type { WrittenDecision } from '../intake/enrich.ts';
import type { DeliveryDraft, EventDraft } from '../intake/intake-types.ts';

/** A test delivery of our own, to be given headers that its source accepts. */
export interface SignRequest {
  body: Buffer;
  contentType: string;
  nowMs: number;
  /** POST when absent. */
  method?: string;
  /** To which it will be sent. */
  url?: string;
}

/** A request as a source sees it: raw bytes after inflation, headers in lower case, the first of repeated ones. */
export interface IncomingRequest {
  method: string;
  /** What follows the slug, e.g. `/listen.php`; empty when nothing does. */
  subpath: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** Of headers that came with several values all of them, joined by `, `: a signature may, while its secret is rotated. */
  repeatedHeaders?: Readonly<Record<string, string>> | undefined;
  body: Buffer;
  remoteAddress: string;
  receivedAtMs: number;
  /** Path and query as sent. */
  target?: string | undefined;
  /** That senders reach this receiver by, as the settings have it; empty when they do not. */
  publicUrl?: string | undefined;
}

/** A file of a multipart form. Its content stays in the raw delivery alone. */
export type FormFile = { filename: string; contentType: string; sizeBytes: number };
/**
 * Values are text, JSON (where the part or the source's `parseFields` says so) or files. A name sent once gives its
 * value, sent several times the list of them, in order.
 */
export type FormFields = { [name: string]: Json };

/** What was repaired or assumed to read something; absent or empty when it was as it should be. */
interface Noted {
  notes?: readonly DeliveryNote[] | undefined;
}

/**
 * The body, read once for the source by its content type. `problem` says why it could not be: a preset answers it
 * with `ok: false`, unless it reads `request.body` itself. The receiver keeps the notes, whatever the preset does.
 */
export type ReadBody = Noted & BodyContent;

type BodyContent =
  /** `text` is what `value` was parsed from. */
  | { kind: 'json'; value: Json; text: string }
  | { kind: 'form'; fields: FormFields }
  | { kind: 'text'; text: string }
  | { kind: 'none' }
  | { kind: 'problem'; message: string };

export type Verified = { ok: true; verification: Verification } | { ok: false; code: string; message: string };

export type ReadEvents =
  | (Noted & { ok: true; events: EventDraft[] })
  /** Becomes 422 with this message, or 415 for a format that the source does not read at all. */
  | (Noted & { ok: false; code: string; message: string; status?: 415 | 422 });

/** An answer of the sender's own protocol (a challenge, say) that is no event. */
export interface DirectAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** For the operator, who sees it among the deliveries: what was asked and answered. Absent: it is kept nowhere. */
  tried?: string;
}

/** The answer to an accepted delivery; without a body of its own, Signalbox's JSON. Header names in lower case. */
export interface WrittenResponse {
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** An accepted delivery as the answer to it may name it. */
export interface AnsweredDelivery {
  deliveryId: string;
  eventIds: readonly string[];
}

/** What an answer in the sender's own words is wanted for. */
export type AnswerCase = { kind: 'accepted'; ignored: boolean } | { kind: 'refused'; status: number; code: string };

/** Reads a secret at use, so that a rotated file or variable counts at once. Throws AppError when it cannot. */
export type ReadSecret = (ref: SecretRef) => string;

/** What is stored of a request beyond the general rules of `sensitive-names.ts`. Names in lower case. */
export interface Masking {
  /** Headers that carry the secret itself. */
  clearHeaders: readonly string[];
  /** Query parameters that carry the secret itself. */
  clearQuery: readonly string[];
  /** Headers that are kept although their name looks secret: a signature gives nothing away and verifies again later. */
  keepHeaders: readonly string[];
}

export interface DecisionContext {
  nowMs: number;
  event: EventDraft;
  signToken: SignToken;
}

/** Gives a JWT of these claims and of `iss` and `iat`, signed with this installation's key. */
export type SignToken = (claims: { [name: string]: Json }) => Promise<string>;

/** A source with its settings applied: made once at start and after each change, used for every delivery. */
export interface PreparedSource {
  /** True: deliveries are accepted without any proof of their sender. */
  isOpen: boolean;
  /** Codes of `verify` that follow from the request line and the headers alone. */
  codesWithoutBody: readonly string[];
  verify(request: IncomingRequest): Verified | Promise<Verified>;
  read(request: IncomingRequest, body: ReadBody): ReadEvents;
  /**
   * Before verification: protocol handshakes. Null: an ordinary delivery. Also asked, with an empty body, about
   * methods that the source does not take deliveries by (OPTIONS, a GET with a challenge).
   */
  handshake?(request: IncomingRequest, body: ReadBody): DirectAnswer | null | Promise<DirectAnswer | null>;
  /** Headers and body that this source would accept, for test deliveries; null when it cannot sign them itself. */
  sign?(request: SignRequest): Record<string, string> | null;
  /** The answer to an accepted delivery; without, Signalbox's JSON. */
  respond?(request: IncomingRequest, body: ReadBody, delivery: AnsweredDelivery): WrittenResponse;
  /** The answer where no job decides it; null: Signalbox's own. */
  answer?(answered: AnswerCase): DirectAnswer | null;
  /** Also how a command that failed is answered, whose outcome is its output; else the listener's fallback is. */
  enrichesFailures?: boolean;
  /** Beside the content type of an answer that a job decided. */
  decidedHeaders?: Readonly<Record<string, string>>;
  /** How a job's decision is answered; without, it is sent as it is, as JSON. */
  enrich?(decision: Json, context: DecisionContext): WrittenDecision | Promise<WrittenDecision>;
  /** What keeps it from verifying just now, such as a secret that cannot be read; null when nothing does. */
  problem?(): string | null;
  /** `WWW-Authenticate` of its 401 (RFC 9110 section 15.5.2 wants one). */
  challenge?: string;
  masking?: Masking;
  /** Last word on what is stored of a delivery, for secrets inside the path or the body: changes the draft in place. */
  redact?(delivery: DeliveryDraft): void;
}

/** One file in this folder. `event` and `verify` are the preset's own settings in a source's definition. */
export interface Preset {
  info: Omit<PresetInfo, 'maxBodyBytes'>;
  /** Largest body where the source sets no limit of its own, for senders of more than the receiver's usual 1 MiB. */
  maxBodyBytes?: number | undefined;
  /** The answer to an accepted delivery, for senders that read it or would show ours to a person. */
  response?: ResponseSpec | undefined;
  eventSchema: z.ZodType;
  verifySchema: z.ZodType;
  /** Settings are already valid. May throw AppError for what only shows here, such as a JSONPath that does not parse. */
  prepare(spec: SourceSpec, readSecret: ReadSecret): PreparedSource;
}
