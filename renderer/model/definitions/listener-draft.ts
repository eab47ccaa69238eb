import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import { MATCH_ALL } from '../../../shared/conditions/tree.ts';
import { type Json, jsonSchema } from '../../../shared/contract/common.ts';
import { durationSchema } from '../../../shared/contract/duration.ts';
import type { CallInput, Output } from '../../../shared/contract/index.ts';
import { type Listener, type ListenerResolves, listenerDefaults } from '../../../shared/contract/listeners.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { type BatchDraft, batchDraftOf, listenerBatchOf, noBatch } from './batch-draft.ts';
import { clauseAt, type GroupNode, inputOf, newGroup, newLeaf, type TreeInput, treeOf } from './condition-tree.ts';
import { draftValueOf } from './condition-values.ts';
import { createDefinitionEditors } from './definition-editor.ts';
import { slugOf } from './slug.ts';

export interface ListenerDraft {
  name: string;
  slug: string;
  /** Written by hand: it does not follow the name any more. */
  hasOwnSlug: boolean;
  source: string | null;
  type: readonly string[];
  job: string;
  where: GroupNode;
  /** The vendor's filter that `where` was made of, which is saved instead as long as `where` is as it was made. */
  filter: { written: Json; gave: string } | null;
  /** Its runs wait for approval, whatever their job says. */
  approval: boolean;
  /** Which completed runs resolve its failures. */
  resolves: ListenerResolves;
  answering: Answering;
  batch: BatchDraft;
}

/** Whether and how it answers the sender, as it is being typed; empty text means: the default. */
export interface Answering {
  mode: Listener['mode'];
  deadline: string;
  /** JSON. */
  fallback: string;
  priority: string;
}

const answeringOf = (from: Pick<Listener, 'mode' | 'deadline' | 'fallback' | 'priority'>): Answering => ({
  mode: from.mode,
  deadline: from.deadline,
  fallback: stringifyExact(from.fallback, 2),
  priority: String(from.priority),
});

export const emptyListener = (): ListenerDraft => ({
  name: '',
  slug: '',
  hasOwnSlug: false,
  source: null,
  type: [],
  job: '',
  where: treeOf(MATCH_ALL),
  filter: null,
  approval: false,
  resolves: listenerDefaults.resolves,
  answering: answeringOf(listenerDefaults),
  batch: noBatch,
});

/** A vendor's filter with the conditions it gives. */
export const filterOf = (written: Json, where: GroupNode): NonNullable<ListenerDraft['filter']> => ({
  written,
  gave: stringifyExact(inputOf(where).input),
});

/** Whether the conditions are still what the vendor's filter gives. */
export const isAsWritten = ({ filter, where }: Pick<ListenerDraft, 'filter' | 'where'>): boolean =>
  filter !== null && filter.gave === stringifyExact(inputOf(where).input);

export function listenerDraftOf(listener: Listener): ListenerDraft {
  const where = treeOf(listener.where);
  return {
    name: listener.name,
    slug: listener.slug,
    hasOwnSlug: true,
    source: listener.source,
    type: listener.type,
    job: listener.job,
    where,
    filter: listener.filter === undefined ? null : filterOf(vendorJson(listener.filter), where),
    approval: listener.approval === 'required',
    resolves: listener.resolves,
    answering: answeringOf(listener),
    batch: batchDraftOf(listener.batch),
  };
}

const vendorJson = (filter: NonNullable<Listener['filter']>): Json => jsonSchema.parse(filter);

const maxContextClauses = 8;

/** A listener for events like this one: its source, its type, and what its context says. */
export function listenerLike(event: Pick<Output<'events.get'>, 'type' | 'source' | 'context'>): ListenerDraft {
  const context = isJsonRecord(event.context) ? Object.entries(event.context) : [];
  const clauses = context
    .filter(([, value]) => typeof value !== 'object' || isExactNumber(value))
    .slice(0, maxContextClauses)
    .map(([key, value]) =>
      newLeaf(`context.${/^[\w$-]+$/.test(key) ? key : JSON.stringify(key)}`, 'eq', [draftValueOf(value)]),
    );
  const name = `${event.type} from ${event.source}`.slice(0, 120);
  return {
    ...emptyListener(),
    name,
    slug: slugOf(name),
    source: event.source,
    type: [event.type],
    where: newGroup('all', clauses),
  };
}

/** A listener for events like this one that have a certain value; `value` is JSON, and null when it is none. */
export function listenerForValue(
  event: Parameters<typeof listenerLike>[0],
  field: string,
  value: string,
): ListenerDraft | null {
  const read = readJsonText(value);
  if (!read.ok) return null;
  return { ...listenerLike(event), where: newGroup('all', [newLeaf(field, 'eq', [draftValueOf(read.value)])]) };
}

export const renameListener = (draft: ListenerDraft, name: string): ListenerDraft => ({
  ...draft,
  name,
  slug: draft.hasOwnSlug ? draft.slug : slugOf(name),
});

export const setListenerSlug = (draft: ListenerDraft, slug: string): ListenerDraft => ({
  ...draft,
  slug: slug.toLowerCase(),
  hasOwnSlug: slug !== '',
});

export type ListenerInput = CallInput<'listeners.create'>;

export const listenerInputOf = (draft: ListenerDraft): ListenerInput => ({
  slug: draft.slug,
  ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
  source: draft.source,
  type: [...draft.type],
  ...(draft.filter !== null && isAsWritten(draft)
    ? { filter: draft.filter.written }
    : { where: inputOf(draft.where).input }),
  job: draft.job,
  ...(draft.approval ? { approval: 'required' as const } : {}),
  ...(draft.resolves === listenerDefaults.resolves ? {} : { resolves: draft.resolves }),
  ...(draft.answering.mode === 'enrich'
    ? answeringInputOf(draft.answering)
    : draft.answering.mode === 'shadow'
      ? { mode: 'shadow' as const }
      : {}),
  ...batchInputOf(draft),
});

/** One that answers requests gathers nothing. */
function batchInputOf({ answering, batch: typed }: ListenerDraft): Pick<ListenerInput, 'batch'> {
  const batch = answering.mode === 'enrich' ? undefined : listenerBatchOf(typed);
  return batch === undefined ? {} : { batch };
}

const readJsonText = (text: string): { ok: true; value: Json } | { ok: false } => {
  try {
    const parsed = jsonSchema.safeParse(parseExact(text));
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false };
  } catch {
    return { ok: false };
  }
};

const isWholeNumber = (text: string): boolean => /^-?\d{1,4}$/.test(text.trim());

/** What cannot be read yet is left out; `answeringProblems` says so at its field. */
function answeringInputOf(answering: Answering): Pick<ListenerInput, 'mode' | 'deadline' | 'fallback' | 'priority'> {
  const fallback = readJsonText(answering.fallback);
  return {
    mode: 'enrich',
    ...(deadlineSchema.safeParse(answering.deadline.trim()).success ? { deadline: answering.deadline.trim() } : {}),
    ...(fallback.ok ? { fallback: fallback.value } : {}),
    ...(isWholeNumber(answering.priority) ? { priority: Number(answering.priority) } : {}),
  };
}

/** As the contract bounds them. */
const deadlineSchema = durationSchema(50, 60_000);

/** What is wrong with how it would answer, keyed as the app's own. */
export function answeringProblems({ mode, deadline, fallback, priority }: Answering): Record<string, string> {
  if (mode !== 'enrich') return {};
  const problems: Record<string, string> = {};
  if (deadline.trim() !== '' && !deadlineSchema.safeParse(deadline.trim()).success)
    problems.deadline = 'must be a time from 50ms to 60s, such as 3s';
  if (fallback.trim() !== '' && !readJsonText(fallback).ok) problems.fallback = 'must be JSON';
  if (priority.trim() !== '' && (!isWholeNumber(priority) || Math.abs(Number(priority)) > 1000))
    problems.priority = 'must be a whole number from -1000 to 1000';
  return problems;
}

export interface WhereCheck extends TreeInput {
  /** By clause. */
  errors: ReadonlyMap<string, string>;
}

/** What is wrong with the conditions, at their clauses. */
export function checkWhere(where: GroupNode): WhereCheck {
  const tree = inputOf(where);
  const errors = new Map<string, string>(tree.problems.map(({ id, message }) => [id, message]));
  const parsed = parseConditions(tree.input);
  if (!parsed.ok) {
    for (const { path, message } of parsed.errors) {
      const id = clauseAt(tree.ids, path);
      if (id !== undefined && !errors.has(id)) errors.set(id, message);
    }
  }
  return { ...tree, errors };
}

export const listenerEditors = createDefinitionEditors<ListenerDraft>({
  fingerprint: (draft) =>
    stringifyExact([
      listenerInputOf(draft),
      draft.answering.mode === 'enrich' ? { ...draft.answering } : null,
      draft.batch.isOn ? { ...draft.batch } : null,
    ]),
});
