import { readFile } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { errorCode } from '../../../shared/error-code.ts';
import { contentSecurityPolicyText } from '../../console/http/content-security-policy.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

const commonHeaders = {
  'Content-Security-Policy': contentSecurityPolicyText,
  'X-Content-Type-Options': 'nosniff',
};

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { ...commonHeaders, 'Content-Type': 'text/plain' } });
}

/** The file of a URL path inside `rendererDir`, or null when the path leads out of it or cannot be a file's name. */
export function rendererFile(rendererDir: string, pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  // Backslashes are separators on Windows only; refused everywhere, so that both behave alike.
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = resolve(rendererDir);
  const found = resolve(join(root, path === '/' ? 'index.html' : path));
  const inside = relative(root, found);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside ? null : found;
}

/** Answers `app://signalbox/…` with the renderer's build and nothing else. */
export function serveRendererFiles(rendererDir: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'signalbox' || request.method !== 'GET') return notFound();
    const file = rendererFile(rendererDir, url.pathname);
    if (file === null) return notFound();
    try {
      const content = new Uint8Array(await readFile(file));
      const contentType = contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
      return new Response(content, { headers: { ...commonHeaders, 'Content-Type': contentType } });
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EISDIR') {
        return notFound();
      }
      throw error;
    }
  };
}
