import { errorText } from '../../../shared/error-text.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readSealed, readSecretNames } from '../../store/definitions/secrets.ts';
import { readSigningKeys } from '../../store/definitions/signing-keys.ts';
import type { Alerts } from '../../upkeep/alerts.ts';
import type { SecretSealer } from './secret-sealer.ts';
import { sealedNameOf } from './signing-keys.ts';

const code = 'secrets_unreadable';
/** How soon a key file that is put back counts. */
const recheckMs = 2000;
const maxNamed = 5;

export interface SealedCheckDeps {
  db: ReadableDb;
  sealer: SecretSealer;
  alerts: Pick<Alerts, 'raise' | 'clear'>;
}

/**
 * Opens everything that is sealed at the start: a key file that is gone, cut or another one would otherwise be noticed at
 * the first delivery or run that needs a secret. The alert stays until all of it opens.
 */
export function checkSealed({ db, sealer, alerts }: SealedCheckDeps): { stop(): void } {
  let timer: NodeJS.Timeout | null = null;

  function check(): void {
    const problem = describeUnreadable(db, sealer);
    if (problem === null) alerts.clear(code);
    else {
      alerts.raise(code, 'error', problem);
      timer = setTimeout(check, recheckMs).unref();
    }
  }

  check();
  return {
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function describeUnreadable(db: ReadableDb, sealer: SecretSealer): string | null {
  const secrets = readSecretNames(db).map(({ name }) => ({
    shown: `"${name}"`,
    ...tryOpen(sealer, name, readSealed(db, name)),
  }));
  const keys = readSigningKeys(db)
    .slice(0, 1)
    .map(({ kid, sealed }) => ({ shown: 'the signing key', ...tryOpen(sealer, sealedNameOf(kid), sealed) }));
  const unreadable = [...secrets, ...keys].filter(({ error }) => error !== null);
  const [first] = unreadable;
  if (first === undefined) return sealer.problem();
  const names = unreadable.slice(0, maxNamed).map(({ shown }) => shown);
  const more = unreadable.length > maxNamed ? ` and ${unreadable.length - maxNamed} more` : '';
  return `Stored secrets cannot be opened: ${names.join(', ')}${more}. Sources and jobs that use them fail until they can. ${first.error}`;
}

function tryOpen(sealer: SecretSealer, name: string, sealed: Buffer | null): { error: string | null } {
  try {
    if (sealed !== null) sealer.open(name, sealed);
    return { error: null };
  } catch (error) {
    return { error: errorText(error) };
  }
}
