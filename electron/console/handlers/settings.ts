import type { AccessSettings } from '../../../shared/contract/access/access-settings.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import { isoTime } from '../../store/database/times.ts';

export type SettingHandlers = Pick<Handlers, Extract<keyof Handlers, `settings.${string}` | `secrets.${string}`>>;

export function createSettingHandlers(
  definitions: Pick<Definitions, 'settings' | 'secrets' | 'exportConfig'>,
  hasUsableAdmin: (access: AccessSettings) => boolean,
): SettingHandlers {
  const { settings, secrets } = definitions;
  return {
    'settings.get': () => settings.get(),
    'settings.update': (patch) => {
      const { access } = patch;
      if (access?.consoleToken === 'local' && !hasUsableAdmin({ ...settings.get().access, ...access })) {
        throw new AppError(
          'conflict',
          'The console token cannot be turned off over the network without an admin account that can sign in. Add one first.',
          [{ path: ['access', 'consoleToken'], message: 'needs an admin who can sign in' }],
        );
      }
      return settings.update(patch);
    },
    'settings.exportConfig': () => ({ yaml: definitions.exportConfig() }),
    'secrets.list': () => ({
      items: secrets.list().map(({ name, updatedAtMs, usedBy }) => ({ name, updatedAt: isoTime(updatedAtMs), usedBy })),
    }),
    'secrets.set': async ({ name, value }) => {
      await secrets.set(name, value);
      return { done: true };
    },
    'secrets.remove': async ({ name }) => {
      await secrets.remove(name);
      return { done: true };
    },
  };
}
