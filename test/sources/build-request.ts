import { presets } from '../../electron/sources/presets.ts';
import { createSourceRegistry } from '../../electron/sources/source-registry.ts';
import type { IncomingRequest, PreparedSource, ReadSecret } from '../../electron/sources/source-types.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';

export const buildRequest = (parts: Partial<IncomingRequest> = {}): IncomingRequest => ({
  method: 'POST',
  subpath: '',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  remoteAddress: '127.0.0.1',
  receivedAtMs: 1_700_000_000_000,
  ...parts,
});

/** Reads secrets by the name of their environment variable. */
export const secretsFrom =
  (secrets: Record<string, string | undefined>): ReadSecret =>
  (ref) => {
    const secret = 'env' in ref ? secrets[ref.env] : undefined;
    if (secret === undefined) throw new AppError('unavailable', 'the environment variable is not set');
    return secret;
  };

/** The prepared source of a definition that must check. */
export function prepareSource(
  spec: Partial<SourceSpec>,
  secrets: Record<string, string | undefined> = {},
): PreparedSource {
  const registry = createSourceRegistry({ presets, readSecret: secretsFrom(secrets) });
  const whole = { slug: 'crm', preset: 'generic', ...spec };
  registry.checkSpec(whole);
  registry.replaceAll([whole]);
  const prepared = registry.get('crm')?.prepared;
  if (prepared === undefined || prepared === null) throw new Error('the source did not prepare');
  return prepared;
}
