import { basename, extname, join, sep } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { sendError } from './http-replies.ts';

/** Addresses that belong to programs: a wrong one there must not be answered with a page. */
const programPaths = /^\/(?:api|session|metrics|healthz|readyz|in)(?:\/|$)/;

/**
 * The renderer's build. Files under assets/ carry a hash of their content in their names, so they never change; the
 * page itself is asked for again each time. An address without an extension is a place inside the app: it gets the page.
 */
export function serveRenderer(rendererDir: string): RequestHandler {
  const assets = `${sep}assets${sep}`;
  const files = express.static(rendererDir, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders(response: Response, path: string) {
      const isHashed = path.startsWith(join(rendererDir, assets));
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const router = Router();
  router.use((request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    if (programPaths.test(request.path)) return next();
    if (extname(basename(request.path)) !== '') return files(request, response, next);
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: rendererDir, cacheControl: false }, (error?: Error) => {
      if (error === undefined || response.headersSent) return;
      const message = 'The console’s pages are not built; run "npm run build", then start again.';
      sendError(request.path, response, { code: 'unavailable', message });
    });
  });
  return router;
}
