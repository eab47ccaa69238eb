import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import { CliError } from '../exit-codes.ts';

/** Where a server is reached, and what opens it. */
export interface Endpoint {
  /** For messages: a URL, or the data directory behind a local socket. */
  label: string;
  at: { socketPath: string } | { url: URL };
  token: string;
}

export interface EndpointRequest {
  method: 'GET' | 'POST';
  /** Below the console's address, e.g. `/api/app.status`. */
  path: string;
  body?: string;
  signal?: AbortSignal;
  /** Without a byte for so long, it fails; streams are alive by their heartbeat of 15 s. */
  silenceMs: number;
}

function requestOptions({ at, token }: Endpoint, { method, path, body }: EndpointRequest): RequestOptions {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  if ('socketPath' in at)
    return { socketPath: at.socketPath, path, method, headers: { host: 'localhost', ...headers } };
  const { protocol, hostname, port, pathname } = at.url;
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: `${pathname.replace(/\/+$/, '')}${path}`,
    method,
    headers,
  };
}

/** The response once its headers are there. Throws CliError where nothing responds. */
export function sendRequest(endpoint: Endpoint, asked: EndpointRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isTls = 'url' in endpoint.at && endpoint.at.url.protocol === 'https:';
    const sent = (isTls ? tlsRequest : plainRequest)(
      { ...requestOptions(endpoint, asked), agent: false, signal: asked.signal },
      resolve,
    );
    sent.setTimeout(asked.silenceMs, () => {
      sent.destroy(new Error(`no data received for ${Math.round(asked.silenceMs / 1000)} s`));
    });
    sent.on('error', (error) => reject(unreachable(endpoint, error)));
    sent.end(asked.body);
  });
}

export async function readText(endpoint: Endpoint, response: IncomingMessage): Promise<string> {
  try {
    return (await buffer(response)).toString('utf8');
  } catch (error) {
    throw unreachable(endpoint, error);
  }
}

function unreachable(endpoint: Endpoint, error: unknown): CliError {
  const code = errorCode(error);
  if ('socketPath' in endpoint.at) {
    if (code === 'EACCES' || code === 'EPERM') {
      return new CliError(
        'notAllowed',
        `The data directory ${endpoint.label} belongs to another user. Run this as that user, such as with sudo -u.`,
        { cause: error },
      );
    }
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return noInstance(endpoint.label, error);
  }
  const advice = 'url' in endpoint.at ? 'Check the address and that the server runs' : 'See its log for the reason';
  return new CliError('noServer', `${endpoint.label} does not respond: ${errorText(error)}. ${advice}.`, {
    cause: error,
  });
}

export const noInstance = (dataDir: string, cause?: unknown): CliError =>
  new CliError(
    'noServer',
    `No Signalbox is running on the data directory ${dataDir}. Start it with signalbox start, or name another with --data-dir or --server.`,
    { cause },
  );
