import { useCallback } from 'react';
import type { Settings, SettingsPatch } from '../../../../shared/contract/settings.ts';
import { AppError, call } from '../../../client/index.ts';
import { type CallState, useCall, usePush } from '../../../model/calls/use-call.ts';
import { showUndo } from '../../../ui/feedback/toasts.tsx';
import { inverseOf } from './settings-patch.ts';

export interface SettingsState extends CallState<Settings> {
  /** Saves at once and offers to take it back; gives the reason when it was refused. */
  save: (patch: SettingsPatch, what: string) => Promise<string | null>;
}

export function useSettings(): SettingsState {
  const got = useCall('settings.get', {});
  const { value, setValue } = got;
  usePush('settings.changed', setValue);
  const save = useCallback(
    async (patch: SettingsPatch, what: string): Promise<string | null> => {
      if (value === undefined) return null;
      const back = inverseOf(value, patch);
      try {
        setValue(await call('settings.update', patch));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return error.details?.map((detail) => detail.message).join('; ') || error.message;
      }
      showUndo({
        message: `${what} was changed`,
        undo: async () => setValue(await call('settings.update', back)),
      });
      return null;
    },
    [value, setValue],
  );
  return { ...got, save };
}
