/**
 * Next Identity documents the keys of the user-data events (`account/v1/userCreated` and its like) but only the names of
 * the transactional ones. So those are told by the last part of their key, whatever stands before it and however it is
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
