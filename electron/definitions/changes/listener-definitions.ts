import { patternsOf } from '../../../shared/conditions/patterns/type-pattern.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import type { ListenerSpec } from '../../../shared/contract/listeners.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { hasJob, type Saver } from '../../store/definitions/jobs.ts';
import {
  type ListenerBody,
  lastListenerVersion,
  putListener,
  readListener,
  readListenerVersions,
  type StoredListener,
} from '../../store/definitions/listeners.ts';
import { hasSource } from '../../store/definitions/sources.ts';
import { misfitDetails, readListenerSpec } from '../checks/listener-checks.ts';
import { assertEditable, notFound, taken } from '../checks/refusals.ts';
import type { ListenerDefinitions } from '../definition-types.ts';
import { assertReadable, type DefinitionState, isDamaged, isSameJson } from './definition-state.ts';

export const listenerBody = (listener: ListenerBody): ListenerBody => {
  const { name, source, type, where, filter, job, mode, deadline, fallback, priority, approval, resolves, batch } =
    listener;
  const written = { ...(filter === undefined ? {} : { filter }), ...(batch === undefined ? {} : { batch }) };
  return { name, source, type, where, ...written, job, mode, deadline, fallback, priority, approval, resolves };
};

const gone = 'which does not exist; create it again or choose another';

/** What a listener names that is not there. */
export function missingRefs(
  { source, job }: Pick<ListenerBody, 'source' | 'job'>,
  has: { source(slug: string): boolean; job(slug: string): boolean },
): ErrorDetail[] {
  const details: ErrorDetail[] = [];
  if (source !== null && !has.source(source))
    details.push({ path: ['source'], message: `names the source "${source}", ${gone}` });
  if (!has.job(job)) details.push({ path: ['job'], message: `names the job "${job}", ${gone}` });
  return details;
}

function assertRefs(db: ReadableDb, body: ListenerBody, jobs: DefinitionState['jobs']): void {
  const details = [
    ...missingRefs(body, { source: (slug) => hasSource(db, slug), job: (slug) => hasJob(db, slug) }),
    ...misfitDetails(body, jobs.get(body.job)?.spec),
  ];
  if (details.length === 0) return;
  const list = details.map((detail) => detail.message).join(', and ');
  throw new AppError('invalid_input', `The listener ${list}.`, details);
}

export function createListenerDefinitions(state: DefinitionState): ListenerDefinitions {
  const { writer } = state.options;

  const readBody = (spec: ListenerSpec): ListenerBody => {
    const body = readListenerSpec(spec);
    return { ...body, type: patternsOf(state.sources.get(body.source ?? '')?.spec.preset, body.type) };
  };

  const next = (before: StoredListener, change: Partial<StoredListener>, by: Saver | undefined): StoredListener => ({
    ...before,
    ...change,
    savedBy: by?.name,
    owner: 'user',
    version: before.version + 1,
    updatedAtMs: state.nowMs(),
  });

  return {
    list: () => [...state.listeners.values()],
    get(slug) {
      assertReadable(state, 'listener', slug);
      const listener = state.listeners.get(slug);
      if (listener === undefined) throw notFound('listener', slug);
      return listener;
    },
    versions(slug) {
      assertReadable(state, 'listener', slug);
      if (!state.listeners.has(slug)) throw notFound('listener', slug);
      return readListenerVersions(state.options.db, slug).rows;
    },
    async create(spec, startState, by) {
      const body = readBody(spec);
      const nowMs = state.nowMs();
      const meta = { owner: 'user', createdAtMs: nowMs, updatedAtMs: nowMs } as const;
      const stored = await writer.write(({ db }): StoredListener => {
        const before = isDamaged(state, 'listener', spec.slug) ? null : readListener(db, spec.slug);
        if (before?.state === 'deleted') {
          throw new AppError(
            'conflict',
            `There is a deleted listener "${spec.slug}"; restore it, or choose another slug.`,
            [{ path: ['slug'], message: 'is taken by a deleted listener' }],
          );
        }
        if (before !== null) throw taken('listener', spec.slug);
        assertRefs(db, body, state.jobs);
        // The versions of one that is damaged are still there.
        const version = lastListenerVersion(db, spec.slug) + 1;
        const savedBy = by?.name;
        const made: StoredListener = { slug: spec.slug, ...body, state: startState, savedBy, ...meta, version };
        putListener(db, made);
        return made;
      });
      state.reload(['listeners']);
      return stored;
    },
    async update(spec, version, by) {
      assertReadable(state, 'listener', spec.slug);
      const body = readBody(spec);
      const stored = await writer.write(({ db }) => {
        const before = readListener(db, spec.slug);
        if (before === null) throw notFound('listener', spec.slug);
        assertEditable('listener', spec.slug, before, state.configFile, version);
        if (before.state === 'deleted') {
          throw new AppError('wrong_state', `Listener "${spec.slug}" is deleted; restore it before changing it.`);
        }
        assertRefs(db, body, state.jobs);
        if (isSameJson(listenerBody(before), body)) return before;
        // A filter that is not given any more is gone, as is every other part.
        const after = next(before, { filter: undefined, batch: undefined, ...body }, by);
        putListener(db, after);
        return after;
      });
      state.reload(['listeners']);
      return stored;
    },
    async setState(slug, to, version, by) {
      assertReadable(state, 'listener', slug);
      const stored = await writer.write(({ db }) => {
        const before = readListener(db, slug);
        if (before === null) throw notFound('listener', slug);
        // What the file declared once and does not any more may be taken over by restoring it.
        const configFile = before.state === 'deleted' ? null : state.configFile;
        assertEditable('listener', slug, before, configFile, version);
        if (before.state === to) return before;
        if (before.state === 'deleted' && to === 'active') {
          throw new AppError('wrong_state', `Listener "${slug}" is deleted; restore it as disabled first.`);
        }
        if (to === 'active') assertRefs(db, before, state.jobs);
        const after = next(before, { state: to }, by);
        putListener(db, after);
        return after;
      });
      state.reload(['listeners']);
      return stored;
    },
    problem(listener) {
      const wrong = [
        ...missingRefs(listener, { source: (slug) => state.sources.has(slug), job: (slug) => state.jobs.has(slug) }),
        ...misfitDetails(listener, state.jobs.get(listener.job)?.spec),
      ];
      return wrong.length === 0 ? null : `It ${wrong.map((detail) => detail.message).join(', and ')}.`;
    },
  };
}
