import { create } from 'zustand';
import type {
  Connection,
  DesktopCallName,
  DesktopInput,
  DesktopMessage,
  DesktopState,
  Probe,
} from '../../../shared/contract/desktop.ts';
import { writeStored } from '../../browser/storage.ts';
import { AppError, connectionKey, desktop } from '../../client/index.ts';

/** The state of the desktop app around this window; null in a browser, and until it is known. */
export const useDesktop = create<{ state: DesktopState | null }>(() => ({ state: null }));

export const isDesktop = desktop !== null;

/** The server that the window shows; null: this computer, or a browser. */
export const useShownConnection = (): Connection | null =>
  useDesktop(({ state }) => state?.connections.find(({ id }) => id === state.current) ?? null);

type StateCall = Exclude<DesktopCallName, 'desktop.probe'>;

function take(state: DesktopState): void {
  writeStored(connectionKey, state.current === null ? 'local' : 'server');
  useDesktop.setState({ state });
}

/** A call that answers with the new state. Throws AppError. */
export async function changeDesktop<N extends StateCall>(name: N, input: DesktopInput<N>): Promise<void> {
  if (desktop === null) throw new AppError('unavailable', 'This is only there in the desktop app.');
  take(await desktop.call(name, input));
}

/** What the server's address shows of itself before anything is sent. Throws AppError. */
export async function probeServer(address: string): Promise<Probe> {
  if (desktop === null) throw new AppError('unavailable', 'This is only there in the desktop app.');
  return await desktop.call('desktop.probe', { address });
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
    take,
    // Until the app tells of a change, what depends on it is not offered.
    () => undefined,
  );
  return desktop.onMessage((message) => {
    if (message.type === 'state') take(message.state);
    else commands.get(message.command)?.();
  });
}
