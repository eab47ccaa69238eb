import { create } from 'zustand';
import type { DesktopCallName, DesktopInput, DesktopMessage, DesktopState } from '../../../shared/contract/desktop.ts';
import { AppError, desktop } from '../../client/index.ts';

/** The state of the desktop app around this window; null in a browser, and until it is known. */
export const useDesktop = create<{ state: DesktopState | null }>(() => ({ state: null }));

export const isDesktop = desktop !== null;

type StateCall = { [N in DesktopCallName]: N }[DesktopCallName];

/** A call that answers with the new state. Throws AppError. */
export async function changeDesktop<N extends StateCall>(name: N, input: DesktopInput<N>): Promise<void> {
  if (desktop === null) throw new AppError('unavailable', 'This is only there in the desktop app.');
  useDesktop.setState({ state: await desktop.call(name, input) });
}

type Command = Extract<DesktopMessage, { type: 'command' }>['command'];
const commands = new Map<Command, () => void>();

/** Carries out a menu's entry until the returned function is called. */
export function onMenuCommand(command: Command, run: () => void): () => void {
  commands.set(command, run);
  return () => {
    if (commands.get(command) === run) commands.delete(command);
  };
}

/** Follows the desktop app; called once at start. */
export function followDesktop(): () => void {
  if (desktop === null) return () => undefined;
  desktop.call('desktop.state', {}).then(
    (state) => useDesktop.setState({ state }),
    // Until the app tells of a change, what depends on it is not offered.
    () => undefined,
  );
  return desktop.onMessage((message) => {
    if (message.type === 'state') useDesktop.setState({ state: message.state });
    else commands.get(message.command)?.();
  });
}
