import type { ServerResponse } from 'node:http';

/** Why a delivery is turned away. */
export interface Refusal {
  status: number;
  code: string;
  /** For the operator, who sees it beside the stored delivery: what is wrong and what to do. Never holds a secret. */
  message: string;
  /** For the sender, where that must not say as much; the code too is then replaced. */
  toSender?: { code: string; message: string };
  retryAfterSeconds?: number;
  headers?: Record<string, string> | undefined;
  /** False where receiving the start of the body, to keep it for the operator, would only add to the trouble. */
  keepsBody?: false;
}

const always = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export const errorBody = (code: string, message: string): string => JSON.stringify({ error: { code, message } });

function send(res: ServerResponse, status: number, headers: Record<string, string | number>, body: string): void {
  // A 204 and a 205 have no content, whatever a source wants said (RFC 9110 sections 15.3.5 and 15.3.6).
  if (status === 204 || status === 205) {
    delete headers['content-type'];
    res.writeHead(status, headers);
    res.end();
    return;
  }
  headers['content-length'] = Buffer.byteLength(body);
  res.writeHead(status, headers);
  res.end(body);
}

export function answerJson(
  res: ServerResponse,
  status: number,
  body: string,
  headers?: Readonly<Record<string, string>>,
): void {
  if (res.headersSent || res.destroyed) return;
  send(res, status, { ...always, ...headers }, body);
}

/** For an answer in the sender's own protocol. */
export function answerText(
  res: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (res.headersSent || res.destroyed) return;
  send(
    res,
    status,
    { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
    body,
  );
}

export function answerRefusal(res: ServerResponse, refusal: Refusal, deliveryId: string | null): void {
  const { code, message } = refusal.toSender ?? refusal;
  const headers: Record<string, string> = { ...refusal.headers };
  if (refusal.retryAfterSeconds !== undefined) headers['retry-after'] = String(refusal.retryAfterSeconds);
  if (deliveryId !== null) headers[deliveryHeader] = deliveryId;
  answerJson(res, refusal.status, errorBody(code, message), headers);
}

/** Names the stored delivery in every answer, so that sender and operator can speak of the same one. */
export const deliveryHeader = 'signalbox-delivery';
