import { pino } from 'pino';
import { dispatch } from '../../electron/console/calls/dispatch.ts';
import { createPushHub, type PushHub } from '../../electron/console/push/push-hub.ts';
import { answerCalls, channels, type IpcPort, type PushTarget, sendPushes } from '../../electron/desktop/pages/ipc.ts';
import { appCaller } from '../../shared/contract/access/caller.ts';
import type { Handlers } from '../../shared/contract/index.ts';
import { type PushEnvelope, pushEnvelopeSchema } from '../../shared/contract/pushes.ts';
import { type Reply, replySchema } from '../../shared/contract/reply.ts';
import { openConsoleServer, openFeed } from '../console/console-server.ts';

/** The contract as its users see it, however it is carried. */
export interface Client {
  call(name: string, input: unknown): Promise<Reply>;
  pushes(): PushEnvelope[];
  hub: PushHub;
  close(): Promise<void>;
}

/** What crosses a border between processes arrives as a copy. */
const overTheWire = (value: unknown): unknown => structuredClone(value);
const log = pino({ level: 'silent' });

async function memory(handlers: Handlers): Promise<Client> {
  const hub = createPushHub();
  const got: PushEnvelope[] = [];
  const connection = hub.connect((envelope) => {
    got.push(envelope);
    return true;
  });
  return {
    call: (name, input) => dispatch(handlers, name, input, appCaller, log, { checkOutput: true }),
    pushes: () => got,
    hub,
    close: async () => connection.close(),
  };
}

async function http(handlers: Handlers): Promise<Client> {
  const door = await openConsoleServer(handlers);
  const feed = await openFeed(door.port, door.bearer);
  return {
    call: async (name, input) => replySchema.parse(JSON.parse((await door.call(name, input)).text)),
    pushes: () => feed.envelopes().map((envelope) => pushEnvelopeSchema.parse(envelope)),
    hub: door.pushHub,
    close: () => door.server.close(),
  };
}

/** Electron's side of IPC played by functions; the real one is tried in test/e2e. */
async function ipc(handlers: Handlers): Promise<Client> {
  const hub = createPushHub();
  const got: PushEnvelope[] = [];
  let answer: Parameters<IpcPort['handle']>[1] | null = null;
  const port: IpcPort = {
    handle(channel, listener) {
      if (channel === channels.call) answer = listener;
    },
    removeHandler: () => {
      answer = null;
    },
  };
  const stop = answerCalls({ port, handlers, log, isOwnPage: (url) => url === 'app://signalbox/' });
  const target: PushTarget = {
    send: (channel, envelope) => {
      if (channel === channels.push) got.push(pushEnvelopeSchema.parse(overTheWire(envelope)));
    },
    isDestroyed: () => false,
    on: (event: string, listener: () => void) => {
      if (event === 'dom-ready') listener();
    },
  };
  const disconnect = sendPushes(hub, target, { isWatching: () => true, onChange: () => undefined });
  return {
    async call(name, input) {
      if (answer === null) throw new Error('nobody answers');
      const event = { senderFrame: { url: 'app://signalbox/', parent: null } };
      return replySchema.parse(overTheWire(await answer(event, name, overTheWire(input))));
    },
    pushes: () => got,
    hub,
    async close() {
      disconnect();
      stop();
    },
  };
}

export const transports = { memory, http, ipc };
