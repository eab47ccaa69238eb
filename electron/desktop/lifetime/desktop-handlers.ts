import type { DesktopState } from '../../../shared/contract/desktop.ts';
import type { Connections } from '../connections/connections.ts';
import { probeServer } from '../connections/server-session.ts';
import type { DesktopHandlers } from '../desktop-calls.ts';
import type { DesktopFile } from '../desktop-file.ts';
import type { StartAtLogin } from '../login/autostart-file.ts';
import type { UpdateNotice } from '../updates/update-notice.ts';

export interface DesktopHandlerDeps {
  connections: Connections;
  /** Whether the system has a keychain. */
  keepsTokens(): boolean;
  login: StartAtLogin;
  updates: UpdateNotice;
  kept: DesktopFile;
}

export const readDesktopState = (deps: DesktopHandlerDeps): DesktopState => ({
  connections: deps.connections.list(),
  current: deps.connections.current(),
  phase: deps.connections.phase(),
  keepsTokens: deps.keepsTokens(),
  startAtLogin: { enabled: deps.login.isEnabled(), supported: deps.login.supported },
  updates: { feed: deps.kept.get().updateFeed, ...deps.updates.state() },
});

/** What the desktop app answers itself. Every change answers with the new state. */
export function createDesktopHandlers(deps: DesktopHandlerDeps): DesktopHandlers {
  const { connections, login, updates, kept } = deps;
  const state = (): DesktopState => readDesktopState(deps);
  return {
    'desktop.state': state,
    'desktop.probe': ({ address }) => probeServer(address),
    async 'desktop.connect'(input) {
      await connections.connect(input);
      return state();
    },
    async 'desktop.signIn'({ id, signIn }) {
      await connections.signIn(id, signIn);
      return state();
    },
    async 'desktop.show'({ id }) {
      await connections.show(id);
      return state();
    },
    'desktop.change'(input) {
      connections.change(input);
      return state();
    },
    async 'desktop.remove'({ id }) {
      await connections.remove(id);
      return state();
    },
    'desktop.setStartAtLogin'({ enabled }) {
      login.set(enabled);
      return state();
    },
    async 'desktop.setUpdateFeed'({ feed }) {
      kept.change({ updateFeed: feed });
      await updates.check();
      return state();
    },
    async 'desktop.checkForUpdate'() {
      await updates.check();
      return state();
    },
  };
}
