import type { Handlers } from '../../../shared/contract/index.ts';
import type { KeyAlgorithm, SigningKey } from '../../../shared/contract/keys.ts';

export interface KeyHandlerDeps {
  keys: { list(): SigningKey[]; rotate(algorithm?: KeyAlgorithm): Promise<SigningKey> };
  /** Address under which others reach the receiver. */
  publicUrl(): string;
}

export function createKeyHandlers({ keys, publicUrl }: KeyHandlerDeps): Pick<Handlers, 'keys.list' | 'keys.rotate'> {
  return {
    'keys.list': () => ({
      items: keys.list(),
      jwksUrl: `${publicUrl()}/.well-known/jwks.json`,
      issuer: publicUrl(),
    }),
    'keys.rotate': ({ algorithm }) => keys.rotate(algorithm),
  };
}
