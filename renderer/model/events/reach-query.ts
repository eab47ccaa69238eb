import { writeValue } from '../../../shared/query/value-text.ts';

/** The query for the events of a source (null: any) and types; empty for all. What a listener can match. */
export function queryOfReach({ source, type }: { source: string | null; type: readonly string[] }): string {
  const terms = [
    ...(source === null ? [] : [`source:${source}`]),
    ...(type.length === 0 ? [] : [`type:${type.map(writeValue).join(',')}`]),
  ];
  return terms.join(' ');
}
