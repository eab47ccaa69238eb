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
    ['FILE_FINALIZED', 'An upload completed and the file is available.', { ...file, state: 'finalized' }, legacy],
    ['FILE_ARCHIVED', 'A file was archived and can be restored.', { ...file, state: 'archived' }, legacy],
    ['FILE_DELETED', 'A file was permanently deleted.', { ...file, state: 'deleted' }, legacy],
  ]),
  ...group('Storage', [
    ['STORAGE_CREATED', 'A storage item was created.', { ...item, state: 'active' }, newer],
    ['STORAGE_UPDATED', 'A storage item or its metadata was updated.', { ...item, version: 2 }, newer],
    ['STORAGE_SYNCHRONIZED', 'The storage was synchronized with its origin.', { ...item, origin: 'sftp' }, newer],
    ['STORAGE_ARCHIVED', 'A storage item was archived.', { ...item, state: 'archived' }, newer],
    ['STORAGE_RESTORED', 'A storage item was restored.', { ...item, state: 'active' }, newer],
    ['STORAGE_DELETED', 'A storage item was permanently deleted.', { ...item, state: 'deleted' }, newer],
  ]),
  ...group('Service accounts', [
    ['SERVICE_ACCOUNT_CREATE', 'A service account was created.', { ...account, active: true }],
    ['SERVICE_ACCOUNT_UPDATE', 'A service account was updated.', { ...account, roles: ['reader', 'writer'] }],
    ['SERVICE_ACCOUNT_ACTIVATE', 'A service account was enabled.', { ...account, active: true }],
    ['SERVICE_ACCOUNT_DEACTIVATE', 'A service account was disabled.', { ...account, active: false }],
    ['SERVICE_ACCOUNT_RESTORED', 'A service account was restored.', { ...account, active: false }],
    ['SERVICE_ACCOUNT_DELETED', 'A service account was deleted.', { ...account, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('Users', [
    ['USER_CREATE', 'A user was created.', { ...user, active: true }],
    ['USER_UPDATE', 'A user was updated.', { ...user, role: 'admin', changed: ['role'] }],
    ['USER_ACTIVATE', 'A user was enabled.', { ...user, active: true }],
    ['USER_DEACTIVATE', 'A user was disabled.', { ...user, active: false }],
    ['USER_RESTORED', 'A user was restored.', { ...user, active: false }],
    ['USER_DELETED', 'A user was deleted.', { ...user, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('API keys', [
    ['ACCOUNT_API_KEY_CREATE', 'An API key was created.', apiKey],
    ['ACCOUNT_API_KEY_UPDATE', 'An API key was updated.', { ...apiKey, name: 'erp-export-2' }],
    ['ACCOUNT_API_KEY_DELETED', 'An API key was revoked.', { ...apiKey, deletedAt: SAMPLE_TIME }],
  ]),
  ...group('Custom', [
    [
      'CUSTOM_*',
      'Custom event, raised by a user, a job or an API call.',
      { base: 'EUR', rates: { USD: 1.09, CHF: 0.94 } },
      { sample: envelope('CUSTOM_RATES_FETCHED', { base: 'EUR', rates: { USD: 1.09, CHF: 0.94 } }) },
    ],
  ]),
];
