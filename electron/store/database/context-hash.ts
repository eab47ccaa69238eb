import { createHash } from 'node:crypto';

/** Events with equal contexts have equal hashes; null for an empty context, which says nothing. `context`: JSON text. */
export const contextHash = (context: string): string | null =>
  context === '{}' || context === 'null' || context === ''
    ? null
    : createHash('sha1').update(context).digest('base64url').slice(0, 16);
