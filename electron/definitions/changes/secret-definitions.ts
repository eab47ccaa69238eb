import type { SecretRef } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { inUse } from '../checks/refusals.ts';
import { jobSecrets, sourceSecrets } from '../checks/secret-refs.ts';
import type { SecretDefinitions } from '../definition-types.ts';
import type { DefinitionState } from './definition-state.ts';

export function createSecretDefinitions(state: DefinitionState): SecretDefinitions {
  const { secretStore } = state.options;

  function usersOf(name: string): string[] {
    const isNamed = (ref: SecretRef): boolean => 'secret' in ref && ref.secret === name;
    const sources = [...state.sources.values()].filter(({ spec }) => sourceSecrets(spec).some(isNamed));
    const jobs = [...state.jobs.values()].filter(({ spec }) => jobSecrets(spec).some(isNamed));
    return [...sources.map(({ spec }) => `source ${spec.slug}`), ...jobs.map(({ spec }) => `job ${spec.slug}`)];
  }

  return {
    list: () => secretStore.list().map((secret) => ({ ...secret, usedBy: usersOf(secret.name) })),
    async set(name, value) {
      await secretStore.set(name, value);
      // Sources and jobs that lacked it have one problem less.
      state.reload(['secrets', 'sources', 'jobs']);
    },
    async remove(name) {
      const users = usersOf(name);
      if (users.length > 0) throw inUse(`Secret "${name}"`, users);
      if (!(await secretStore.remove(name))) throw new AppError('not_found', `There is no stored secret "${name}".`);
      state.reload(['secrets']);
    },
  };
}
