import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

export const SAMPLE_ISSUER = 'https://idp.example.com';
export const SAMPLE_AUDIENCE = 'https://hooks.example.com';

/** Security Event Token claims (RFC 8417): the type is the single key of `events`. */
const claims = (type: string, subject: CatalogObject): CatalogObject => ({
  iss: SAMPLE_ISSUER,
  iat: 1_769_846_400,
  jti: `set-${type.slice(type.lastIndexOf('/') + 1)}-1`,
  aud: [SAMPLE_AUDIENCE],
  events: { [type]: { sub: 'c0a8f3d2-51b7-4f6e-9c1d-2e7b90d4aa10', ...subject } },
});

const property = { propertyId: 'prop-shop', clientId: 'client-web' };

const profile = (...attributes: string[]): CatalogObject => ({
  ...property,
  dataSourceInfo: {
    attributes,
    captureApplicationId: 'app-81',
    captureClientId: 'capture-client-4',
    entityType: 'user',
    globalSub: 'capture-v1://example.com/app-81/user/c0a8f3d2-51b7-4f6e-9c1d-2e7b90d4aa10',
    sub: 'c0a8f3d2-51b7-4f6e-9c1d-2e7b90d4aa10',
  },
});

const email = (journey: string): CatalogObject => ({
  ...property,
  email: 'mila@example.com',
  locale: 'en-GB',
  link: `https://login.example.com/${journey}?code=1f7c`,
});

interface Row {
  key: string;
  name: string;
  description: string;
  scopes: CatalogEntry['scopes'];
  subject: CatalogObject;
  action?: CatalogEntry['action'];
  /** The vendor documents the event, but not the key it comes under. */
  isAssumed?: true;
}

const group = (name: string, rows: readonly Row[]): CatalogEntry[] =>
  rows.map(({ key, subject, action = 'notify', ...row }) => {
    const type = `account/v1/${key}`;
    return entry({ ...row, type, aliases: [row.name, key], group: name, action, sample: claims(type, subject) });
  });

const transactional = (key: string, name: string, description: string, journey: string): Row => ({
  key,
  name,
  description,
  scopes: ['client'],
  isAssumed: true,
  subject: email(journey),
});

export const nextIdentityTypes: readonly CatalogEntry[] = [
  ...group('Transactional email', [
    transactional(
      'preRegistration',
      'Pre-Registration',
      'A person was invited; the mail or message to them is still to be sent.',
      'activate',
    ),
    transactional(
      'registration',
      'Registration',
      'A person signed up; the mail or message to check their address is still to be sent.',
      'verify',
    ),
    transactional(
      'resendVerification',
      'Resend Verification',
      'A person asked for the message that checks their address once more.',
      'verify',
    ),
    transactional(
      'forgotPassword',
      'Forgot Password',
      'A person asked to set a new password; the message to them is still to be sent.',
      'reset',
    ),
    {
      key: 'passwordUpdated',
      name: 'Password Updated',
      description: 'A person has a new password.',
      scopes: ['client'],
      isAssumed: true,
      subject: { ...property, email: 'mila@example.com', locale: 'en-GB' },
    },
  ]),
  ...group('Enrich', [
    {
      key: 'login',
      name: 'Login',
      description: 'A person gave the right user name and password; whether they get in waits for the answer.',
      action: 'enrich',
      scopes: ['client'],
      isAssumed: true,
      subject: { ...property, email: 'mila@example.com', ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0' },
    },
  ]),
  ...group('User data', [
    {
      key: 'userCreated',
      name: 'User Created',
      description: 'There is a new user profile.',
      scopes: ['property'],
      subject: profile('email', 'givenName'),
    },
    {
      key: 'userUpdated',
      name: 'User Updated',
      description: 'A user profile has other values.',
      scopes: ['property', 'attribute'],
      subject: profile('familyName', 'primaryAddress.city'),
    },
    {
      key: 'userDeleted',
      name: 'User Deleted',
      description: 'A user profile was removed.',
      scopes: ['property'],
      subject: profile(),
    },
    {
      key: 'userRevokedPropertyAccess',
      name: 'User Access Revoked',
      description: 'A person took back what they had allowed an application to see.',
      scopes: ['property'],
      subject: property,
    },
  ]),
];
