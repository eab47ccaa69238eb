import { ownSource } from '../../own-source.ts';
import { compileTypePattern, firstSegment, type TypePattern } from '../patterns/type-pattern.ts';

/** The sources and types of a listener. */
export interface Reached {
  /** Null: every source. */
  source: string | null;
  /** Empty: every type. */
  type: readonly string[];
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
export function compileReach({ source, type }: Reached): Reach {
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
