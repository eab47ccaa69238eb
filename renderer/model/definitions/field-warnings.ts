import { operatorInfo } from '../../../shared/conditions/operators.ts';
import { formatFieldPath, parseFieldPath } from '../../../shared/conditions/values/paths.ts';
import type { JsonType, SeenField, TypeSchema } from '../../../shared/contract/type-schemas.ts';
import type { ClauseNode, GroupNode, LeafNode } from './condition-tree.ts';

export interface FieldWarning {
  text: string;
  /** When the field was last seen; null: never, or it is still there. */
  lastAt: string | null;
}

/** Fewer events say little about what a sender leaves out. */
const leastEvents = 5;

/** Where conditions rely on a field that recent events do not have, or have with another type; by clause. */
export function fieldWarnings(where: GroupNode, schema: TypeSchema | undefined): ReadonlyMap<string, FieldWarning> {
  const warnings = new Map<string, FieldWarning>();
  if (schema === undefined || schema.recent < leastEvents) return warnings;
  const fields = new Map(schema.fields.map((field) => [field.path, field]));
  const left: ClauseNode[] = [where];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind !== 'leaf') {
      left.push(...node.children);
      continue;
    }
    const warning = warningOf(node, fields, schema);
    if (warning !== null) warnings.set(node.id, warning);
  }
  return warnings;
}

function warningOf(leaf: LeafNode, fields: ReadonlyMap<string, SeenField>, schema: TypeSchema): FieldWarning | null {
  const parsed = parseFieldPath(leaf.field);
  if (!parsed.ok || parsed.path.segments.length === 0) return null;
  // The schema has the items of lists under the path of the list.
  const { root, segments } = parsed.path;
  const field =
    fields.get(formatFieldPath(parsed.path)) ??
    fields.get(formatFieldPath({ root, segments: segments.filter((segment) => !/^\d+$/.test(segment)) }));
  const events = `the newest ${schema.recent} events`;
  if (field === undefined || field.recent === 0) {
    if (field === undefined && schema.isCut) return null;
    // These hold for events without the field: that none has it may be meant.
    if (operatorInfo(leaf.op).whenMissing) return null;
    return { text: `Not in ${events}`, lastAt: field?.lastAt ?? null };
  }
  const wanted = wantedTypes(leaf);
  const seen = field.recentTypes;
  if (wanted === null || seen.some((type) => wanted.includes(type) || type === 'list')) return null;
  return { text: `In ${events} it is ${seen.join(' or ')}, not ${wanted.join(' or ')}`, lastAt: null };
}

/** The JSON types that can pass; null: any. */
function wantedTypes({ op, values }: LeafNode): JsonType[] | null {
  const { valueKind } = operatorInfo(op);
  if (valueKind === 'text' || valueKind === 'pattern' || valueKind === 'regex') return ['string'];
  if (valueKind === 'none' || values.length === 0) return null;
  const types = values.map(({ type }): JsonType | null =>
    type === 'text'
      ? 'string'
      : type === 'number'
        ? 'number'
        : type === 'json'
          ? null
          : type === 'null'
            ? 'null'
            : 'boolean',
  );
  return types.includes(null) ? null : [...new Set(types.filter((type) => type !== null))];
}
