import type { Listener } from '../../../../shared/contract/listeners.ts';

/** The query for the events that a listener can match by source and type; empty for all. */
export function queryOfReach({ source, type }: Pick<Listener, 'source' | 'type'>): string {
  const terms = [
    ...(source === null ? [] : [`source:${source}`]),
    ...(type.length === 0 ? [] : [`type:${type.map(quoted).join(',')}`]),
  ];
  return terms.join(' ');
}

const quoted = (pattern: string): string => (/[\s",]/.test(pattern) ? JSON.stringify(pattern) : pattern);
