import { appCaller } from '../../../shared/contract/access/caller.ts';
import type { Status } from '../../../shared/contract/app.ts';
import { pushes } from '../../../shared/contract/pushes.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Runtime } from '../../runtime/runtime-types.ts';

export interface FollowedApp {
  status(): Status;
  settings(): Settings;
  onChange(listener: () => void): void;
  close(): void;
}

/** Keeps today's status and settings at hand for tray, notifications and window, by the pushes that pages get too. */
export async function followApp({ handlers, pushHub }: Pick<Runtime, 'handlers' | 'pushHub'>): Promise<FollowedApp> {
  let status = await handlers['app.status']({}, appCaller);
  let settings = await handlers['settings.get']({}, appCaller);
  const listeners: (() => void)[] = [];
  const connection = pushHub.connect(
    ({ name, value }) => {
      if (name === 'app.statusChanged') status = pushes['app.statusChanged'].parse(value);
      else settings = pushes['settings.changed'].parse(value);
      for (const listener of listeners) listener();
      return true;
    },
    { names: ['app.statusChanged', 'settings.changed'] },
  );
  return {
    status: () => status,
    settings: () => settings,
    onChange(listener) {
      listeners.push(listener);
    },
    close: () => connection.close(),
  };
}
