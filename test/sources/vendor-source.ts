import type { IncomingRequest } from '../../electron/sources/source-types.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { buildRequest, prepareSource } from './build-request.ts';

export const nowMs = 1_769_846_400_000;
export const address = 'https://hooks.example.com/in/crm';
export const secret = 'a long enough secret text';

export const source = (preset: string, spec: Partial<SourceSpec> = {}, own = secret) =>
  prepareSource({ preset, verify: { secret: { env: 'S' } }, ...spec }, { S: own });

export const incoming = (parts: Partial<IncomingRequest>) =>
  buildRequest({ target: '/in/crm', publicUrl: 'https://hooks.example.com', receivedAtMs: nowMs, ...parts });

export const codeOf = async (prepared: ReturnType<typeof source>, request: IncomingRequest) => {
  const verified = await prepared.verify(request);
  return verified.ok ? 'ok' : verified.code;
};
