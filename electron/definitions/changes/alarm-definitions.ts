import type { AlarmSpec } from '../../../shared/contract/alarms.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import {
  deleteAlarm,
  lastAlarmVersion,
  putAlarm,
  readAlarm,
  readAlarmVersions,
  type StoredAlarm,
} from '../../store/definitions/alarms.ts';
import type { Saver } from '../../store/definitions/jobs.ts';
import { assertEditable, notFound, taken } from '../checks/refusals.ts';
import { alarmSecrets, secretProblem } from '../checks/secret-refs.ts';
import type { AlarmDefinitions } from '../definition-types.ts';
import { type DefinitionState, isDamaged, isSameJson } from './definition-state.ts';

const gone = 'which does not exist; create it again or choose another';

/** What an alarm names that is not there, and what it names too much. */
export function alarmDetails(
  { when }: Pick<AlarmSpec, 'when'>,
  has: { source(slug: string): boolean; job(slug: string): boolean; listener(slug: string): boolean },
): ErrorDetail[] {
  const named = {
    source: 'source' in when ? when.source : undefined,
    job: 'job' in when ? when.job : undefined,
    listener: 'listener' in when ? when.listener : undefined,
  };
  const details: ErrorDetail[] = [];
  for (const kind of ['source', 'job', 'listener'] as const) {
    const slug = named[kind];
    if (slug !== undefined && !has[kind](slug))
      details.push({ path: ['when', kind], message: `names the ${kind} "${slug}", ${gone}` });
  }
  if (named.job !== undefined && named.listener !== undefined)
    details.push({ path: ['when', 'listener'], message: 'cannot be given together with a job' });
  return details;
}

export function createAlarmDefinitions(state: DefinitionState): AlarmDefinitions {
  const { writer, secretStore } = state.options;

  const has = {
    source: (slug: string) => state.sources.has(slug),
    job: (slug: string) => state.jobs.has(slug),
    listener: (slug: string) => (state.listeners.get(slug)?.state ?? 'deleted') !== 'deleted',
  };

  function assertRefs(spec: AlarmSpec): void {
    const details = alarmDetails(spec, has);
    if (details.length === 0) return;
    const list = details.map(({ path, message }) => `${String(path.at(-1))} ${message}`).join(', and ');
    throw new AppError('invalid_input', `The condition of the alarm has errors: ${list}.`, details);
  }

  async function change(
    slug: string,
    version: number | undefined,
    by: Saver | undefined,
    edit: (spec: AlarmSpec) => AlarmSpec,
  ): Promise<StoredAlarm> {
    const stored = await writer.write(({ db }) => {
      const before = readAlarm(db, slug);
      if (before === null) throw notFound('alarm', slug);
      assertEditable('alarm', slug, before, state.configFile, version);
      const spec = edit(before.spec);
      if (isSameJson(before.spec, spec)) return before;
      const after: StoredAlarm = {
        spec,
        owner: 'user',
        version: before.version + 1,
        createdAtMs: before.createdAtMs,
        updatedAtMs: state.nowMs(),
        savedBy: by?.name,
      };
      putAlarm(db, after);
      return after;
    });
    state.reload(['alarms']);
    return stored;
  }

  return {
    list: () => [...state.alarms.values()],
    get(slug) {
      const alarm = state.alarms.get(slug);
      if (alarm === undefined) throw notFound('alarm', slug);
      return alarm;
    },
    versions: (slug) => readAlarmVersions(state.options.db, slug).rows,
    async create(spec, by) {
      assertRefs(spec);
      const nowMs = state.nowMs();
      const stored = await writer.write(({ db }) => {
        if (state.alarms.has(spec.slug) && !isDamaged(state, 'alarm', spec.slug)) throw taken('alarm', spec.slug);
        // The versions of an earlier alarm of this slug are still there.
        const version = lastAlarmVersion(db, spec.slug) + 1;
        const meta = { owner: 'user', createdAtMs: nowMs, updatedAtMs: nowMs } as const;
        const made: StoredAlarm = { spec, version, savedBy: by?.name, ...meta };
        putAlarm(db, made);
        return made;
      });
      state.reload(['alarms']);
      return stored;
    },
    async update(spec, version, by) {
      assertRefs(spec);
      return await change(spec.slug, version, by, () => spec);
    },
    setEnabled: (slug, enabled, by) => change(slug, undefined, by, (spec) => ({ ...spec, enabled })),
    async remove(slug) {
      await writer.write(({ db }) => {
        // The row need not be readable to be removed, but then only the operator can own it.
        const before = state.alarms.get(slug);
        if (before !== undefined) assertEditable('alarm', slug, before, state.configFile);
        if (!deleteAlarm(db, slug)) throw notFound('alarm', slug);
      });
      state.reload(['alarms']);
    },
    problem({ spec }) {
      const wrong = alarmDetails(spec, has);
      if (wrong.length > 0) return `It ${wrong.map((detail) => detail.message).join(', and ')}.`;
      if (spec.notify?.some(({ via }) => via === 'email') === true && state.settings.smtp.host === '')
        return 'E-mail needs an SMTP server. Set it under Settings, E-mail.';
      return secretProblem(alarmSecrets(spec), secretStore.read);
    },
  };
}
