import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../../../shared/contract/errors.ts';

export interface Refusal {
  status: number;
  code: ErrorCode;
  message: string;
}

export interface HostGuard {
  /** Null when the request is addressed to us, in a form that all proxies read alike. */
  refuseAddress(request: IncomingMessage): Refusal | null;
  /** Null when the request comes from our own pages, or from a program that shows its token. */
  refuseOrigin(request: IncomingMessage, hasBearer: boolean): Refusal | null;
}

const maxHeaders = 100;
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const wildcards = new Set(['0.0.0.0', '::', '[::]']);

/** An address as part of a URL: IPv6 in brackets, IPv4-mapped ones as IPv4. */
export function hostInUrl(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain.includes(':') && !plain.startsWith('[') ? `[${plain}]` : plain;
}

function countHeader(request: IncomingMessage, name: string): number {
  let count = 0;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === name) count += 1;
  }
  return count;
}

/** A page of ours may be read over http at a name we listen on, or over https through a proxy at a public name. */
function originHost(origin: string): string | null {
  const match = /^https?:\/\/([^/?#@]+)$/i.exec(origin);
  return match?.[1]?.toLowerCase() ?? null;
}

/**
 * Refuses what a browser could be talked into sending here. An exact list of Host values stops DNS rebinding; the
 * origin check stops other sites, whose pages may reach loopback as well as we do. `publicHost` is the Host value under
 * which a proxy reaches us, with a port when it is not the scheme's own; asked at every request.
 */
export function createHostGuard(listen: { host: string; port: number }, publicHost: () => string | null): HostGuard {
  const listenHost = hostInUrl(listen.host).toLowerCase();
  const isWildcard = wildcards.has(listen.host);
  const own = new Set<string>();
  for (const name of isWildcard ? loopbackNames : [...loopbackNames, listenHost]) {
    own.add(`${name}:${listen.port}`);
    if (listen.port === 80) own.add(name);
  }

  function isOurs(host: string, request: IncomingMessage): boolean {
    if (own.has(host)) return true;
    // Listening everywhere: the address that the connection really came in at cannot be a name bound to us by others.
    const localAddress = request.socket.localAddress;
    if (isWildcard && localAddress !== undefined && host === `${hostInUrl(localAddress)}:${listen.port}`) return true;
    return publicHost() === host;
  }

  return {
    refuseAddress(request) {
      if (request.rawHeaders.length / 2 > maxHeaders) {
        return { status: 431, code: 'too_large', message: `Send at most ${maxHeaders} header lines.` };
      }
      // RFC 9112 3.2: a server must answer 400 to more than one Host line.
      if (countHeader(request, 'host') !== 1) {
        return { status: 400, code: 'invalid_input', message: 'Send exactly one Host header.' };
      }
      if (!request.url?.startsWith('/')) {
        return {
          status: 400,
          code: 'invalid_input',
          message: 'Send the path alone in the request line, not a whole address.',
        };
      }
      if (!isOurs(request.headers.host?.toLowerCase() ?? '', request)) {
        return {
          status: 421,
          code: 'forbidden',
          message:
            'The console does not accept this host name. Use the address Signalbox printed at its start, or set this one as Console URL in the settings.',
        };
      }
      return null;
    },
    refuseOrigin(request, hasBearer) {
      const refusal: Refusal = {
        status: 403,
        code: 'forbidden',
        message:
          'The console accepts this request only from its own pages, or with the header "Authorization: Bearer <token>".',
      };
      const site = request.headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin' && !(site === 'none' && hasBearer)) return refusal;
      const { origin } = request.headers;
      const host = request.headers.host?.toLowerCase();
      if (origin !== undefined) return originHost(origin) === host ? null : refusal;
      if (hasBearer || site === 'same-origin') return null;
      // Browsers leave Origin out of a same-origin GET, and Sec-Fetch-Site on plain http beyond loopback.
      const { referer } = request.headers;
      const isOwnPage = request.method === 'GET' && referer !== undefined && refererHost(referer) === host;
      return isOwnPage ? null : refusal;
    },
  };
}

function refererHost(referer: string): string | null {
  const match = /^https?:\/\/([^/?#@]+)(?:[/?#]|$)/i.exec(referer);
  return match?.[1]?.toLowerCase() ?? null;
}

/** The Host value of an address as browsers send it, without the scheme's own port; null where there is none. */
export function publicHost(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : null;
}
