import { CONDITION_LIMITS, isObject } from '../../../shared/conditions/tree.ts';
import { type FieldRoot, formatFieldPath } from '../../../shared/conditions/values/paths.ts';
import type { JsonType, SeenField } from '../../../shared/contract/type-schemas.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { isoTime } from '../database/times.ts';

export interface SampledEvent {
  atMs: number;
  isRecent: boolean;
  parts: Partial<Record<FieldRoot, unknown>>;
}

interface Field {
  count: number;
  recent: number;
  types: Map<JsonType, number>;
  recentTypes: Set<JsonType>;
  examples: Set<string>;
  firstMs: number;
  lastMs: number;
}

const maxFields = 1000;
/** Values looked at in one event. */
const maxValues = 5000;
const maxExamples = 3;
const exampleLength = 60;

/** Gathers which fields events have; bounded, whatever the events are. */
export function createFieldCounter() {
  const fields = new Map<string, Field>();
  let isCut = false;

  function note(path: string, types: ReadonlySet<JsonType>, examples: readonly string[], event: SampledEvent): void {
    const known = fields.get(path);
    if (known === undefined && fields.size >= maxFields) {
      isCut = true;
      return;
    }
    const field: Field = known ?? {
      count: 0,
      recent: 0,
      types: new Map(),
      recentTypes: new Set(),
      examples: new Set(),
      firstMs: event.atMs,
      lastMs: event.atMs,
    };
    fields.set(path, field);
    field.count += 1;
    if (event.isRecent) field.recent += 1;
    for (const type of types) {
      field.types.set(type, (field.types.get(type) ?? 0) + 1);
      if (event.isRecent) field.recentTypes.add(type);
    }
    for (const example of examples) if (field.examples.size < maxExamples) field.examples.add(example);
    field.firstMs = Math.min(field.firstMs, event.atMs);
    field.lastMs = Math.max(field.lastMs, event.atMs);
  }

  return {
    add(event: SampledEvent): void {
      const seen = valuesByPath(event.parts);
      for (const [path, { types, examples }] of seen) note(path, types, examples, event);
    },
    fields: (): SeenField[] =>
      [...fields]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, field]) => ({
          path,
          count: field.count,
          recent: field.recent,
          types: [...field.types].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count),
          recentTypes: [...field.recentTypes],
          examples: [...field.examples],
          firstAt: isoTime(field.firstMs),
          lastAt: isoTime(field.lastMs),
        })),
    isCut: () => isCut,
  };
}

interface Seen {
  types: Set<JsonType>;
  examples: string[];
}

/** The types and some values of each field of one event; items of a list share the path of the list. */
function valuesByPath(parts: SampledEvent['parts']): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const left: { root: FieldRoot; segments: readonly string[]; value: unknown }[] = [];
  const roots: readonly FieldRoot[] = ['headers', 'payload', 'context'];
  for (const root of roots) if (parts[root] !== undefined) left.push({ root, segments: [], value: parts[root] });
  let looked = 0;
  for (let at = left.pop(); at !== undefined && looked < maxValues; at = left.pop()) {
    looked += 1;
    const { root, segments, value } = at;
    if (segments.length > 0 || !isObject(value)) noteValue(seen, formatFieldPath({ root, segments }), value);
    if (Array.isArray(value)) {
      for (const item of value.slice(0, maxValues)) left.push({ root, segments, value: item });
    } else if (isObject(value) && segments.length < CONDITION_LIMITS.pathSegments - 1) {
      for (const name of Object.keys(value).slice(0, maxFields)) {
        left.push({ root, segments: [...segments, name], value: value[name] });
      }
    }
  }
  return seen;
}

function noteValue(seen: Map<string, Seen>, path: string, value: unknown): void {
  const known = seen.get(path) ?? { types: new Set(), examples: [] };
  seen.set(path, known);
  const type = typeOf(value);
  known.types.add(type);
  if (type === 'object' || type === 'list' || known.examples.length >= maxExamples) return;
  const text = typeof value === 'string' ? value : String(value);
  known.examples.push(text.length > exampleLength ? `${text.slice(0, exampleLength - 1)}…` : text);
}

function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (isExactNumber(value) || typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}
