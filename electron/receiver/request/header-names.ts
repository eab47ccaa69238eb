import { isSecretHeaderName } from '../../sources/redact/sensitive-names.ts';

/** Lower case and whether the name looks secret, of the names in use: senders repeat the same few dozen. */
const knownNames = new Map<string, { name: string; isSecret: boolean }>();

export function knownName(raw: string): { name: string; isSecret: boolean } {
  let known = knownNames.get(raw);
  if (known === undefined) {
    const name = raw.toLowerCase();
    known = { name, isSecret: isSecretHeaderName(name) };
    if (knownNames.size >= 2000) knownNames.clear();
    knownNames.set(raw, known);
  }
  return known;
}
