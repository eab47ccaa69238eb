import { availableParallelism } from 'node:os';
import { defaultAccess } from '../../../shared/contract/access/access-settings.ts';
import type { Settings, SettingsPatch } from '../../../shared/contract/settings.ts';

export const defaultSettings = (cores: number = availableParallelism()): Settings => ({
  operatorName: '',
  publicUrl: '',
  consoleUrl: '',
  acceptedHosts: [],
  trustedProxies: [],
  concurrency: Math.min(256, Math.max(1, cores - 1)),
  inheritEnv: [],
  retention: { days: 30, events: 100_000, bytes: 2 * 1024 ** 3, outputDays: 14 },
  notifyOnFailure: true,
  keepInTray: true,
  backupDaily: true,
  backupsKept: 7,
  access: defaultAccess,
  smtp: { host: '', port: 587, security: 'starttls', user: '', password: null, from: '' },
});

/** The settings after a patch; of `retention`, `access` and `smtp` only the parts given are replaced. */
export function mergeSettings(settings: Settings, patch: SettingsPatch): Settings {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return {
    ...settings,
    ...given,
    retention: { ...settings.retention, ...patch.retention },
    access: { ...settings.access, ...patch.access },
    smtp: { ...settings.smtp, ...patch.smtp },
  };
}
