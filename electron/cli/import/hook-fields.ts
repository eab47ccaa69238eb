import { formatFieldPath, parseFieldPath } from '../../../shared/conditions/values/paths.ts';
import type { HookArgument } from './hook-schema.ts';
import { isSecretName } from './hook-secrets.ts';

/** Where conditions and commands find what a hook refers to. */
export type FoundField = { ok: true; field: string } | { ok: false; why: string; todo: string };

const masked: FoundField = {
  ok: false,
  why: 'Signalbox masks values that authenticate the sender, and never passes them to jobs.',
  todo: 'Give the job its own secret.',
};

/** `jsonQuery`: query parameters whose text is read as JSON. */
export function fieldOf({ source, name }: HookArgument, jsonQuery: ReadonlySet<string>): FoundField {
  switch (source) {
    case 'payload':
      return pathOf(['payload', ...name.split('.')]);
    case 'header':
      return isSecretName(name) ? masked : pathOf(['headers', name.toLowerCase()]);
    case 'url':
    case 'query': {
      if (isSecretName(name)) return masked;
      const [head = ''] = name.split('.');
      return pathOf(['context', 'query', ...(jsonQuery.has(head) ? name.split('.') : [name])]);
    }
    case 'request':
      if (name.toLowerCase() === 'method') return pathOf(['context', 'method']);
      if (name.toLowerCase() === 'remote-addr') return pathOf(['context', 'remoteAddress']);
      return unknown(`the request has no "${name}"`);
    case 'raw-request-body':
      return pathOf(['context', 'body']);
    case 'entire-payload':
      return pathOf(['payload']);
    case 'entire-headers':
      return pathOf(['context', 'headers']);
    case 'entire-query':
      return pathOf(['context', 'query']);
    default:
      return unknown(`there is no source "${source}"`);
  }
}

const unknown = (why: string): FoundField => ({
  ok: false,
  why: `${why[0]?.toUpperCase()}${why.slice(1)}; the program passes nothing either.`,
  todo: 'Remove or correct it.',
});

function pathOf([root = '', ...segments]: string[]): FoundField {
  const field = [root, ...segments.map(quote)].join('.');
  const parsed = parseFieldPath(field);
  if (parsed.ok) return { ok: true, field: formatFieldPath(parsed.path) };
  return { ok: false, why: `${parsed.message}.`, todo: 'Read it in a script job instead.' };
}

const quote = (segment: string): string => `"${segment.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
