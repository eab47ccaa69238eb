import type { ConfigChange } from '../../../shared/contract/config.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { listenerBody } from '../changes/listener-definitions.ts';
import type { ConfigPlan } from './plan-config.ts';

/** A plan for people and programs: definitions as they would be written, secrets by reference as everywhere. */
export function configChanges(
  { sources, jobs, listeners, alarms, settings }: ConfigPlan,
  baseDir: string,
): ConfigChange[] {
  return [
    ...sources.map(({ slug, before, after }) => change('source', slug, before?.spec ?? null, after)),
    ...jobs.map(({ slug, before, after }) =>
      change(
        'job',
        slug,
        before === null ? null : { ...before.spec, folder: before.baseDir },
        after === null ? null : { ...after, folder: baseDir },
      ),
    ),
    ...listeners.map(({ slug, before, after }) => {
      const isThere = before !== null && before.state !== 'deleted';
      return change('listener', slug, isThere ? { ...listenerBody(before), state: before.state } : null, after);
    }),
    ...alarms.map(({ slug, before, after }) => change('alarm', slug, before?.spec ?? null, after)),
    ...settings.map(({ key, before, after }) => change('setting', key, before, after)),
  ];
}

const change = (kind: ConfigChange['kind'], name: string, before: unknown, after: unknown): ConfigChange => ({
  kind,
  name,
  change: before === null ? 'added' : after === null ? 'removed' : 'changed',
  before: asJson(before),
  after: asJson(after),
});

/** Without the keys that are undefined. */
const asJson = (value: unknown): ConfigChange['after'] => parseExact(stringifyExact(value));
