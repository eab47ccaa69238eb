import type { ListTerm } from '../../../shared/query/query.ts';

/** Conditions to be joined by AND, with their values in order. */
export interface Where {
  clauses: string[];
  values: (string | number)[];
}

export const emptyWhere = (): Where => ({ clauses: [], values: [] });

export function addClause(where: Where, clause: string, ...values: (string | number)[]): void {
  where.clauses.push(clause);
  where.values.push(...values);
}

export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** `column` is one of the term's values (or none of them, when negated). */
export function addListTerm(where: Where, column: string, term: ListTerm): void {
  addClause(where, `${column} ${term.negated ? 'NOT ' : ''}IN (${placeholders(term.values.length)})`, ...term.values);
}

export const whereText = (where: Where): string =>
  where.clauses.length === 0 ? '1' : where.clauses.map((clause) => `(${clause})`).join(' AND ');
