import { AppError } from '../../shared/contract/errors.ts';
import { type CallName, contract, type Handlers, isCallName } from '../../shared/contract/index.ts';

export const callNames: CallName[] = Object.keys(contract).filter(isCallName);

const absent = (): never => {
  throw new AppError('unavailable', 'this test has no such handler');
};

const isComplete = (handlers: Partial<Handlers>): handlers is Handlers => callNames.every((name) => name in handlers);

/** A full set of handlers, of which a test gives those it uses. */
export function fakeHandlers(given: Partial<Handlers>): Handlers {
  const handlers: Partial<Handlers> = { ...given };
  for (const name of callNames) handlers[name] ??= absent;
  if (!isComplete(handlers)) throw new TypeError('a handler is missing');
  return handlers;
}
