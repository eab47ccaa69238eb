import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorBody } from './answer/answer.ts';
import type { MessageClasses } from './express-messages.ts';
import type { ReceiverLimits } from './limits.ts';
import { type ParserError, parserRefusal, readUnparsed, type UnparsedRequest } from './request/unparsed-request.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => void;

export interface HttpServerDeps {
  limits: ReceiverLimits;
  /** What requests and answers are made with. */
  messages: MessageClasses;
  listener: Listener;
  /** A request to a source that the parser did not take: it is answered here, with these headers added. */
  onUnparsed(request: UnparsedRequest, socket: Socket): Record<string, string>;
}

export interface ReceiverHttpServer {
  server: Server;
  /**
   * What follows a request without a length, within `waitMs`; null when nothing does, or the next request. The parser
   * takes such bytes for that one and fails.
   */
  strayBytes(req: IncomingMessage, waitMs: number): Promise<Buffer | null>;
}

function rawAnswer(status: number, code: string, message: string, headers: Record<string, string> = {}): string {
  const body = errorBody(code, message);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n${more.join('')}` +
    `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** An HTTP server that bounds what a sender may cost before anything of ours sees the request. */
export function createHttpServer({ limits, messages, listener, onUnparsed }: HttpServerDeps): ReceiverHttpServer {
  /** The last answer on a connection, sent or not. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const stray = new WeakMap<IncomingMessage, Buffer>();
  const strayListeners = new WeakMap<IncomingMessage, (bytes: Buffer) => void>();
  const take: Listener = (req, res) => {
    answers.set(req.socket, res);
    listener(req, res);
  };

  const server = createServer(
    {
      ...messages,
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

  // 100-continue is sent when the body is wanted (receive-body.ts), so that a refused one need not be sent at all.
  server.on('checkContinue', take);
  // Another expectation is found by checkFraming.
  server.on('checkExpectation', take);
  server.on('connect', (_req: IncomingMessage, socket: Duplex) => {
    socket.end(rawAnswer(405, 'method_not_allowed', 'this is not a proxy'));
  });

  function noteStray(req: IncomingMessage, { rawPacket, bytesParsed = 0 }: ParserError): void {
    const bytes = rawPacket?.subarray(bytesParsed) ?? Buffer.alloc(0);
    if (bytes.length === 0) return;
    stray.set(req, bytes);
    strayListeners.get(req)?.(bytes);
  }

  function answerUnparsed(error: ParserError, socket: Socket): void {
    const request = readUnparsed(error);
    const { status, code, message } = request?.refusal ?? parserRefusal(error.code);
    const headers = request === null ? {} : onUnparsed(request, socket);
    socket.end(rawAnswer(status, code, message, headers), () => socket.destroy());
  }

  server.on('clientError', (error: ParserError, socket: Socket) => {
    const answer = answers.get(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (answer?.req.complete === true && !answer.writableFinished) {
      // The nonsense came after a whole request: that one may be on its way to the disk and gets its own answer first.
      noteStray(answer.req, error);
      answer.shouldKeepAlive = false;
      answer.once('close', () => socket.destroy());
    } else if (answer?.headersSent === true && !answer.writableFinished) socket.destroy();
    else answerUnparsed(error, socket);
  });

  return {
    server,
    strayBytes(req, waitMs) {
      const known = stray.get(req);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), waitMs);
        strayListeners.set(req, (bytes) => {
          clearTimeout(timer);
          resolve(bytes);
        });
      });
    },
  };
}
