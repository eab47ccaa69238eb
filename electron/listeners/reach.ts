import { compileTypePattern, firstSegment, type TypePattern } from '../../shared/conditions/patterns/type-pattern.ts';
import type { Conditions } from '../../shared/conditions/tree.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { ListenerState } from '../../shared/contract/listeners.ts';
import { ownSource } from '../../shared/own-source.ts';

/** What matching needs of a listener. */
export interface ListenerDefinition {
  slug: string;
  version: number;
  state: ListenerState;
  /** Null: every source. */
  source: string | null;
  /** Empty: every type. */
  type: readonly string[];
  where: Conditions;
  job: string;
  mode: 'notify' | 'enrich';
  /** Such as `3s`. */
  deadline: string;
  fallback: Json;
  priority: number;
  approval: 'required' | 'none';
}

/** Which sources and types a listener takes, whatever its conditions say. */
export interface Reach {
  pattern: TypePattern;
  takesSource(source: string): boolean;
  takesType(source: string, type: string): boolean;
}

const isLiteral = (text: string): boolean => !text.includes('*') && !text.includes('?');

/**
 * A listener that names no source takes events of `signalbox` only by patterns that begin with a literal segment
 * (`job:*`): otherwise every catch-all listener would feed on the outcomes of its own runs.
 */
export function compileReach({ source, type }: Pick<ListenerDefinition, 'source' | 'type'>): Reach {
  const pattern = compileTypePattern(type);
  if (source !== null) {
    return { pattern, takesSource: (from) => from === source, takesType: (_from, name) => pattern.matches(name) };
  }
  const literal = type.filter((one) => isLiteral(firstSegment(one)));
  const ownPattern = literal.length === 0 ? null : compileTypePattern(literal);
  return {
    pattern,
    takesSource: (from) => from !== ownSource || ownPattern !== null,
    takesType: (from, name) => (from === ownSource ? ownPattern?.matches(name) === true : pattern.matches(name)),
  };
}
