import { join, sep } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { sendError } from './http-replies.ts';

/**
 * The renderer's build: one page, which finds its places by the address's fragment. Files under assets/ carry a hash of
 * their content in their names, so they never change; the page itself is asked for again each time.
 */
export function serveRenderer(rendererDir: string): RequestHandler {
  const assets = `${join(rendererDir, 'assets')}${sep}`;
  const router = Router();
  router.get('/', (request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: rendererDir, cacheControl: false }, (error?: Error) => {
      if (error === undefined || response.headersSent) return;
      const message = 'The console’s pages are not built; run "npm run build", then start again.';
      sendError(request.path, response, { code: 'unavailable', message });
    });
  });
  router.use(
    express.static(rendererDir, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders(response: Response, path: string) {
        const isHashed = path.startsWith(assets);
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  return router;
}
