import { useMemo, useRef, useState } from 'react';
import { checkTypePattern, compileTypePattern } from '../../../../shared/conditions/patterns/type-pattern.ts';
import type { CallInput, Output } from '../../../../shared/contract/index.ts';
import type { ClauseVerdict, Verdict } from '../../../../shared/contract/listeners.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import type { AppError } from '../../../client/index.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { useDebounced } from '../../../model/calls/use-debounced.ts';
import { inputOf, verdictsOf } from '../../../model/definitions/condition-tree.ts';
import { type ListenerDraft, listenerInputOf } from '../../../model/definitions/listener-draft.ts';
import { useRecentEvents } from '../../../model/events/recent-events.ts';

/** What the editor and its test know about the draft just now. */
export interface ListenerTestState {
  /** Chosen, or the latest that came. */
  eventId: string | null;
  chooseEvent: (id: string) => void;
  event: Output<'events.get'> | undefined;
  verdict: Verdict | null;
  verdictError: AppError | null;
  /** At the clauses of the draft's tree; empty while the two do not fit. */
  verdicts: ReadonlyMap<string, ClauseVerdict>;
  /** The last complete draft, for a test over many events; its signature changes with what it says. */
  tried: { signature: string; input: PreviewInput } | null;
  /** The draft has changed and its results are on the way, or it is not complete. */
  isStale: boolean;
  isComplete: boolean;
  isSaved: boolean;
}

const waitMs = 250;

/** `listeners.preview` wants neither job nor an unfinished slug. */
export function previewOf(draft: ListenerDraft, slug: string | null): CallInput<'listeners.preview'>['listener'] {
  const { job: _job, slug: _slug, filter: _filter, ...rest } = listenerInputOf(draft);
  const listener = { ...rest, where: inputOf(draft.where).input };
  return slug === null ? listener : { ...listener, slug };
}

/** Half-typed patterns fit nothing rather than break the page. */
function compileFitting(patterns: readonly string[]): (type: string) => boolean {
  const fine = patterns.filter((pattern) => checkTypePattern(pattern) === null);
  if (fine.length < patterns.length) return () => false;
  const compiled = compileTypePattern(fine);
  return (type) => compiled.matches(type);
}

type PreviewInput = CallInput<'listeners.preview'>['listener'];

export function useListenerTest(from: {
  draft: ListenerDraft;
  slug: string | null;
  isComplete: boolean;
  eventId: string | null;
}): ListenerTestState {
  const { draft, slug, isComplete } = from;
  const [chosen, setChosen] = useState<string | null>(from.eventId);
  // Following the stream would change the verdict under the reader's eyes: the first latest one stays.
  const query = draft.source === null ? '' : `source:${draft.source}`;
  const recent = useRecentEvents(query);
  const fallback = useRef<string | null>(null);
  const takesType = useMemo(() => compileFitting(draft.type), [draft.type]);
  const latest = (recent.items.find((event) => takesType(event.type)) ?? recent.items[0])?.id ?? null;
  if (fallback.current === null || !recent.items.some((event) => event.id === fallback.current))
    fallback.current = latest;
  const eventId = chosen ?? fallback.current;

  const input: PreviewInput = previewOf(draft, slug);
  const signature = stringifyExact(input);
  const rested = useDebounced(signature, waitMs);
  const lastComplete = useRef<{ signature: string; input: PreviewInput } | null>(
    isComplete ? { signature, input } : null,
  );
  if (isComplete && rested === signature && lastComplete.current?.signature !== signature) {
    lastComplete.current = { signature, input };
  }
  const tried = lastComplete.current;
  const listener = tried?.input ?? null;

  const event = useCall('events.get', eventId === null ? null : { id: eventId }, { keep: true });
  const one = useCall('listeners.preview', listener === null || eventId === null ? null : { listener, eventId }, {
    keep: true,
  });

  const verdict = one.value?.verdict ?? null;
  const clause = verdict?.clauses.find(
    (part) => part.kind === 'all' || part.kind === 'any' || part.kind === 'not' || part.kind === 'leaf',
  );
  const isStale = tried?.signature !== signature || one.loading;
  const verdicts = useMemo(
    () => (clause === undefined || isStale ? new Map<string, ClauseVerdict>() : verdictsOf(draft.where, clause)),
    [clause, draft.where, isStale],
  );
  return {
    eventId,
    chooseEvent: setChosen,
    event: event.value?.id === eventId ? event.value : undefined,
    verdict,
    verdictError: one.error,
    verdicts,
    tried,
    isStale,
    isComplete,
    isSaved: slug !== null,
  };
}
