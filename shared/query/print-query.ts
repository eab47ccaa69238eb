import type { FieldOp, FieldTerm, ListTerm, Query, TextTerm } from './query.ts';
import { quote, writeValue } from './value-text.ts';

const PREFIX_OF: Record<Exclude<FieldOp, 'between' | 'exists'>, string> = {
  eq: '',
  ne: '!=',
  contains: '~',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/** The query as text, in a fixed order; `parseQuery` reads it back as the same query. */
export function printQuery(query: Query): string {
  return [
    ...query.types.map((term) => printList('type', term)),
    ...query.sources.map((term) => printList('source', term)),
    ...query.systems.map((term) => printList('system', term)),
    ...query.listeners.map((term) => printList('listener', term)),
    ...query.jobs.map((term) => printList('job', term)),
    ...query.states.map((term) => printList('state', term)),
    ...query.ids.map((term) => printList('id', term)),
    ...query.fields.map(printField),
    ...query.is.map((term) => `${sign(term)}is:${term.flag}`),
    ...(query.after === undefined ? [] : [`after:${writeValue(query.after.text)}`]),
    ...(query.before === undefined ? [] : [`before:${writeValue(query.before.text)}`]),
    ...query.text.map(printText),
  ].join(' ');
}

const sign = (term: { negated: boolean }): string => (term.negated ? '-' : '');

function printList(key: string, term: ListTerm): string {
  return `${sign(term)}${key}:${term.values.map(writeValue).join(',')}`;
}

function printField(term: FieldTerm): string {
  return `${sign(term)}${term.path}:${printTest(term)}`;
}

function printTest(term: FieldTerm): string {
  if (term.op === 'exists') return '*';
  if (term.op === 'between') return term.values.map((value) => value.text).join('..');
  const values = term.values.map((value) => (value.quoted ? quote(value.text) : writeValue(value.text)));
  return `${PREFIX_OF[term.op]}${values.join(',')}`;
}

function printText(term: TextTerm): string {
  const isPlainWord = !/[\s":]|^-|\*$/.test(term.phrase);
  return `${sign(term)}${isPlainWord ? term.phrase : quote(term.phrase)}${term.prefix ? '*' : ''}`;
}
