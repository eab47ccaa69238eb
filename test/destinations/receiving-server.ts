import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  body: Buffer;
  text: string;
  /** Port of the connection, which tells connections apart. */
  port: number | undefined;
  /** Null without TLS. */
  clientName: string | null;
}

type Answer = (request: Received, response: ServerResponse, count: number) => void;

const accept: Answer = (_request, response) => {
  response.statusCode = 204;
  response.end();
};

/** A real server on loopback that keeps what it gets. Closed with the test. */
export async function receivingServer(answer: Answer = accept, tls: ServerOptions | null = null) {
  const received: Received[] = [];
  const onRequest: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers, rawHeaders, socket } = request;
      const peer =
        'getPeerCertificate' in socket ? (socket as import('node:tls').TLSSocket).getPeerCertificate() : null;
      const commonName = peer?.subject?.CN;
      const clientName = typeof commonName === 'string' ? commonName : null;
      const one = {
        method,
        url,
        headers,
        rawHeaders,
        body,
        text: body.toString(),
        port: socket.remotePort,
        clientName,
      };
      received.push(one);
      answer(one, response, received.length);
    });
  };
  const server = tls === null ? createServer(onRequest) : createTlsServer(tls, onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return { received, port, url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}/hook`, server, close };
}
