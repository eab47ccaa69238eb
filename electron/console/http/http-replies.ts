import type { ServerResponse } from 'node:http';
import type { ErrorCode, WireError } from '../../../shared/contract/errors.ts';
import type { Reply } from '../../../shared/contract/reply.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

const statusOf: Record<ErrorCode, number> = {
  invalid_input: 400,
  invalid_query: 400,
  invalid_conditions: 400,
  invalid_config: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_call: 404,
  conflict: 409,
  stale_version: 409,
  owned_by_config: 409,
  in_use: 409,
  wrong_state: 409,
  too_large: 413,
  too_many_attempts: 429,
  internal: 500,
  unavailable: 503,
};

export function sendJson(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.statusCode = status;
  response.end(text);
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  sendJson(response, reply.ok ? 200 : statusOf[reply.error.code], stringifyExact(reply));
}

/** What the console's own client reads has the reply's shape; all else is `{error}`. Never more than code and sentence. */
export function sendError(
  path: string,
  response: ServerResponse,
  error: WireError,
  status = statusOf[error.code],
): void {
  const isForClient = path.startsWith('/api/') || path.startsWith('/session');
  const body = isForClient ? { ok: false, error } : { error: { code: error.code, message: error.message } };
  sendJson(response, status, JSON.stringify(body));
}
