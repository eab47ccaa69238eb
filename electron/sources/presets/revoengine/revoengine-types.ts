import { customType } from '../../../../shared/vendors/revoengine/custom-type.ts';

/**
 * RevoEngine's documentation writes some types in the present tense, its API description in the past. Both name one
 * type; the documentation's spelling is the one events are stored under.
 */
const pastTenses: ReadonlyMap<string, string> = new Map(
  [
    'SERVICE_ACCOUNT_CREATE',
    'SERVICE_ACCOUNT_UPDATE',
    'SERVICE_ACCOUNT_ACTIVATE',
    'SERVICE_ACCOUNT_DEACTIVATE',
    'USER_CREATE',
    'USER_UPDATE',
    'USER_ACTIVATE',
    'USER_DEACTIVATE',
    'ACCOUNT_API_KEY_CREATE',
    'ACCOUNT_API_KEY_UPDATE',
  ].map((type) => [`${type}D`, type]),
);

const platformName = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;

/**
 * The one spelling of a type. Names in the platform's own capitals are never made custom, even when they are new to us;
 * any other writing can only be the name of a custom event.
 */
export function canonicalType(sent: string, hasCustomPrefix: boolean): string {
  const known = pastTenses.get(sent);
  if (known !== undefined) return known;
  return !hasCustomPrefix || platformName.test(sent) ? sent : (customType(sent) ?? sent);
}
