import type { SecretRef } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { inUse } from '../checks/refusals.ts';
import { alarmSecrets, jobSecrets, sourceSecrets } from '../checks/secret-refs.ts';
import type { SecretDefinitions } from '../definition-types.ts';
import type { DefinitionState } from './definition-state.ts';

export function createSecretDefinitions(state: DefinitionState): SecretDefinitions {
  const { secretStore } = state.options;

  function usersOf(name: string): string[] {
    const isNamed = (ref: SecretRef): boolean => 'secret' in ref && ref.secret === name;
    const sources = [...state.sources.values()].filter(({ spec }) => sourceSecrets(spec).some(isNamed));
    const jobs = [...state.jobs.values()].filter(({ spec }) => jobSecrets(spec).some(isNamed));
    const alarms = [...state.alarms.values()].filter(({ spec }) => alarmSecrets(spec).some(isNamed));
    const { password } = state.settings.smtp;
    return [
      ...sources.map(({ spec }) => `source ${spec.slug}`),
      ...jobs.map(({ spec }) => `job ${spec.slug}`),
      ...alarms.map(({ spec }) => `alarm ${spec.slug}`),
      ...(password !== null && isNamed(password) ? ['setting smtp'] : []),
    ];
  }

  return {
    list: () => secretStore.list().map((secret) => ({ ...secret, usedBy: usersOf(secret.name) })),
    async set(name, value) {
      await secretStore.set(name, value);
      // What lacked it has one problem less.
      state.reload(['secrets', 'sources', 'jobs', 'alarms']);
    },
    async remove(name) {
      const users = usersOf(name);
      if (users.length > 0) throw inUse(`Secret "${name}"`, users);
      if (!(await secretStore.remove(name))) throw new AppError('not_found', `There is no stored secret "${name}".`);
      state.reload(['secrets']);
    },
  };
}
