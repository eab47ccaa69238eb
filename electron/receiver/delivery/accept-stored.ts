import { AppError } from '../../../shared/contract/errors.ts';
import { addNotes } from '../../intake/delivery-notes.ts';
import type { Accepted, DeliveryDraft, Intake } from '../../intake/intake-types.ts';
import { readQuery } from '../../sources/body/form-fields.ts';
import { readBody } from '../../sources/body/read-body.ts';
import type { SourceRegistry } from '../../sources/source-registry.ts';
import type { IncomingRequest } from '../../sources/source-types.ts';
import { readHeaders } from '../request/read-headers.ts';
import { readTarget, targetPattern } from '../request/target.ts';
import { isReadySource } from './exchange.ts';
import { readEvents } from './read-events.ts';
import { verifyDelivery } from './verify-delivery.ts';

/** A refused delivery as it was kept. */
export interface StoredDelivery {
  id: string;
  receivedAtMs: number;
  method: string;
  url: string;
  remoteAddress: string;
  contentType: string | null;
  headers: [string, string][];
  body: Buffer;
  /** Of the body as received. */
  bodyBytes: number;
}

export interface AcceptStoredDeps {
  registry: Pick<SourceRegistry, 'get'>;
  intake: Pick<Intake, 'accept'>;
  publicUrl(): string;
  nowMs(): number;
}

const wrongState = (message: string): AppError => new AppError('wrong_state', message);

/**
 * Verifies and reads a refused delivery again, with the source as it is now, and stores what it holds as a delivery of
 * today: nothing of its verification is left out, and its signature may be as old as it was when it came. Throws AppError
 * `wrong_state` with why it is still refused.
 */
export async function acceptStored(stored: StoredDelivery, deps: AcceptStoredDeps): Promise<Accepted> {
  const { id, method, url, remoteAddress, contentType, body } = stored;
  if (body.length < stored.bodyBytes) {
    throw wrongState(
      `Only ${body.length} of ${stored.bodyBytes} bytes of the delivery ${id} were kept; ask the sender to send it again.`,
    );
  }
  const target = targetPattern.test(url) ? readTarget(url) : null;
  const source = target === null ? null : deps.registry.get(target.slug);
  if (target === null || source === null) {
    throw wrongState(`No source has the address ${url}; create it to accept the delivery ${id}.`);
  }
  if (!isReadySource(source))
    throw wrongState(`The source ${source.spec.slug} does not work; correct its settings first.`);
  const { spec, preset, prepared } = source;
  const { query, notes } = readQuery(target.query);
  const { headers, repeated } = readHeaders(stored.headers.flat());
  const request: IncomingRequest = {
    method,
    subpath: target.subpath,
    query,
    headers,
    repeatedHeaders: repeated,
    body,
    remoteAddress,
    // What a signature says of its time is compared with when it came.
    receivedAtMs: stored.receivedAtMs,
    target: url,
    publicUrl: deps.publicUrl(),
  };
  const verified = await verifyDelivery(prepared, request);
  if ('status' in verified) throw wrongState(`Still refused: ${verified.message}.`);
  if (!verified.ok) throw wrongState(`Still refused: ${verified.message}.${maskedHint(stored)}`);

  const delivery: DeliveryDraft & { source: string } = {
    source: spec.slug,
    receivedAtMs: deps.nowMs(),
    method,
    url,
    remoteAddress,
    contentType,
    headers: stored.headers,
    body,
  };
  const read = readBody(body, headers['content-type'], spec.parseFields);
  addNotes(delivery, notes);
  const events = readEvents(delivery, prepared, request, read);
  if ('status' in events) throw wrongState(`Still refused: ${events.message}.`);
  const receivedAt = new Date(stored.receivedAtMs).toISOString();
  addNotes(delivery, [
    { code: 'accepted_later', message: `Received at ${receivedAt} and refused then (${id}); accepted by an operator.` },
  ]);
  prepared.redact?.(delivery);
  return deps.intake.accept({
    delivery,
    system: preset.info.system,
    verification: verified.verification,
    events,
    document: delivery.body === body && read.kind === 'json' ? read : undefined,
    status: spec.answerStatus ?? preset.info.defaults.answerStatus,
  });
}

/** Secrets that were sent in clear are not stored, so that they cannot be compared again. */
const maskedHint = ({ headers, url }: StoredDelivery): string =>
  headers.some(([, value]) => value.includes('***')) || url.includes('***')
    ? ' A secret that it was sent with is masked in the store; ask the sender to send it again.'
    : '';
