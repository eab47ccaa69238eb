import { type Address, defaultReceiver } from '../runtime-types.ts';
import { keepReceiverAddress } from './receiver-address.ts';
import type { ReceiverServer } from './receiver-server.ts';

export interface StartAddress {
  /** Of the options; null where they name none. */
  receiver: Address | null;
  dataDir: string;
}

/**
 * Moves the receiver to the address the operator has chosen, and keeps the choice; null goes back to the default. An
 * address of the options is replaced until the app ends. Throws AppError and changes nothing when it cannot listen there.
 */
export async function setReceiverAddress(
  server: Pick<ReceiverServer, 'chosen' | 'move'>,
  { receiver, dataDir }: StartAddress,
  address: Address | null,
): Promise<void> {
  if (server.chosen().setBy === 'options') {
    await server.move({ address: address ?? receiver ?? defaultReceiver, setBy: 'options' });
    return;
  }
  await server.move({ address: address ?? defaultReceiver, setBy: address === null ? 'default' : 'setting' });
  await keepReceiverAddress(dataDir, address);
}
