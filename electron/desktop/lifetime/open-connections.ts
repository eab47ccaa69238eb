import { join } from 'node:path';
import type { Logger } from 'pino';
import type { PushHub } from '../../console/push/push-hub.ts';
import type { SecretBox } from '../../runtime/runtime-types.ts';
import { type Connections, openConnections } from '../connections/connections.ts';
import { openSavedConnections } from '../connections/saved-connections.ts';
import { openServerSession } from '../connections/server-session.ts';
import type { OneWindow } from '../window/one-window.ts';
import { hasUnsavedInput, mayDiscardInput } from '../window/unsaved-input.ts';

export interface WindowConnectionsDeps {
  dataDir: string;
  local: Pick<PushHub, 'connect'>;
  secretBox(): SecretBox | undefined;
  window(): OneWindow;
  onChange(): void;
  log: Logger;
}

export interface WindowConnections {
  connections: Connections;
  /** What was typed in the window has been asked about already. */
  isSwitching(): boolean;
}

/** The saved connections, and how the window changes from one to another. */
export function openWindowConnections(deps: WindowConnectionsDeps): WindowConnections {
  const { log, window } = deps;
  let isSwitching = false;
  const connections = openConnections({
    saved: openSavedConnections({ file: join(deps.dataDir, 'connections.json'), secretBox: deps.secretBox, log }),
    local: deps.local,
    openSession: openServerSession,
    async mayLeave() {
      const shown = window().current();
      return shown === null || !(await hasUnsavedInput(shown)) || (await mayDiscardInput(shown, 'Switch'));
    },
    open: (path) => window().open(path),
    reload(path) {
      isSwitching = true;
      window()
        .reload(path)
        .catch((error: unknown) => log.error({ err: error }, 'the window could not be loaded again'))
        .finally(() => {
          isSwitching = false;
        });
    },
    onChange: deps.onChange,
    log,
  });
  return { connections, isSwitching: () => isSwitching };
}
