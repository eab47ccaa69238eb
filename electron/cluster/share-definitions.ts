import { AppError } from '../../shared/contract/errors.ts';
import type { ConfigDefinitions, Definitions } from '../definitions/definition-types.ts';
import type { Writer } from '../store/write/writer.ts';
import type { Machine } from './machine.ts';

const noSecrets = (): Promise<never> =>
  Promise.reject(
    new AppError(
      'unavailable',
      'Secrets cannot be stored in a cluster yet. Refer to an environment variable or a file, which each node reads for itself.',
    ),
  );

/** The same definitions, changed on every node of a cluster at the same place of its log: of two changes of one version the first wins. */
export function shareDefinitions(definitions: Definitions, share: Machine['share'], ownWriter: Writer): Definitions {
  const { sources, listeners, jobs, alarms, settings } = definitions;
  // A node that is slow to show what came of its file must not end for it, as it did at a start under load.
  const applyConfig = share('definitions.config', (config: ConfigDefinitions) => definitions.applyConfig(config), {
    isInsisting: true,
  });
  return {
    ...definitions,
    sources: {
      ...sources,
      create: share('definitions.sources.create', sources.create),
      update: share('definitions.sources.update', sources.update),
      setEnabled: share('definitions.sources.enable', sources.setEnabled),
      remove: share('definitions.sources.remove', sources.remove),
    },
    listeners: {
      ...listeners,
      create: share('definitions.listeners.create', listeners.create),
      update: share('definitions.listeners.update', listeners.update),
      setState: share('definitions.listeners.state', listeners.setState),
    },
    jobs: {
      ...jobs,
      create: share('definitions.jobs.create', jobs.create),
      update: share('definitions.jobs.update', jobs.update),
      remove: share('definitions.jobs.remove', jobs.remove),
    },
    alarms: {
      ...alarms,
      create: share('definitions.alarms.create', alarms.create),
      update: share('definitions.alarms.update', alarms.update),
      setEnabled: share('definitions.alarms.enable', alarms.setEnabled),
      remove: share('definitions.alarms.remove', alarms.remove),
    },
    settings: { ...settings, update: share('definitions.settings.update', settings.update) },
    secrets: { ...definitions.secrets, set: noSecrets, remove: noSecrets },
    async applyConfig(config, onChanged) {
      const applied = await applyConfig(config);
      // What is noted of it concerns this node.
      if (applied.changed && onChanged !== undefined) await ownWriter.write((tx) => onChanged(tx, applied.changes));
      return applied;
    },
  };
}
