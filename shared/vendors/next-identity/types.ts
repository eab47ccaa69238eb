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
      'A user was invited; the invitation has not been sent yet.',
      'activate',
    ),
    transactional(
      'registration',
      'Registration',
      'A user signed up; the verification message has not been sent yet.',
      'verify',
    ),
    transactional(
      'resendVerification',
      'Resend Verification',
      'A user requested another verification message.',
      'verify',
    ),
    transactional(
      'forgotPassword',
      'Forgot Password',
      'A user requested a password reset; the message has not been sent yet.',
      'reset',
    ),
    {
      key: 'passwordUpdated',
      name: 'Password Updated',
      description: 'A user changed the password.',
      scopes: ['client'],
      isAssumed: true,
      subject: { ...property, email: 'mila@example.com', locale: 'en-GB' },
    },
  ]),
  ...group('Enrich', [
    {
      key: 'login',
      name: 'Login',
      description: 'A user entered valid credentials; the answer decides whether the sign-in succeeds.',
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
      description: 'A user profile was created.',
      scopes: ['property'],
      subject: profile('email', 'givenName'),
    },
    {
      key: 'userUpdated',
      name: 'User Updated',
      description: 'A user profile was updated.',
      scopes: ['property', 'attribute'],
      subject: profile('familyName', 'primaryAddress.city'),
    },
    {
      key: 'userDeleted',
      name: 'User Deleted',
      description: 'A user profile was deleted.',
      scopes: ['property'],
      subject: profile(),
    },
    {
      key: 'userRevokedPropertyAccess',
      name: 'User Access Revoked',
      description: 'A user revoked the access of an application.',
      scopes: ['property'],
      subject: property,
    },
  ]),
];
