import { printAddress } from '../../../shared/contract/app.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import { type Address, AddressError } from '../runtime-types.ts';

const servers = { '--receiver': 'receiver', '--console': 'console' } as const;

/** An address that it cannot listen on is for the user to change: one sentence naming the option. */
export async function listening<T>(option: keyof typeof servers, address: Address, opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    const server = servers[option];
    const said =
      error instanceof AppError
        ? error.message
        : `The ${server} cannot listen on ${printAddress(address)}: ${reasonOf(error)}.`;
    throw new AddressError(server, address, `${said} Choose another address with ${option}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return errorCode(error) === 'EADDRINUSE' ? 'another program uses it' : errorText(error);
}
