import type { EventItem } from '../../../../shared/contract/events.ts';
import type { Run } from '../../../../shared/contract/runs.ts';
import { isInternalEvent } from '../../../../shared/own-source.ts';
import { compileQuery } from '../../../../shared/query/compile-query.ts';
import { parseQuery } from '../../../../shared/query/parse-query.ts';
import type { Query } from '../../../../shared/query/query.ts';
import { searchableText } from '../../../../shared/query/searchable-text.ts';
import { withoutInternal } from '../../../../shared/query/without-internal.ts';
import type { Belongs } from '../../../model/calls/paged-list-state.ts';

/** What is asked of the app: what was typed, less what it says of its own runs unless that is wanted. */
export const composeQuery = (text: string, showInternal: boolean): string =>
  showInternal ? text : withoutInternal(text);

const runFlags = ['failed', 'completed', 'canceled', 'running', 'queued', 'scheduled', 'pending'] as const;

/** Whether a change of a run can change what the query finds. */
export function dependsOnRuns(query: Query): boolean {
  const { listeners, jobs, states, failures, is } = query;
  return (
    listeners.length + jobs.length + states.length + failures.length > 0 ||
    is.some(({ flag }) => flag !== 'replay' && flag !== 'internal')
  );
}

/** Flags that only the far side knows. */
const isKnownHere = (flag: string): boolean =>
  ['ignored', 'replay', 'internal', 'chain-stopped', 'interaction-required', ...runFlags].includes(flag);

function flagsOf(event: EventItem): string[] {
  const states: string[] = event.runs.map((run) => run.state);
  return [
    ...(event.ignored ? ['ignored'] : []),
    ...(event.replayOf === null ? [] : ['replay']),
    ...(isInternalEvent(event) ? ['internal'] : []),
    ...(event.chainStopped ? ['chain-stopped'] : []),
    ...runFlags.filter((flag) => states.includes(flag)),
    ...(states.includes('interaction_required') ? ['interaction-required'] : []),
  ];
}

let compiled: { text: string; query: Query; matches: ReturnType<typeof compileQuery> } | null = null;

function compile(text: string): typeof compiled {
  if (compiled?.text === text) return compiled;
  const parsed = parseQuery(text);
  compiled = parsed.ok ? { text, query: parsed.query, matches: compileQuery(parsed.query) } : null;
  return compiled;
}

/** The same judgement as the app's, as far as a pushed event carries what it takes. */
export function belongsToQuery(event: EventItem, text: string, nowMs: number): Belongs {
  if (text === '') return 'yes';
  const query = compile(text);
  if (query === null) return 'unknown';
  const asksHeaders = query.query.fields.some((field) => field.path.startsWith('headers'));
  const asksContent =
    query.query.text.length > 0 || query.query.fields.some((field) => field.path.startsWith('payload'));
  const asksFarSide = query.query.failures.length > 0 || query.query.is.some(({ flag }) => !isKnownHere(flag));
  if (asksHeaders || asksFarSide || (asksContent && event.payloadOmittedBytes !== undefined)) return 'unknown';
  const matches = query.matches(
    {
      event: { ...event, headers: {} },
      flags: flagsOf(event),
      runs: event.runs.map((run) => ({ listener: run.listener ?? '', job: run.job, state: run.state })),
      text: query.query.text.length > 0 ? searchableText(event).text : '',
    },
    nowMs,
  );
  return matches ? 'yes' : 'no';
}

/** The event with a run's new state; the same object when that changes nothing. */
export function withRun(event: EventItem, run: Pick<Run, 'id' | 'listener' | 'job' | 'state'>): EventItem {
  const known = event.runs.find((one) => one.id === run.id);
  if (known?.state === run.state) return event;
  const { id, listener, job, state } = run;
  const runs =
    known === undefined
      ? [...event.runs, { id, listener, job, state }]
      : event.runs.map((one) => (one.id === id ? { ...one, state } : one));
  return { ...event, runs, ignored: event.ignored && listener === null };
}
