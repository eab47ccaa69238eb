import { createServer } from 'node:net';
import { printAddress } from '../../../shared/contract/app.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { Address } from '../../runtime/runtime-types.ts';
import { type Finding, ok, problem } from './finding.ts';

function listenOnce({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Whether a start could listen there. Not for the addresses of an instance that runs. */
export async function checkPort(option: '--receiver' | '--console', address: Address): Promise<Finding> {
  const check = 'ports';
  const where = printAddress(address);
  try {
    await listenOnce(address);
    return ok(check, `${where} is free (${option}).`);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      return problem(
        check,
        `${where} is in use by another program.`,
        `Stop that program (ss -ltnp shows it), or choose another address with ${option}.`,
      );
    }
    if (code === 'EACCES') {
      const remedy = `Choose a port from 1024 on with ${option}, and let a reverse proxy take the lower one.`;
      return problem(check, `This user is not allowed to listen on ${where}.`, remedy);
    }
    const remedy = `Choose an address of this machine with ${option}.`;
    return problem(check, `Nothing can listen on ${where}: ${errorText(error)}.`, remedy);
  }
}
