import type { Logger } from 'pino';
import { printAddress } from '../../../shared/contract/app.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { asSentence, errorText } from '../../../shared/error-text.ts';
import type { Receiver } from '../../receiver/receiver.ts';
import type { Alerts } from '../../upkeep/alerts.ts';
import type { Address } from '../runtime-types.ts';
import { listening } from './listening.ts';
import type { ChosenAddress } from './receiver-address.ts';

const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** What running requests may take when the receiver moves or closes. */
const graceMs = 5_000;

export interface ReceiverServerDeps {
  chosen: ChosenAddress;
  alerts: Alerts;
  log: Logger;
  /** Where it listens from now on, free ports resolved. */
  onMoved(chosen: ChosenAddress): void;
}

export interface ReceiverServer {
  /**
   * Listens with a receiver of `create`, which makes one for each address. With `mayWait` an address that is not
   * available is retried, with an alert meanwhile; without, it is a StartError.
   */
  open(create: () => Receiver, mayWait: boolean): Promise<void>;
  /** Listens on another address and then no longer on this one. Throws AppError and stays when it cannot listen there. */
  move(chosen: ChosenAddress): Promise<void>;
  /** Also while it does not listen: where it should. */
  url(): string;
  chosen(): ChosenAddress;
  /** Why it does not listen; null when it does. */
  problem(): string | null;
  close(): Promise<void>;
}

export const receiverUrl = (address: Address): string => `http://${printAddress(address)}`;

/** The address of the receiver over its life: opened, waited for while another program has it, and changed. */
export function createReceiverServer({ chosen, alerts, log, onMoved }: ReceiverServerDeps): ReceiverServer {
  let current = chosen;
  let create = (): Receiver => {
    throw new AppError('unavailable', 'Signalbox is starting.');
  };
  let receiver: Receiver | null = null;
  let problem: string | null = null;
  let retryTimer: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let isClosed = false;
  /** Opening, moving and closing happen one after the other. */
  let turn: Promise<void> = Promise.resolve();

  function inTurn(act: () => Promise<void>): Promise<void> {
    const done = turn.then(act);
    turn = done.catch(() => undefined);
    return done;
  }

  async function listen({ address, setBy }: ChosenAddress): Promise<void> {
    const opened = create();
    const { port } = await opened.listen(address.host, address.port);
    receiver = opened;
    current = { address: { host: address.host, port }, setBy };
    problem = null;
    retryMs = firstRetryMs;
    clearTimeout(retryTimer);
    onMoved(current);
    alerts.clear('receiver_closed');
  }

  function waitForIt(error: unknown): void {
    problem = errorText(error);
    alerts.raise(
      'receiver_closed',
      'error',
      `${asSentence(problem)} No deliveries arrive. Retrying automatically; choose another address in Settings.`,
    );
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => {
      inTurn(async () => {
        if (receiver !== null || isClosed) return;
        try {
          await listen(current);
          log.info({ url: receiverUrl(current.address) }, 'the receiver listens again');
        } catch (again) {
          waitForIt(again);
        }
      }).catch((failure: unknown) => log.error({ err: failure }, 'the receiver could not be tried again'));
    }, retryMs);
    retryTimer.unref();
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  async function change(next: ChosenAddress): Promise<void> {
    const { address } = current;
    if (receiver !== null && address.host === next.address.host && address.port === next.address.port) {
      current = next;
      onMoved(current);
      return;
    }
    const before = receiver;
    const previous = current;
    // Two cannot listen on one port, such as on 127.0.0.1 and on 0.0.0.0: the present one makes room first.
    const isSamePort = before !== null && address.port === next.address.port;
    if (isSamePort) {
      receiver = null;
      await before.close(graceMs);
    }
    try {
      await listen(next);
    } catch (error) {
      if (isSamePort) await listen(previous).catch(waitForIt);
      throw error;
    }
    log.info({ from: receiverUrl(previous.address), to: receiverUrl(current.address) }, 'the receiver has moved');
    if (before !== null && !isSamePort) {
      before.close(graceMs).catch((error: unknown) => log.warn({ err: error }, 'the receiver before did not close'));
    }
  }

  return {
    open: (createReceiver, mayWait) =>
      inTurn(async () => {
        create = createReceiver;
        if (!mayWait) return await listening('--receiver', current.address, listen(current));
        try {
          await listen(current);
        } catch (error) {
          log.error({ err: error }, 'the receiver cannot listen; it is tried again');
          waitForIt(error);
        }
      }),
    move: (next) =>
      inTurn(async () => {
        if (isClosed) throw new AppError('unavailable', 'Signalbox is stopping.');
        await change(next);
      }),
    url: () => receiverUrl(current.address),
    chosen: () => current,
    problem: () => problem,
    close: () =>
      inTurn(async () => {
        isClosed = true;
        clearTimeout(retryTimer);
        await receiver?.close(graceMs);
      }),
  };
}
