import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Refusal } from '../answer/answer.ts';

/** Lower case, without the port and brackets; null for what is no host. */
function hostName(header: string): string | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/?#@[\]]+))(?::\d{1,5})?$/.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '') ?? null;
}

const bad = (code: string, message: string): Refusal => ({ status: 400, code, message });

/**
 * What is wrong with a request before anything is read of its path: a proxy and we could read it differently
 * (RFC 9112 sections 3.2 and 11.2).
 */
export function checkFraming(req: IncomingMessage, maxHeaders: number): Refusal | null {
  const { rawHeaders } = req;
  // Node's own limit drops the headers beyond it without a word, a signature among them.
  if (rawHeaders.length > maxHeaders * 2) {
    return {
      status: 431,
      code: 'too_many_headers',
      message: `the request has ${rawHeaders.length / 2} headers, more than ${maxHeaders}`,
    };
  }
  const { expect } = req.headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return {
      status: 417,
      code: 'expectation_failed',
      message: 'only the expectation 100-continue is supported',
      headers: { connection: 'close' },
    };
  }
  if (!req.url?.startsWith('/')) {
    return bad('bad_target', 'the request line must hold a path, not a whole address');
  }
  let hosts = 0;
  let lengths = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
    else if (name.length === 14 && name.toLowerCase() === 'content-length') lengths++;
  }
  if (hosts > 1) return bad('duplicate_host', 'the request has more than one Host header');
  if (hosts === 0 && req.httpVersion !== '1.0') return bad('host_missing', 'the request has no Host header');
  if (lengths > 1) return bad('duplicate_length', 'the request has more than one Content-Length header');
  if (lengths > 0 && req.headers['transfer-encoding'] !== undefined) {
    return bad('ambiguous_length', 'the request has both Content-Length and Transfer-Encoding');
  }
  return null;
}

export interface HostCheck {
  check(host: string | undefined): Refusal | null;
}

/**
 * Names that this receiver answers to. A page in a browser can point a name of its own at this machine (DNS rebinding)
 * and would then post here from inside; it cannot do so with an address, `localhost` or this machine's name. A source
 * that verifies needs no such check: a page knows no secret.
 */
export function createHostCheck(
  { publicUrl, acceptedHosts }: Pick<Settings, 'publicUrl' | 'acceptedHosts'>,
  listenHost: string,
): HostCheck {
  const names = new Set(['localhost', 'host.docker.internal', hostname().toLowerCase(), listenHost.toLowerCase()]);
  for (const name of acceptedHosts) names.add(name.toLowerCase());
  names.add(`${hostname().toLowerCase()}.local`);
  if (publicUrl !== '') names.add(new URL(publicUrl).hostname.toLowerCase());
  let lastAllowed: string | undefined;

  return {
    check(host) {
      // A sender's Host is the same every time.
      if (host === undefined || host === lastAllowed) return null;
      const name = hostName(host);
      if (name === null) return bad('bad_host', 'the Host header is not a valid host');
      if (isIP(name) !== 0 || names.has(name)) {
        lastAllowed = host;
        return null;
      }
      return {
        status: 421,
        code: 'unknown_host',
        message:
          `the request is for the host "${name.slice(0, 100)}", which is not among the accepted hosts: add it there in ` +
          'the settings (acceptedHosts), or set up verification for this source: verified deliveries may be for any host',
        toSender: { code: 'unknown_host', message: 'this receiver does not accept that host' },
      };
    },
  };
}
