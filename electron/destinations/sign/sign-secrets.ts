import type { SecretRef } from '../../../shared/contract/common.ts';
import { type Sign, signsOf } from '../../../shared/contract/http-jobs.ts';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';

/** Every secret that the schemes name. */
export const signSecrets = (sign: Sign | readonly Sign[] | undefined): SecretRef[] =>
  signsOf(sign).flatMap((one) => secretsOf(one));

/** Certificates are no secrets, and long: masked they would hide half of a page. */
function secretsOf(one: Sign): SecretRef[] {
  switch (one.scheme) {
    case 'standard-webhooks':
    case 'stripe':
      return one.secrets;
    case 'github':
    case 'slack':
      return [one.secret];
    case 'basic':
      return [one.password];
    case 'bearer':
      return [one.token];
    case 'oauth2':
      return [one.clientSecret];
    case 'mtls':
      return [one.key];
    case 'jwt':
      return [];
  }
}

type Place = (ref: SecretRef) => SecretRef;

/** The same job with every reference in `sign` and `ca` changed by `place`. */
export function withPlacedSignSecrets(job: HttpJobSpec, place: Place): HttpJobSpec {
  const { sign, ca } = job;
  return {
    ...job,
    ...(ca === undefined ? {} : { ca: place(ca) }),
    ...(sign === undefined
      ? {}
      : { sign: 'scheme' in sign ? placeOne(sign, place) : sign.map((one) => placeOne(one, place)) }),
  };
}

function placeOne(one: Sign, place: Place): Sign {
  switch (one.scheme) {
    case 'standard-webhooks':
    case 'stripe':
      return { ...one, secrets: one.secrets.map(place) };
    case 'github':
    case 'slack':
      return { ...one, secret: place(one.secret) };
    case 'basic':
      return { ...one, password: place(one.password) };
    case 'bearer':
      return { ...one, token: place(one.token) };
    case 'oauth2':
      return { ...one, clientSecret: place(one.clientSecret) };
    case 'mtls':
      return { ...one, certificate: place(one.certificate), key: place(one.key) };
    case 'jwt':
      return one;
  }
}
