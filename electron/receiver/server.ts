import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerJson, errorBody } from './answer.ts';
import type { ReceiverLimits } from './limits.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => void;

function rawAnswer(status: number, code: string, message: string): string {
  const body = errorBody(code, message);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n` +
    `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** What the parser's own errors are answered with. */
function parserAnswer(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return rawAnswer(431, 'headers_too_large', 'the headers are too large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return rawAnswer(413, 'body_too_large', 'the chunk extensions of the body are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return rawAnswer(408, 'request_timeout', 'the request did not arrive in time');
    default:
      return rawAnswer(400, 'bad_request', 'this is not a valid HTTP request');
  }
}

/** An HTTP server that bounds what a sender may cost before anything of ours sees the request. */
export function createDoor(limits: ReceiverLimits, listener: Listener): Server {
  /** The last answer on a connection, sent or not. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const take: Listener = (req, res) => {
    answers.set(req.socket, res);
    listener(req, res);
  };

  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Node looks for connections that are over time at this interval, every 30 s unless told.
      connectionsCheckingInterval: Math.max(50, Math.min(2000, limits.headersTimeoutMs / 4)),
      insecureHTTPParser: false,
      // A missing Host is answered by us, in JSON.
      requireHostHeader: false,
    },
    take,
  );
  server.maxConnections = limits.maxConnections;
  // No limit of Node's: it drops the headers beyond it without a word. They are counted in checkFraming.
  server.maxHeadersCount = 0;

  // 100-continue is sent when the body is wanted (body.ts), so that a refused one need not be sent at all.
  server.on('checkContinue', take);
  server.on('checkExpectation', (_req: IncomingMessage, res: ServerResponse) => {
    const body = errorBody('expectation_failed', 'only the expectation 100-continue is known here');
    answerJson(res, 417, body, { connection: 'close' });
  });
  server.on('connect', (_req: IncomingMessage, socket: Duplex) => {
    socket.end(rawAnswer(405, 'method_not_allowed', 'this is no proxy'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const answer = answers.get(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (answer?.req.complete === true && !answer.writableFinished) {
      // The nonsense came after a whole request: that one may be on its way to the disk and gets its own answer first.
      answer.shouldKeepAlive = false;
      answer.once('close', () => socket.destroy());
    } else if (answer?.headersSent === true && !answer.writableFinished) socket.destroy();
    else socket.end(parserAnswer(error.code), () => socket.destroy());
  });
  return server;
}
