import type { Logger } from 'pino';
import type { Connection, DesktopInput, LinePhase, SignIn } from '../../../shared/contract/desktop.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Reply } from '../../../shared/contract/reply.ts';
import type { PushHub } from '../../console/push/push-hub.ts';
import { type Credential, endSession, requestCredential } from './credential.ts';
import type { SavedConnection, SavedConnections } from './saved-connections.ts';
import { isLoopbackHost, parseServerAddress } from './server-address.ts';
import type { Fetch } from './server-fetch.ts';
import { createServerLine, type ServerLine } from './server-line.ts';

export interface ConnectionsDeps {
  saved: SavedConnections;
  /** The app in this process. */
  local: Pick<PushHub, 'connect'>;
  openSession(fingerprint: string | null): Fetch;
  /** The window is about to show another connection; false: the person keeps what was typed in it. */
  mayLeave(): Promise<boolean>;
  /** Shows the window as it is, at the path. */
  open(path: string | undefined): void;
  /** Loads the window's page again, at the path. */
  reload(path: string | undefined): void;
  onChange(): void;
  log: Logger;
}

export interface Connections {
  list(): Connection[];
  current(): string | null;
  phase(): LinePhase;
  /** Null: the call is this computer's. */
  answer(name: string, input: unknown): Promise<Reply> | null;
  /** Pushes of whichever connection is on show. */
  hub: Pick<PushHub, 'connect'>;
  lineOf(id: string): ServerLine | null;
  connect(input: DesktopInput<'desktop.connect'>): Promise<void>;
  signIn(id: string, given: SignIn): Promise<void>;
  /** False: the person stayed with the one on show. */
  show(id: string | null, path?: string): Promise<boolean>;
  change(input: DesktopInput<'desktop.change'>): void;
  remove(id: string): Promise<void>;
  close(): void;
}

/** This computer and the saved servers: which one the window shows, and the lines to them. */
export function openConnections(deps: ConnectionsDeps): Connections {
  const { saved, log } = deps;
  const lines = new Map<string, ServerLine>();

  const find = (id: string): SavedConnection => {
    const found = saved.get(id);
    if (found === null) throw new AppError('not_found', 'This connection is not saved any more.');
    return found;
  };

  function lineOf(id: string): ServerLine | null {
    const known = lines.get(id);
    if (known !== undefined) return known;
    const connection = saved.get(id);
    if (connection === null) return null;
    const line = createServerLine({
      name: connection.name,
      address: connection.address,
      fetch: deps.openSession(connection.fingerprint),
      credential: () => saved.credential(id),
      onPhase(phase) {
        log.info({ connection: connection.name, phase }, 'the line to a server changed');
        if (saved.current() === id) deps.onChange();
      },
      log,
    });
    lines.set(id, line);
    return line;
  }

  const currentLine = (): ServerLine | null => {
    const id = saved.current();
    return id === null ? null : lineOf(id);
  };

  function drop(id: string): void {
    lines.get(id)?.close();
    lines.delete(id);
  }

  /** What opens the server from now on. Throws AppError unless the server takes it. */
  async function request(connection: Omit<SavedConnection, 'id'>, given: SignIn): Promise<Credential> {
    const fetch = deps.openSession(connection.fingerprint);
    const credential = await requestCredential(fetch, connection.address, given);
    const line = createServerLine({
      name: connection.name,
      address: connection.address,
      fetch,
      credential: () => credential,
      onPhase: () => undefined,
      log,
    });
    try {
      const reply = await line.answer('app.status', {});
      if (reply.ok) return credential;
      const { code, message } = reply.error;
      throw code === 'unauthorized'
        ? new AppError('unauthorized', `${connection.address} does not accept this token.`)
        : new AppError(
            code,
            message.replace(' Retrying automatically.', ' Check the address and that the server runs.'),
          );
    } finally {
      line.close();
    }
  }

  async function show(id: string | null, path?: string): Promise<boolean> {
    if (id !== null) find(id);
    if (id === saved.current()) {
      deps.open(path);
      return true;
    }
    if (!(await deps.mayLeave())) return false;
    saved.setCurrent(id);
    log.info({ connection: id === null ? 'this computer' : find(id).name }, 'the window shows another connection');
    deps.onChange();
    deps.reload(path);
    return true;
  }

  return {
    list: () =>
      saved.list().map(({ id, name, address, color, fingerprint, notify }) => {
        const line = lines.get(id);
        const signedIn = saved.hasCredential(id) && line?.phase() !== 'signed-out';
        return { id, name, address, color, fingerprint, notify, signedIn };
      }),
    current: saved.current,
    phase: () => currentLine()?.phase() ?? 'connected',
    answer: (name, input) => currentLine()?.answer(name, input) ?? null,
    hub: { connect: (send, options) => (currentLine() ?? deps.local).connect(send, options) },
    lineOf,
    async connect({ address: typed, name, color, fingerprint, allowPlain, signIn }) {
      const address = parseServerAddress(typed);
      const { protocol, hostname } = new URL(address);
      if (protocol === 'http:' && !isLoopbackHost(hostname) && !allowPlain) {
        throw new AppError('forbidden', `${address} is not encrypted: everyone on the way could read the sign-in.`);
      }
      if (saved.list().some((one) => one.address === address)) {
        throw new AppError('conflict', `${address} is saved already. Switch to it in the File menu.`);
      }
      const connection = { name, address, color, fingerprint, notify: false };
      await show(saved.add(connection, await request(connection, signIn)));
    },
    async signIn(id, given) {
      saved.setCredential(id, await request(find(id), given));
      lines.get(id)?.retry();
      deps.onChange();
    },
    show,
    change({ id, ...part }) {
      find(id);
      const { name, color, notify } = part;
      saved.change(id, {
        ...(name === undefined ? {} : { name }),
        ...(color === undefined ? {} : { color }),
        ...(notify === undefined ? {} : { notify }),
      });
      deps.onChange();
    },
    async remove(id) {
      const { name, address, fingerprint } = find(id);
      if (saved.current() === id && !(await show(null, '/connections'))) return;
      drop(id);
      const credential = saved.credential(id);
      saved.remove(id);
      if (credential !== null) {
        endSession(deps.openSession(fingerprint), address, credential).catch((error: unknown) =>
          log.warn({ err: error, connection: name }, 'the session on a server could not be ended'),
        );
      }
      deps.onChange();
    },
    close() {
      for (const id of [...lines.keys()]) drop(id);
    },
  };
}
