import { join } from 'node:path';
import type { SecretRef } from '../../../shared/contract/common.ts';
import { type TemplateAction, wholeAction } from './hook-template.ts';
import type { AddNote } from './import-notes.ts';

/** A secret that stands in the hooks file in clear and has to be kept somewhere else. */
export interface FoundSecret {
  hook: string;
  ref: SecretRef;
  value: string;
}

export interface SecretPlace {
  /** Where secrets become files; null: they become variables of the server. */
  folder: string | null;
  actions: readonly TemplateAction[];
}

/** Gives the reference to use in place of each secret of one hook; the same text is the same secret. */
export function createHookSecrets(hook: string, slug: string, { folder, actions }: SecretPlace, note: AddNote) {
  const found = new Map<string, FoundSecret>();

  function refOf(value: string): SecretRef {
    const action = wholeAction(value, actions);
    if (action?.kind === 'getenv') return { env: action.name };
    if (action?.kind === 'cat') return { file: action.name };
    if (action?.kind === 'credential') {
      note(
        'trigger-rule',
        `${action.text} is read from the variable ${action.name}.`,
        `Set ${action.name}, or name the file of the credential.`,
      );
      return { env: action.name };
    }
    const known = found.get(value);
    if (known !== undefined) return known.ref;
    const number = found.size === 0 ? '' : `-${found.size + 1}`;
    const name = `${slug}-secret${number}`;
    const ref: SecretRef =
      folder === null ? { env: `WEBHOOK_${name.toUpperCase().replaceAll('-', '_')}` } : { file: join(folder, name) };
    found.set(value, { hook, ref, value });
    return ref;
  }

  return { refOf, found: () => [...found.values()] };
}

const secretName =
  /token|secret|passw|passphrase|key$|signature|auth|credential|cookie|(?:^|[._-])(?:sig|pwd|hmac|jwt|sid)$/i;

/** Whether a value of this name is a secret. Signalbox masks such headers and parameters before it stores a request. */
export const isSecretName = (name: string): boolean => secretName.test(name);
