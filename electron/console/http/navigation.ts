import type { IncomingMessage } from 'node:http';

/**
 * Whether a GET opens a page in its own right. Browsers say what a request is for (Fetch Metadata, sent to loopback and
 * over https): an image, a frame or a prefetch that another page started is none. Programs say nothing, or the mode
 * alone as Node's own fetch does, and pass.
 */
export function isNavigation(request: IncomingMessage): boolean {
  if (request.method !== 'GET') return false;
  const { 'sec-fetch-dest': dest, 'sec-fetch-mode': mode, 'sec-purpose': secPurpose, purpose } = request.headers;
  if (dest !== undefined && (dest !== 'document' || mode !== 'navigate')) return false;
  return !`${secPurpose ?? ''} ${purpose ?? ''}`.includes('prefetch');
}
