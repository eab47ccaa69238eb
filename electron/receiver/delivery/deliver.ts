import type { Logger } from 'pino';
import { AppError } from '../../../shared/contract/errors.ts';
import { maxJsonDepth } from '../../../shared/contract/json-value.ts';
import { addNotes } from '../../intake/delivery-notes.ts';
import type { Enricher } from '../../intake/enrich.ts';
import type { EventDraft, Intake } from '../../intake/intake-types.ts';
import { readQuery } from '../../sources/form-fields.ts';
import { isDeeperThan } from '../../sources/json-text.ts';
import { readBody } from '../../sources/read-body.ts';
import type { RegisteredSource, SourceRegistry } from '../../sources/source-registry.ts';
import type {
  IncomingRequest,
  PreparedSource,
  Preset,
  ReadBody,
  SignToken,
  Verified,
} from '../../sources/source-types.ts';
import { isFromPage } from '../admit/browser-check.ts';
import { createLoad } from '../admit/load.ts';
import type { Refusal } from '../answer/answer.ts';
import {
  fromPage,
  lengthRequired,
  methodNotAllowed,
  misconfigured,
  notReady,
  sourceNotFound,
  unreadable,
  unverified,
} from '../answer/refusals.ts';
import { isLengthMissing, keptBytes, receiveBody } from '../body/receive-body.ts';
import type { ReceiverLimits } from '../limits.ts';
import { type ReadHeaders, readHeaders } from '../request/read-headers.ts';
import { draftDelivery, type RequestHead } from '../request/request-record.ts';
import type { Target } from '../request/target.ts';
import type { Exchange, Outcome } from './exchange.ts';
import { createStoreDelivery } from './store-delivery.ts';

export interface DeliverParts {
  registry: Pick<SourceRegistry, 'get' | 'isUnreadable'>;
  intake: Pick<Intake, 'accept' | 'pressure'>;
  enricher: Enricher | undefined;
  signToken: SignToken | undefined;
  isReady(): boolean;
  limits: ReceiverLimits;
  log: Logger;
}

const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

const noBody = Buffer.alloc(0);

/** JSON was measured when it was parsed; what was read out of a form's fields, say, has not been. */
function checkDepth(events: readonly EventDraft[], body: ReadBody): Outcome | null {
  for (const event of events) {
    const isMeasured = body.kind === 'json' && event.payload === body.value;
    if ((!isMeasured && isDeeperThan(event.payload, maxJsonDepth)) || isDeeperThan(event.context, maxJsonDepth)) {
      return refused(unreadable('too_deep', `the event is nested more than ${maxJsonDepth} levels deep`));
    }
  }
  return null;
}

/** A signature may be sent twice while its secret is rotated: all of them are looked at, and nothing was dropped. */
function noteDropped({ delivery }: Exchange, { droppedFrom }: ReadHeaders, { masking }: PreparedSource): void {
  const names = droppedFrom?.filter((name) => masking?.keepHeaders.includes(name) !== true);
  addNotes(
    delivery,
    names?.map((name) => ({
      code: 'header_repeated',
      message: `The header ${name} came more than once with different values. The first one counts.`,
    })),
  );
}

function explainVerifyError(error: unknown): Refusal {
  if (error instanceof AppError) return misconfigured(error.message);
  throw error;
}

/** A promise only where the scheme gives one: the usual delivery waits for nothing before the disk. */
function verify(prepared: PreparedSource, request: IncomingRequest): Verified | Refusal | Promise<Verified | Refusal> {
  try {
    const verifying = prepared.verify(request);
    return verifying instanceof Promise ? verifying.catch(explainVerifyError) : verifying;
  } catch (error) {
    return explainVerifyError(error);
  }
}

/** The way of one delivery, in order; nothing is answered here. */
export function createDeliver({ registry, intake, enricher, signToken, isReady, limits, log }: DeliverParts) {
  const load = createLoad(intake.pressure, limits);
  const store = createStoreDelivery({ intake, enricher, signToken, log });

  /** Before the body is received where no proof is asked for, else once there was one. */
  function checkSender(exchange: Exchange, source: RegisteredSource, request: IncomingRequest, isProven: boolean) {
    if (isProven) exchange.noteVerified();
    // Whoever opens a page can be made to send it here, under a name of the page's own too; but it knows no secret.
    else if (exchange.hostProblem !== null) return exchange.hostProblem;
    else if (isFromPage(request.headers)) return fromPage;
    return load.checkRate(source, request.receivedAtMs);
  }

  /** What the headers alone say against a delivery: asked while a flood of unverified ones makes each body too much. */
  async function checkUnread(prepared: PreparedSource, request: IncomingRequest): Promise<Refusal | null> {
    if (prepared.codesWithoutBody.length === 0) return null;
    const verified = await verify(prepared, request);
    if ('status' in verified) return verified;
    if (verified.ok || !prepared.codesWithoutBody.includes(verified.code)) return null;
    return { ...unverified(verified, prepared.challenge), keepsBody: false };
  }

  async function take(
    exchange: Exchange,
    source: RegisteredSource,
    preset: Preset,
    prepared: PreparedSource,
  ): Promise<Outcome> {
    const { req, res, target, delivery, budget } = exchange;
    const { slug } = source.spec;
    const nowMs = delivery.receivedAtMs;
    const { query, notes } = readQuery(target.query);
    const sent = readHeaders(req.rawHeaders);
    const request: IncomingRequest = {
      method: delivery.method,
      subpath: target.subpath,
      query,
      headers: sent.headers,
      repeatedHeaders: sent.repeated,
      body: noBody,
      remoteAddress: delivery.remoteAddress,
      receivedAtMs: nowMs,
    };
    if (sent.droppedFrom !== undefined) noteDropped(exchange, sent, prepared);
    const methods = source.spec.methods ?? preset.info.defaults.methods;
    if (!methods.some((method) => method === request.method)) {
      const answer = (await prepared.handshake?.(request, { kind: 'none' })) ?? null;
      return answer === null ? refused(methodNotAllowed(request.method, methods)) : { kind: 'direct', answer };
    }
    if (prepared.isOpen) {
      const refusal = checkSender(exchange, source, request, false);
      if (refusal !== null) return refused(refusal);
    } else if (load.isFlooded(slug, nowMs)) {
      const refusal = await checkUnread(prepared, request);
      if (refusal !== null) {
        load.noteUnverified(slug, nowMs);
        return refused(refusal);
      }
    }
    const stray = isLengthMissing(req) ? await exchange.strayBytes() : null;
    if (stray !== null) {
      delivery.body = stray.subarray(0, keptBytes);
      exchange.bodyBytes = stray.length;
      return refused(lengthRequired);
    }
    const maxBytes = source.spec.maxBodyBytes ?? preset.maxBodyBytes ?? limits.maxBodyBytes;
    const received = await receiveBody(req, res, maxBytes, budget);
    if (received.kind === 'gone') return received;
    if (received.kind === 'refused') {
      delivery.body = received.start;
      exchange.bodyBytes = received.sizeBytes;
      return refused(received.refusal);
    }
    request.body = received.bytes;
    delivery.body = received.bytes;
    addNotes(delivery, received.notes);

    const contentType = request.headers['content-type'];
    delivery.contentType = contentType ?? null;
    // Read before verification only where a handshake may be inside; strangers' bodies are not parsed otherwise.
    const parse = (): ReadBody => readBody(request.body, contentType, source.spec.parseFields);
    let body = prepared.handshake === undefined ? null : parse();
    if (body !== null) {
      const answer = (await prepared.handshake?.(request, body)) ?? null;
      if (answer !== null) return { kind: 'direct', answer };
    }
    const verifying = verify(prepared, request);
    const verified = verifying instanceof Promise ? await verifying : verifying;
    if ('status' in verified) return refused(verified);
    if (!verified.ok) {
      load.noteUnverified(slug, nowMs);
      return refused(unverified(verified, prepared.challenge));
    }
    if (!prepared.isOpen) {
      const refusal = checkSender(exchange, source, request, verified.verification.state !== 'none');
      if (refusal !== null) return refused(refusal);
    }
    body ??= parse();
    addNotes(delivery, notes);
    addNotes(delivery, body.notes);
    const read = prepared.read(request, body);
    addNotes(delivery, read.notes);
    if (!read.ok) return refused(unreadable(read.code, read.message, read.status));
    for (const event of read.events) addNotes(delivery, event.notes);
    return checkDepth(read.events, body) ?? store(exchange, source, preset, read.events, verified, body);
  }

  return {
    /** Never rejects on account of the sender. */
    deliver(exchange: Exchange, source: RegisteredSource | null): Outcome | Promise<Outcome> {
      if (!isReady()) return refused(notReady);
      const { prepared = null, preset = null } = source ?? {};
      const isOpen = prepared?.isOpen ?? true;
      if (isOpen && exchange.hostProblem !== null) return refused(exchange.hostProblem);
      // Not 404, after which many senders give up: the source is there, and damaged.
      if (source === null && registry.isUnreadable(exchange.target.slug)) {
        return refused(misconfigured('its definition is damaged in the store'));
      }
      if (source === null || source.spec.enabled === false) return refused(sourceNotFound(source !== null));
      const overload = load.checkQueue(isOpen);
      if (overload !== null) return refused(overload);
      if (prepared === null || preset === null) {
        return refused(misconfigured(source.problem ?? 'its settings are not valid'));
      }
      return take(exchange, source, preset, prepared);
    },

    /** The source that an address names, and the beginning of what will be stored of the request. */
    open(head: RequestHead, target: Target, remoteAddress: string, nowMs: number) {
      const source = registry.get(target.slug);
      const delivery = draftDelivery(head, {
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
