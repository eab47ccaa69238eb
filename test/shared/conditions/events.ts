import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import type { ConditionInput, Conditions } from '../../../shared/conditions/tree.ts';

export function eventWith(parts: Partial<ConditionInput>): ConditionInput {
  return { type: 'file:created', source: 'crm', system: 'generic', context: {}, payload: {}, headers: {}, ...parts };
}

/** Parses, compiles and checks in one go; conditions that do not parse fail the test. */
export function check(input: unknown, event: Partial<ConditionInput>): boolean {
  return compileConditions(parsed(input))(eventWith(event));
}

export function parsed(input: unknown): Conditions {
  const result = parseConditions(input);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.conditions;
}

/** `[path, message]` of every error. */
export function errorsOf(input: unknown): [string, string][] {
  const result = parseConditions(input);
  return result.ok ? [] : result.errors.map(({ path, message }) => [path.join('/'), message]);
}
