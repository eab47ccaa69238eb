import type { TestedListener } from '../../../shared/conditions/evaluate/listener-test.ts';
import type { Reached } from '../../../shared/conditions/evaluate/reach.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers, Input, Output } from '../../../shared/contract/index.ts';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { readListenerDraft } from '../../definitions/checks/listener-checks.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import { explain, explainListener } from '../../listeners/explain.ts';
import { preview } from '../../listeners/preview.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import type { Saver } from '../../store/definitions/jobs.ts';
import type { StoredListener } from '../../store/definitions/listeners.ts';
import type { MatchableEvent } from '../../store/events/events.ts';
import type { ListenerPorts } from './ports.ts';

export interface ListenerHandlerDeps {
  definitions: Pick<Definitions, 'listeners' | 'jobs'>;
  ports: ListenerPorts;
  saverOf(caller: Caller): Saver;
}

export type ListenerHandlers = Omit<
  Pick<Handlers, Extract<keyof Handlers, `listeners.${string}`>>,
  'listeners.histogram' | 'listeners.statistics'
>;

const defaultPreviewLimit = 1000;
const defaultShadowLimit = 50;

export function createListenerHandlers({ definitions, ports, saverOf }: ListenerHandlerDeps): ListenerHandlers {
  const { listeners, jobs } = definitions;

  const show = (stored: StoredListener): Listener => {
    const { createdAtMs, updatedAtMs, ...listener } = stored;
    return {
      ...listener,
      createdAt: isoTime(createdAtMs),
      updatedAt: isoTime(updatedAtMs),
      problem: listeners.problem(stored),
      lastMatchedAt: isoTimeOrNull(ports.lastMatchedAtMs(stored.slug)),
    };
  };

  async function readEvent(id: string): Promise<MatchableEvent> {
    const event = await ports.readEventForMatching(id);
    if (event === null) throw new AppError('not_found', `There is no event "${id}".`);
    return event;
  }

  async function tryDraft(input: Input<'listeners.preview'>): Promise<Output<'listeners.preview'>> {
    const { slug } = input.listener;
    const draft = readListenerDraft(input.listener);
    const saved = savedOf(slug);
    if (input.eventId !== undefined) {
      const event = await readEvent(input.eventId);
      const name = input.listener.name ?? slug ?? 'draft';
      const explained = { slug: slug ?? 'draft', version: 0, state: 'active', name, job: '', ...draft } as const;
      return { ...preview(draft, saved ?? null, [event]), verdict: explainListener(explained, event, true) };
    }
    const events = await ports.recentEvents(input.limit ?? defaultPreviewLimit, narrow(draft, saved));
    return { ...preview(draft, saved ?? null, events), verdict: null };
  }

  const savedOf = (slug: string | undefined): StoredListener | undefined =>
    slug === undefined ? undefined : listeners.list().find((listener) => listener.slug === slug);

  return {
    'listeners.list': ({ includeDeleted }) => ({
      items: listeners
        .list()
        .filter((listener) => includeDeleted === true || listener.state !== 'deleted')
        .map(show),
    }),
    'listeners.get': ({ slug }) => show(listeners.get(slug)),
    'listeners.versions': ({ slug }) => {
      const current = listeners.get(slug);
      const items = listeners.versions(slug).map(({ atMs, ...version }) => ({
        version: version.version,
        at: isoTime(atMs),
        savedBy: version.savedBy ?? null,
        listener: show({ ...current, ...version, updatedAtMs: atMs }),
      }));
      return { items };
    },
    'listeners.create': async ({ state, ...spec }, caller) =>
      show(await listeners.create(spec, state ?? 'active', saverOf(caller))),
    'listeners.update': async ({ version, ...spec }, caller) =>
      show(await listeners.update(spec, version, saverOf(caller))),
    'listeners.setState': async ({ slug, state, version }, caller) =>
      show(await listeners.setState(slug, state, version, saverOf(caller))),
    'listeners.explain': async ({ eventId }) => ({
      items: explain(listeners.list(), await readEvent(eventId), jobs.has),
    }),
    'listeners.shadowMatches': ({ slug, limit = defaultShadowLimit }) => {
      const { version, updatedAtMs } = listeners.get(slug);
      const { count, rows } = ports.shadowMatches(slug, version, limit);
      return {
        matched: count?.matched ?? 0,
        since: isoTime(updatedAtMs),
        lastAt: isoTimeOrNull(count?.last_at ?? null),
        items: rows.map(({ id, type, source, received_at }) => ({
          id,
          type,
          source,
          receivedAt: isoTime(received_at),
        })),
      };
    },
    'listeners.preview': tryDraft,
    'listeners.backtest': ({ listener, after, cursor }) => {
      const saved = savedOf(listener.slug);
      return ports.backtest({
        draft: testedOf(readListenerDraft(listener)),
        saved: saved === undefined ? null : testedOf(saved),
        afterMs: after === undefined ? null : Date.parse(after),
        cursor,
      });
    },
  };
}

const testedOf = ({ source, type, where }: TestedListener): TestedListener => ({ source, type, where });

/** What both the draft and the saved definition leave out need not be read. */
function narrow(draft: Reached, saved: Reached | undefined): { source?: string; types?: readonly string[] } {
  const source = saved === undefined || saved.source === draft.source ? draft.source : null;
  const isEveryType = draft.type.length === 0 || saved?.type.length === 0;
  return {
    ...(source === null ? {} : { source }),
    ...(isEveryType ? {} : { types: [...new Set([...draft.type, ...(saved?.type ?? [])])] }),
  };
}
