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

/** The server that the window shows; null for this computer and in a browser. */
export const useShownConnection = (): Connection | null =>
  useDesktop(({ state }) => state?.connections.find(({ id }) => id === state.current) ?? null);

type StateCall = Exclude<DesktopCallName, 'desktop.probe'>;

function take(state: DesktopState): void {
  writeStored(connectionKey, state.current === null ? 'local' : 'server');
  useDesktop.setState({ state });
}

/** Makes a call that returns the new state, and keeps the state. Throws AppError. */
export async function changeDesktop<N extends StateCall>(name: N, input: DesktopInput<N>): Promise<void> {
  if (desktop === null) throw new AppError('unavailable', 'This is available only in the desktop app.');
  take(await desktop.call(name, input));
}

/** Encryption and certificate at an address, before any credentials are sent. Throws AppError. */
export async function probeServer(address: string): Promise<Probe> {
  if (desktop === null) throw new AppError('unavailable', 'This is available only in the desktop app.');
  return await desktop.call('desktop.probe', { address });
}

type Command = Extract<DesktopMessage, { type: 'command' }>['command'];
const commands = new Map<Command, () => void>();

/** Runs `run` for a menu command until the returned function is called. */
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
    // Desktop features stay hidden until the app sends a state.
    () => undefined,
  );
  return desktop.onMessage((message) => {
    if (message.type === 'state') take(message.state);
    else commands.get(message.command)?.();
  });
}
