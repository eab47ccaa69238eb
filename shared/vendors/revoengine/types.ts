import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

const envelope = (type: string, message: CatalogObject): CatalogObject => ({
  type,
  metadata: {
    correlationId: '8b0f6c1e-2d47-4f0a-9b53-6a1f0c7d2e94',
    eventId: `revo-${type.toLowerCase().replaceAll('_', '-')}-1`,
    accountId: 'acc_204',
    createdAt: SAMPLE_TIME,
  },
  message,
});

type Row = readonly [type: string, description: string, message: CatalogObject, more?: Partial<CatalogEntry>];

/** The vendor's API description says in the past tense what its documentation says in the present. */
const pastTense = (type: string): string[] => (/(?:CREATE|UPDATE|ACTIVATE)$/.test(type) ? [`${type}D`] : []);

const group = (name: string, rows: readonly Row[]): CatalogEntry[] =>
  rows.map(([type, description, message, more = {}]) =>
    entry({ type, group: name, description, aliases: pastTense(type), sample: envelope(type, message), ...more }),
  );

const file: CatalogObject = {
  id: 'file_6120',
  name: 'prices-2026-01.csv',
  bucket: 'imports',
  contentType: 'text/csv',
  sizeBytes: 48_213,
};
const account: CatalogObject = { id: 'sa_77', name: 'warehouse-sync', roles: ['reader'] };
const user: CatalogObject = { id: 'usr_3107', email: 'mila@example.com', role: 'editor' };
const apiKey: CatalogObject = {
  id: 'key_19',
  name: 'erp-export',
  lastFour: '7c2a',
  expiresAt: '2026-07-31T00:00:00.000Z',
};
const item: CatalogObject = {
  id: 'sto_881',
  path: 'reports/january.pdf',
  contentType: 'application/pdf',
  sizeBytes: 90_144,
};

const legacy = { age: 'legacy' } as const;
const newer = { age: 'newer' } as const;

export const revoengineTypes: readonly CatalogEntry[] = [
  ...group('Files', [
    ['FILE_FINALIZED', 'An upload has ended well and the file can be read.', { ...file, state: 'finalized' }, legacy],
    ['FILE_ARCHIVED', 'A file was put away; it can still be brought back.', { ...file, state: 'archived' }, legacy],
    ['FILE_DELETED', 'A file is gone for good.', { ...file, state: 'deleted' }, legacy],
  ]),
  ...group('Storage', [
    ['STORAGE_CREATED', 'A new item lies in the storage.', { ...item, state: 'active' }, newer],
    ['STORAGE_UPDATED', 'A stored item or what is known of it has changed.', { ...item, version: 2 }, newer],
    ['STORAGE_SYNCHRONIZED', 'The storage was brought in line with its origin.', { ...item, origin: 'sftp' }, newer],
    ['STORAGE_ARCHIVED', 'A stored item was put away.', { ...item, state: 'archived' }, newer],
    ['STORAGE_RESTORED', 'A stored item that was put away is back.', { ...item, state: 'active' }, newer],
    ['STORAGE_DELETED', 'A stored item is gone for good.', { ...item, state: 'deleted' }, newer],
  ]),
  ...group('Service accounts', [
    ['SERVICE_ACCOUNT_CREATE', 'There is a new service account.', { ...account, active: true }],
    [
      'SERVICE_ACCOUNT_UPDATE',
      'The name, roles or other details of a service account changed.',
      { ...account, roles: ['reader', 'writer'] },
    ],
    ['SERVICE_ACCOUNT_ACTIVATE', 'A service account may be used again.', { ...account, active: true }],
    ['SERVICE_ACCOUNT_DEACTIVATE', 'A service account was switched off.', { ...account, active: false }],
    ['SERVICE_ACCOUNT_RESTORED', 'A removed service account was brought back.', { ...account, active: false }],
    ['SERVICE_ACCOUNT_DELETED', 'A service account was removed.', { ...account, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('Users', [
    ['USER_CREATE', 'A person got an account.', { ...user, active: true }],
    ['USER_UPDATE', "Something in a person's account changed.", { ...user, role: 'admin', changed: ['role'] }],
    ['USER_ACTIVATE', 'A person may sign in again.', { ...user, active: true }],
    ['USER_DEACTIVATE', 'A person may not sign in any more.', { ...user, active: false }],
    ['USER_RESTORED', "A person's removed account was brought back.", { ...user, active: false }],
    ['USER_DELETED', "A person's account was removed.", { ...user, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('API keys', [
    ['ACCOUNT_API_KEY_CREATE', 'The account has one API key more.', apiKey],
    ['ACCOUNT_API_KEY_UPDATE', 'An API key of the account got other details.', { ...apiKey, name: 'erp-export-2' }],
    ['ACCOUNT_API_KEY_DELETED', 'An API key of the account no longer works.', { ...apiKey, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('Custom', [
    [
      'CUSTOM_*',
      'Raised by a person, a job or a call, under a name of its own.',
      { base: 'EUR', rates: { USD: 1.09, CHF: 0.94 } },
      { sample: envelope('CUSTOM_RATES_FETCHED', { base: 'EUR', rates: { USD: 1.09, CHF: 0.94 } }) },
    ],
  ]),
];
