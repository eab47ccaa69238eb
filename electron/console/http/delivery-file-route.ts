import type { Express, Request, Response } from 'express';
import type { Caller } from '../../../shared/contract/access/caller.ts';
import type { Reply } from '../../../shared/contract/reply.ts';
import { sendReply } from './http-replies.ts';

interface DeliveryFileRoute {
  /** Null, and answered, for who may not. */
  identify(request: Request, response: Response): Promise<{ caller: Caller } | null>;
  /** Answers the call `deliveries.readFile`. */
  read(input: unknown, caller: Caller): Promise<Reply>;
}

/** RFC 6266: the name for every client, and once more in UTF-8 for those that know `filename*`. */
const disposition = (name: string): string =>
  `attachment; filename="${name.replace(/[^ -~]|["\\%]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`;

const isFile = (value: unknown): value is { name: string; base64: string } =>
  typeof value === 'object' && value !== null && 'base64' in value && 'name' in value;

/**
 * `GET /api/deliveries/<id>/files/<index>`: a file of a delivery as it was sent. Always an attachment of bytes: what a
 * stranger has sent must neither be shown nor run in the console's own origin, whatever type they gave it.
 */
export function addDeliveryFileRoute(app: Express, { identify, read }: DeliveryFileRoute): void {
  app.get('/api/deliveries/:id/files/:index', async (request: Request, response: Response) => {
    const identity = await identify(request, response);
    if (identity === null) return;
    const { id, index } = request.params;
    const reply = await read({ id, index: Number(index) }, identity.caller);
    if (!reply.ok || !isFile(reply.value)) return sendReply(response, reply);
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Disposition', disposition(reply.value.name));
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    response.setHeader('Cache-Control', 'no-store');
    response.end(Buffer.from(reply.value.base64, 'base64'));
  });
}
