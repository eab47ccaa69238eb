import { compileRegex } from '../../../shared/conditions/patterns/regex.ts';
import type { Conditions, JsonValue } from '../../../shared/conditions/tree.ts';
import { fieldOf } from './hook-fields.ts';
import type { HookMatch, HookRules } from './hook-schema.ts';
import type { AddNote } from './import-notes.ts';

const always: Conditions = { all: [] };
const never: Conditions = { any: [] };

export interface ConditionScope {
  jsonQuery: ReadonlySet<string>;
  note: AddNote;
}

/**
 * A rule about plain values as conditions of a listener. In the program a value that is not there ends an `and`, also
 * when it stands in a `not`; conditions know no such end, so that is said with them.
 */
export function conditionsOf(rules: HookRules, scope: ConditionScope): Conditions {
  if (rules.and != null)
    return all(rules.and.map((inner) => and(conditionsOf(inner, scope), not(missingOf(inner, scope)))));
  if (rules.or != null) return { any: rules.or.map((inner) => conditionsOf(inner, scope)) };
  if (rules.not != null) return not(conditionsOf(rules.not, scope));
  return rules.match == null ? never : matchOf(rules.match, scope);
}

/** When a rule ends because a value is not there, although it may say that it passed: that is only so for a `not`. */
function missingOf(rules: HookRules, scope: ConditionScope): Conditions {
  if (rules.and != null || rules.or != null || rules.not == null) return never;
  return endsOf(rules.not, scope);
}

function endsOf(rules: HookRules, scope: ConditionScope): Conditions {
  if (rules.or != null) return never;
  if (rules.not != null) return endsOf(rules.not, scope);
  if (rules.and != null) {
    const parts = rules.and;
    return any(
      parts.map((inner, index) =>
        and(endsOf(inner, scope), all(parts.slice(0, index).map((before) => conditionsOf(before, scope)))),
      ),
    );
  }
  if (rules.match == null || rules.match.parameter.source === 'string') return never;
  const found = fieldOf(rules.match.parameter, scope.jsonQuery);
  return found.ok ? { field: found.field, op: 'missing' } : always;
}

const isAlways = (node: Conditions): boolean => 'all' in node && node.all.length === 0;
const isNever = (node: Conditions): boolean => 'any' in node && node.any.length === 0;

const not = (node: Conditions): Conditions => (isNever(node) ? always : isAlways(node) ? never : { not: node });

function all(nodes: readonly Conditions[]): Conditions {
  const kept = nodes.filter((node) => !isAlways(node)).flatMap((node) => ('all' in node ? node.all : [node]));
  const [only] = kept;
  return only !== undefined && kept.length === 1 ? only : { all: kept };
}

function any(nodes: readonly Conditions[]): Conditions {
  const kept = nodes.filter((node) => !isNever(node));
  const [only] = kept;
  return only !== undefined && kept.length === 1 ? only : { any: kept };
}

const and = (one: Conditions, other: Conditions): Conditions =>
  isNever(one) || isNever(other) ? never : all([one, other]);

function matchOf(match: HookMatch, { jsonQuery, note }: ConditionScope): Conditions {
  const { type, value, regex, parameter } = match;
  if (parameter.source === 'string') return isTrueOf(match, parameter.name) ? always : never;
  const found = fieldOf(parameter, jsonQuery);
  if (!found.ok) {
    note('trigger-rule', found.why, found.todo);
    return never;
  }
  const { field } = found;
  if (type === 'regex') {
    const compiled = compileRegex(regex, false);
    if (compiled.ok) return { field, op: 'matches', value: regex };
    note(
      'trigger-rule',
      `${compiled.message}.`,
      'Write the condition of the listener by hand; until then it never matches.',
    );
    return never;
  }
  if (type !== 'value') return never;
  const values = spellings(value);
  return values.length === 1 ? { field, op: 'eq', value } : { field, op: 'in', value: values };
}

const isTrueOf = ({ type, value, regex }: HookMatch, text: string): boolean => {
  if (type === 'value') return text === value;
  const compiled = compileRegex(regex, false);
  return type === 'regex' && compiled.ok && compiled.regex.test(text);
};

/** The program compares the text of a value: `"1"` is 1 as well. */
function spellings(value: string): JsonValue[] {
  if (value === 'true' || value === 'false') return [value, value === 'true'];
  if (value !== '' && String(Number(value)) === value && Number.isFinite(Number(value))) return [value, Number(value)];
  return value === '<nil>' ? [value, null] : [value];
}
