import { type Address, StartError } from './runtime-types.ts';

/** An address that cannot be had is the user's to mend: one sentence naming the option. */
export async function listening<T>(option: string, address: Address, opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const reason =
      code === 'EADDRINUSE' ? 'another program uses it' : error instanceof Error ? error.message : String(error);
    throw new StartError(
      'address_unavailable',
      `cannot listen on ${address.host}:${address.port}: ${reason}; choose another with ${option}`,
      {
        cause: error,
      },
    );
  }
}
