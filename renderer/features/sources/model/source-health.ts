import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';
import { verifySettings } from '../../../model/definitions/verify-settings.ts';
import { settingAt } from './source-draft.ts';

export interface SourceHealth {
  tone: 'green' | 'amber' | 'red' | 'grey';
  lit: boolean;
  /** One or two words. */
  label: string;
}

/** What the lamp of a source says. A refusal is news only until a delivery is accepted after it. */
export function healthOf(source: Source): SourceHealth {
  if (!source.enabled) return { tone: 'grey', lit: false, label: 'disabled' };
  if (source.problem !== null) return { tone: 'red', lit: true, label: 'problem' };
  if (source.owner === 'builtin') return { tone: 'green', lit: true, label: 'built in' };
  if (source.lastDeliveryAt === null)
    return source.lastRefusal === null
      ? { tone: 'grey', lit: false, label: 'waiting for the first delivery' }
      : { tone: 'amber', lit: true, label: 'all deliveries refused' };
  if (source.lastRefusal !== null && Date.parse(source.lastRefusal.at) >= Date.parse(source.lastDeliveryAt))
    return { tone: 'amber', lit: true, label: 'last delivery was refused' };
  return { tone: 'green', lit: true, label: 'accepting deliveries' };
}

export const isWaitingForFirst = (source: Source): boolean =>
  source.owner !== 'builtin' &&
  source.lastDeliveryAt === null &&
  source.lastRefusal === null &&
  source.counts.accepted + source.counts.duplicate + source.counts.refused === 0;

/** How deliveries prove themselves, in a few words: `Signature (HMAC) in x-signature`. */
export function verificationOf(
  source: Pick<Source, 'verify' | 'event'>,
  preset: PresetInfo | undefined,
): { text: string; isChecked: boolean } {
  const verify = verifySettings(source, preset);
  const scheme = typeof verify.scheme === 'string' ? verify.scheme : '';
  const field = preset?.fields.find((one) => one.path === 'verify.scheme');
  const label = field?.choices?.find((choice) => choice.value === scheme)?.label ?? scheme;
  if (scheme === 'none' || scheme === '')
    return { text: 'None: anyone who knows the address can post', isChecked: false };
  const header = settingAt({ event: {}, verify }, 'verify.header');
  return { text: typeof header === 'string' ? `${label} in ${header}` : label, isChecked: true };
}

/** Every word must stand somewhere in what the row shows. The built-in one comes last. */
export function filterSources(sources: readonly Source[], text: string): readonly Source[] {
  return sources
    .filter((source) => matchesWords(text, [source.name, source.slug, source.preset, source.url ?? '']))
    .sort(
      (a, b) => Number(a.owner === 'builtin') - Number(b.owner === 'builtin') || a.name.localeCompare(b.name, 'en'),
    );
}
