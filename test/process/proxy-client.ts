import { once } from 'node:events';
import { connect } from 'node:http2';
import { type Agent, request } from 'node:https';
import type { Answer, Ask } from './http.ts';

/** Where a proxy listens with TLS, for any host name. */
export interface ProxyPlace {
  port: number;
  /** The certificate it shows. */
  ca: string;
}

export interface ProxiedAsk extends Omit<Ask, 'agent'> {
  agent?: Agent | undefined;
  /** Sends `Expect: 100-continue` and waits for it. */
  expectsContinue?: boolean;
  /** The address of this machine to come from. */
  from?: string;
  /** Gives every part of the answer's body as it arrives. */
  onText?: (text: string) => void;
  signal?: AbortSignal;
}

/** One HTTP/1.1 request over TLS; `url` has the name that the certificate is for. */
export function askProxy(place: ProxyPlace, url: string, options: ProxiedAsk = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent, expectsContinue = false, from, onText, signal } = options;
  const { hostname, host, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: place.port,
        servername: hostname,
        ca: place.ca,
        method,
        path: pathname + search,
        agent: agent ?? false,
        ...(from === undefined ? {} : { localAddress: from }),
        ...(signal === undefined ? {} : { signal }),
        headers: {
          host,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...(expectsContinue ? { expect: '100-continue' } : {}),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          onText?.(chunk);
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on('error', reject);
    // Caddy passes on the one of Signalbox after its own.
    if (expectsContinue) sent.once('continue', () => sent.end(body));
    else sent.end(body);
  });
}

/** One POST by HTTP/2; gives the status. */
export async function postByHttp2(
  place: ProxyPlace,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<number> {
  const { hostname, host, pathname } = new URL(url);
  const session = connect(`https://127.0.0.1:${place.port}`, { servername: hostname, ca: place.ca });
  try {
    await once(session, 'connect');
    const stream = session.request({ ...headers, ':method': 'POST', ':path': pathname, ':authority': host });
    stream.end(body);
    const [answer] = await once(stream, 'response');
    stream.resume();
    await once(stream, 'end');
    return Number(answer[':status']);
  } finally {
    session.close();
  }
}
