import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { type SetupFacts, type SetupHelp, steps } from '../../../../shared/vendors/vendor.ts';
import { type Vendors, vendors } from '../../../../shared/vendors/vendors.ts';
import { verifySettings } from '../../../model/definitions/verify-settings.ts';
import { settingAt } from './source-draft.ts';

const settingsFirst =
  'The secret itself stays in a variable, a file or the secret store: choose which under Settings, on this page.';

function proofOf(verify: NonNullable<Source['verify']>, scheme: string): string {
  const settings = { event: {}, verify };
  const header = settingAt(settings, 'verify.header');
  const query = settingAt(settings, 'verify.query');
  if (scheme === 'token' && typeof query === 'string')
    return `Add the token to the address: \`?${query}=TOKEN\`, with this source’s token in place of TOKEN.`;
  if (scheme === 'token')
    return typeof header === 'string' && header.toLowerCase() !== 'authorization'
      ? `Send the header \`${header}\` with this source’s token.`
      : 'Send the header `Authorization: Bearer TOKEN`, with this source’s token in place of TOKEN.';
  if (scheme === 'basic') return 'Use the user name and password set for this source under Settings.';
  if (scheme === 'hmac')
    return `Sign the raw body with this source’s secret${typeof header === 'string' ? ` and send the signature in \`${header}\`` : ''}.`;
  if (scheme === 'none' || scheme === '')
    return 'Deliveries are not verified: anyone who knows the address can post. Choose a verification under Settings.';
  return settingsFirst;
}

/** What to do on the sender's side, as its vendor says or in general; null for the built-in source, which no sender has. */
export function setupOf(source: Source, preset: PresetInfo | undefined, known: Vendors = vendors): SetupHelp | null {
  if (source.url === null) return null;
  const verify = verifySettings(source, preset);
  const scheme = typeof verify.scheme === 'string' ? verify.scheme : '';
  const methods = (source.methods ?? preset?.defaults.methods ?? ['POST']).join(' and ');
  const hasToken = scheme !== 'none' && (verify.token !== undefined || verify.tokens !== undefined);
  const facts: SetupFacts = { url: source.url, methods, scheme, hasToken, proof: proofOf(verify, scheme) };
  const vendor = known.get(source.preset);
  if (vendor !== undefined) return vendor.setup(facts);
  return steps(
    `At the sender, enter this address: \`${facts.url}\`.`,
    `Let it send ${methods} with JSON, a form or text.`,
    facts.proof,
  );
}
