import type { Logger } from 'pino';
import { localCaller } from '../../../shared/contract/access/caller.ts';
import type { Audit } from '../../accounts/audit.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import { presets } from '../../sources/presets.ts';
import type { Alerts } from '../../upkeep/alerts.ts';
import type { HeldStart } from '../../upkeep/held-start.ts';
import { type ConfigFile, createConfigFile } from './config-file.ts';

export interface OpenConfigDeps {
  file: string | null;
  definitions: Definitions;
  workerFile: string;
  alerts: Alerts;
  held: HeldStart;
  ending: AbortSignal | undefined;
  log: Logger;
  audit: Pick<Audit, 'recordIn'>;
}

/** Applies the config file, and follows its changes from then on; null without one. Throws StartError. */
export async function openConfig(deps: OpenConfigDeps): Promise<ConfigFile | null> {
  const { file, definitions, workerFile, alerts, held, ending, log, audit } = deps;
  if (file === null) return null;
  const config = createConfigFile({
    file,
    definitions,
    presets,
    log,
    workerFile,
    onChanged(tx, changes) {
      const caller = localCaller('memory', 'config_file');
      audit.recordIn(tx.db, { caller, call: 'config.apply', target: file, outcome: 'done', after: { changes } });
    },
    onStatus({ error }) {
      if (error === null) alerts.clear('config_rejected');
      else alerts.raise('config_rejected', 'error', `The changed config file is not applied: ${error}`);
    },
  });
  ending?.addEventListener('abort', () => void config.close(), { once: true });
  // Without a change nothing is written.
  await held.attempt('config file', () => config.applyAtStart());
  await config.follow();
  return config;
}
