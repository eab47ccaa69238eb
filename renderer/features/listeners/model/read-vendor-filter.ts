import {
  parseVendorFilter,
  type VendorFilterKind,
} from '../../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { type Json, jsonSchema } from '../../../../shared/contract/common.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { type GroupNode, treeOf } from '../../../model/definitions/condition-tree.ts';
import { type JsonProblem, problemsIn } from './read-conditions.ts';

export const vendorNames: Record<VendorFilterKind, string> = { flatfile: 'Flatfile', revoengine: 'RevoEngine' };

/** RevoEngine's filters are made of these; what a Flatfile record is made of are the fields of its events. */
const revoengineKeys = ['and', 'or', 'not', 'op'];

/** Whose filter the text looks like; null for what is not JSON yet. */
export function guessFilterKind(text: string): VendorFilterKind | null {
  try {
    const value: unknown = parseExact(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const keys = Object.keys(value);
    return keys.length > 0 && keys.some((key) => revoengineKeys.includes(key)) ? 'revoengine' : 'flatfile';
  } catch {
    return null;
  }
}

/** A vendor's filter as pasted; `topics` are Flatfile's topic patterns, of which one has to fit. */
export function readVendorText(
  kind: VendorFilterKind,
  text: string,
  topics: readonly string[],
): { ok: true; where: GroupNode; written: Json } | { ok: false; problems: readonly JsonProblem[] } {
  const written = text.trim() === '' ? '{}' : text;
  const parsed = parseVendorFilter(kind, written, kind === 'flatfile' && topics.length > 0 ? [...topics] : undefined);
  if (parsed.ok) {
    const filter = jsonSchema.parse(parseExact(written));
    const ofFlatfile: { [key: string]: Json } = { flatfile: filter };
    if (topics.length > 0) ofFlatfile.topic = [...topics];
    return {
      ok: true,
      where: treeOf(parsed.conditions),
      written: kind === 'flatfile' ? ofFlatfile : { revoengine: filter },
    };
  }
  const inTopic = (path: readonly (string | number)[]): boolean => kind === 'flatfile' && path[0] === 'topic';
  return {
    ok: false,
    problems: [
      ...parsed.errors
        .filter(({ path }) => inTopic(path))
        .map(({ message }) => ({ line: null, clause: 'topic', message })),
      ...problemsIn(
        written,
        parsed.errors.filter(({ path }) => !inTopic(path)),
      ),
    ],
  };
}
