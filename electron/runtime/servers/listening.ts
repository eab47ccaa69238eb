import { printAddress } from '../../../shared/contract/app.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { type Address, AddressError } from '../runtime-types.ts';

const doors = { '--receiver': 'receiver', '--console': 'console' } as const;

/** An address that it cannot listen on is for the user to change: one sentence naming the option. */
export async function listening<T>(option: keyof typeof doors, address: Address, opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    const door = doors[option];
    const said =
      error instanceof AppError
        ? error.message
        : `The ${door} cannot listen on ${printAddress(address)}: ${reasonOf(error)}.`;
    throw new AddressError(door, address, `${said} Choose another address with ${option}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'EADDRINUSE' ? 'another program uses it' : error.message;
}
