import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import { verifySettings } from './verify-settings.ts';

/** A line for a terminal that posts the sample; where the sender must prove itself, with a place to fill in. */
export function curlOf(source: Source, preset: PresetInfo | undefined): string {
  const methods = source.methods ?? preset?.defaults.methods ?? ['POST'];
  const method = methods.includes('POST') ? 'POST' : (methods[0] ?? 'POST');
  const lines = [`curl -X ${method} ${shellQuote(source.url ?? '')}`];
  const verify = verifySettings(source, preset);
  const header = typeof verify.header === 'string' ? verify.header : null;
  if (verify.scheme === 'token')
    lines.push(`-H ${shellQuote(header === null ? 'authorization: Bearer TOKEN' : `${header}: TOKEN`)}`);
  if (verify.scheme === 'basic') lines.push(`-u ${shellQuote(`${String(verify.username ?? 'USER')}:PASSWORD`)}`);
  if (verify.scheme === 'hmac')
    lines.push(
      `-H ${shellQuote(`${header ?? 'x-signature'}: ${typeof verify.prefix === 'string' ? verify.prefix : ''}SIGNATURE`)}`,
    );
  if (verify.scheme === 'standard-webhooks')
    lines.push("-H 'webhook-id: ID'", "-H 'webhook-timestamp: SECONDS'", "-H 'webhook-signature: v1,SIGNATURE'");
  if (preset !== undefined && method !== 'GET') {
    lines.push(`-H ${shellQuote(`content-type: ${preset.sample.contentType}`)}`);
    lines.push(`--data-binary ${shellQuote(preset.sample.body)}`);
  }
  return lines.join(' \\\n  ');
}
