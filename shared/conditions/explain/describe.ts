import { stringifyExact } from '../../exact-json/stringify-exact.ts';
import { operatorInfo } from '../operators.ts';
import type { JsonValue, Leaf } from '../tree.ts';

const MAX_SHOWN = 5;

/** One clause as a person reads it: `payload.size is more than 10`. */
export function describeLeaf(leaf: Leaf): string {
  const { label, arity } = operatorInfo(leaf.op);
  const value = arity === 'none' || leaf.value === undefined ? '' : ` ${describeValue(leaf.value, arity)}`;
  return `${leaf.field} ${label}${value}${leaf.ignoreCase === true ? ' (any case)' : ''}`;
}

function describeValue(value: JsonValue, arity: 'one' | 'two' | 'many'): string {
  if (!Array.isArray(value) || arity === 'one') return stringifyExact(value);
  const shown = value.slice(0, MAX_SHOWN).map((part) => stringifyExact(part));
  if (arity === 'two') return shown.join(' and ');
  const more = value.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ') || 'an empty list';
}
