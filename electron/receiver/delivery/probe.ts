import type { DirectAnswer, IncomingRequest, PreparedSource } from '../../sources/source-types.ts';

/** What a body would announce itself by. */
const hasBody = ({ headers }: IncomingRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * GET and HEAD by which a sender, a monitor or a person tries whether the address is there. One that carries data, in a
 * body or the query, is none: answered 200, its sender would take it for delivered.
 */
export function answerProbe(prepared: PreparedSource, request: IncomingRequest): DirectAnswer | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  // Its senders know what they are answered to a method that is not taken.
  if (prepared.answer !== undefined) return null;
  const isOurs = (name: string): boolean => prepared.masking?.clearQuery.includes(name) === true;
  if (hasBody(request) || [...request.query.keys()].some((name) => !isOurs(name))) return null;
  return { status: 200, body: '', tried: `The address was tried with ${request.method}, and answered 200.` };
}
