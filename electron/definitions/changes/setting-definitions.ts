import type { Settings, SettingsPatch } from '../../../shared/contract/settings.ts';
import type { WritableDb } from '../../store/database/open.ts';
import { putSetting, readSettings } from '../../store/definitions/settings.ts';
import type { Definitions } from '../definition-types.ts';
import { mergeSettings } from './default-settings.ts';
import { type DefinitionState, isSameJson } from './definition-state.ts';

/** Inside a transaction: writes what differs and says whether anything did. */
export function writeSettings(db: WritableDb, defaults: Settings, patch: SettingsPatch): boolean {
  const before = readSettings(db, defaults).settings;
  const after = mergeSettings(before, patch);
  let isChanged = false;
  const put = <K extends keyof Settings>(key: K): void => {
    if (isSameJson(before[key], after[key])) return;
    putSetting(db, key, after[key]);
    isChanged = true;
  };
  put('operatorName');
  put('publicUrl');
  put('consoleUrl');
  put('acceptedHosts');
  put('trustedProxies');
  put('concurrency');
  put('inheritEnv');
  put('retention');
  put('notifyOnFailure');
  put('keepInTray');
  put('backupDaily');
  put('backupsKept');
  put('access');
  put('smtp');
  return isChanged;
}

export function createSettingDefinitions(state: DefinitionState): Definitions['settings'] {
  const { writer, defaultSettings } = state.options;
  return {
    get: () => state.settings,
    async update(patch) {
      const isChanged = await writer.write(({ db }) => writeSettings(db, defaultSettings, patch));
      if (isChanged) state.reload(['settings']);
      return state.settings;
    },
  };
}
