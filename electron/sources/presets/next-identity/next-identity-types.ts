import { z } from 'zod';

/**
 * Next Identity documents the keys of the user-data events (`account/v1/userCreated` and its like) but only the names of
 * the transactional ones. So those are told by the last part of their key, whatever precedes it and however it is
 * written, and stored under keys formed like the documented ones.
 */
const byName: ReadonlyMap<string, string> = new Map(
  Object.entries({
    preregistration: 'preRegistration',
    preregistered: 'preRegistration',
    registration: 'registration',
    registered: 'registration',
    resendverification: 'resendVerification',
    verificationresent: 'resendVerification',
    forgotpassword: 'forgotPassword',
    passwordforgotten: 'forgotPassword',
    passwordupdated: 'passwordUpdated',
    updatedpassword: 'passwordUpdated',
    login: 'login',
    loggedin: 'login',
  }).map(([name, key]) => [name, `account/v1/${key}`]),
);

/** The type of an event by its key in `events`; `mapping` is the person's own and goes first. */
export function nextIdentityType(key: string, mapping: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(mapping, key)) return mapping[key] ?? key;
  const name = key
    .slice(key.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^user/, '')
    .replace(/event$/, '');
  return byName.get(name) ?? key;
}

const entry = /^([^=]+)=([^=]+)$/;

/** A person's mapping: an object, or a list of `sent key = name`, which is what a form can hold. */
export const typeMappingSchema = z.union(
  [
    z.record(z.string().min(1).max(500), z.string().min(1).max(200)),
    z
      .array(z.string().regex(entry, 'must be a key, an equals sign and a name'))
      .max(100)
      .transform((list) =>
        Object.fromEntries(
          list.map((text) => {
            const [, key = '', name = ''] = entry.exec(text) ?? [];
            return [key.trim(), name.trim()];
          }),
        ),
      ),
  ],
  { error: 'must be an object {sent key: name} or a list of "sent key = name"' },
);
