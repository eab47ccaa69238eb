import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { receiverAddressSchema } from '../../../shared/contract/app.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { type Address, defaultReceiver, type RuntimeOptions } from '../runtime-types.ts';

/** What sets the address of the receiver: the command line or the environment, the operator, or the default. */
export type AddressOwner = 'options' | 'setting' | 'default';

export interface ChosenAddress {
  address: Address;
  setBy: AddressOwner;
}

/**
 * Beside the store and not in it: it is of this machine, so a restored backup must not bring another one, and a store that
 * was set aside must not take it away from the senders.
 */
const fileOf = (dataDir: string): string => join(dataDir, 'receiver.json');

const storedSchema = receiverAddressSchema.extend({ version: z.literal(1) });

/** Options win over what the operator has chosen, and that over the default. */
export function chooseReceiverAddress(options: RuntimeOptions, dataDir: string, log: Logger): ChosenAddress {
  if (options.receiver !== null) return { address: options.receiver, setBy: 'options' };
  const file = fileOf(dataDir);
  try {
    return { address: readKeptAddress(dataDir), setBy: 'setting' };
  } catch (error) {
    const isNew = errorCode(error) === 'ENOENT';
    if (!isNew)
      log.error({ err: error, file }, 'the chosen address of the receiver cannot be read; the default is used');
    return { address: defaultReceiver, setBy: 'default' };
  }
}

/** What the operator has chosen. Throws when nothing was, or it cannot be read. */
export function readKeptAddress(dataDir: string): Address {
  const { host, port } = storedSchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  return { host, port };
}

/** Null forgets the choice. */
export async function keepReceiverAddress(dataDir: string, address: Address | null): Promise<void> {
  const file = fileOf(dataDir);
  if (address === null) rmSync(file, { force: true });
  else await writeFileAtomic(file, `${JSON.stringify({ version: 1, ...address })}\n`, { mode: 0o600 });
}
