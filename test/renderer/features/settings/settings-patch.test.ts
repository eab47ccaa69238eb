import { describe, expect, it } from 'vitest';
import { inverseOf, parseWhole } from '../../../../renderer/features/settings/model/settings-patch.ts';
import { freeSlug, slugOf } from '../../../../renderer/model/definitions/slug.ts';
import { defaultAccess } from '../../../../shared/contract/access/access-settings.ts';
import { slugSchema } from '../../../../shared/contract/common.ts';
import type { Settings, SettingsPatch } from '../../../../shared/contract/settings.ts';

const settings: Settings = {
  operatorName: 'Ada',
  publicUrl: '',
  acceptedHosts: [],
  consoleUrl: '',
  trustedProxies: ['10.0.0.0/8'],
  concurrency: 4,
  inheritEnv: [],
  retention: { days: 30, events: 1000, bytes: 2_000_000, outputDays: 7 },
  notifyOnFailure: true,
  keepInTray: false,
  backupDaily: true,
  backupsKept: 7,
  access: defaultAccess,
  smtp: { host: '', port: 587, security: 'starttls', user: '', password: null, from: '' },
};

describe('settings', () => {
  it('takes back exactly what a patch changed', () => {
    const patches: SettingsPatch[] = [
      { operatorName: '' },
      { publicUrl: 'https://a.example', concurrency: 1 },
      { trustedProxies: [], notifyOnFailure: false },
      { keepInTray: true, retention: { days: 1, bytes: 5_000_000 } },
      { retention: { events: 200, outputDays: 1 } },
    ];
    for (const patch of patches) {
      const changed = { ...settings, ...patch, retention: { ...settings.retention, ...patch.retention } };
      const back = inverseOf(settings, patch);
      expect(Object.keys(back).sort()).toEqual(Object.keys(patch).sort());
      expect({ ...changed, ...back, retention: { ...changed.retention, ...back.retention } }).toEqual(settings);
    }
  });

  it('takes back one part of sign-in, and leaves what was changed after it', () => {
    expect(inverseOf(settings, { access: { auditDays: 30 } })).toEqual({
      access: { auditDays: defaultAccess.auditDays },
    });
    expect(inverseOf(settings, { access: { openId: null, proxyHeaders: null } })).toEqual({
      access: { openId: defaultAccess.openId, proxyHeaders: defaultAccess.proxyHeaders },
    });
  });

  it('reads whole numbers as people write them', () => {
    expect(parseWhole('100,000')).toBe(100_000);
    expect(parseWhole(' 1 000 ')).toBe(1000);
    expect(parseWhole('1.5')).toBeNull();
    expect(parseWhole('')).toBeNull();
  });
});

describe('slugs', () => {
  it('are made of any name that has something to say', () => {
    for (const name of ['Order desk', '  --Ünïcode!! ', 'ß', 'a'.repeat(200), 'x '.repeat(60)])
      expect(slugSchema.safeParse(slugOf(name)).success).toBe(true);
    expect(slugOf('日本')).toBe('');
  });

  it('step aside for one that is taken', () => {
    expect(freeSlug('a', new Set(['a', 'a-2']))).toBe('a-3');
    expect(freeSlug('a', new Set())).toBe('a');
    expect(freeSlug('a'.repeat(63), new Set(['a'.repeat(63)]))).toHaveLength(63);
  });
});
