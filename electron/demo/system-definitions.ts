import { nextIdentityListener } from '../../shared/vendors/next-identity/listeners.ts';
import { SAMPLE_AUDIENCE, SAMPLE_ISSUER } from '../../shared/vendors/next-identity/types.ts';
import { demoSecrets } from './demo-secrets.ts';
import type { DemoDefinitions } from './demo-types.ts';

/** A source of each of the five systems, and what it is good at: a filter, steps, a question, an answer, an approval. */
export const systemDefinitions = (jobsDir: string, jwks: { keys: { [name: string]: string }[] }): DemoDefinitions => ({
  sources: [
    {
      slug: 'revo',
      name: 'RevoEngine',
      preset: 'revoengine',
      verify: { scheme: 'token', secret: { secret: demoSecrets.revo } },
    },
    {
      slug: 'flatfile',
      name: 'Flatfile',
      preset: 'flatfile',
      verify: { scheme: 'token', query: 'token', secret: { secret: demoSecrets.flatfile } },
    },
    { slug: 'deck', name: 'Deck', preset: 'deck', verify: { secret: { secret: demoSecrets.deck } } },
    {
      slug: 'idp',
      name: 'Next Identity',
      preset: 'next-identity',
      verify: { jwks: { inline: jwks }, issuer: SAMPLE_ISSUER, audience: SAMPLE_AUDIENCE },
    },
    {
      slug: 'studio',
      name: 'CETA iCFM',
      preset: 'icfm',
      methods: ['GET', 'POST'],
      verify: { token: { secret: demoSecrets.studio } },
    },
  ],
  jobs: [
    {
      slug: 'check-prices',
      name: 'Check a price list',
      kind: 'script',
      file: `${jobsDir}/check-prices.ts`,
      acknowledge: 'none',
    },
    { slug: 'read-workbook', name: 'Read a workbook', kind: 'script', file: `${jobsDir}/read-workbook.ts` },
    {
      slug: 'pass-on-code',
      name: 'Ask for the code of a site',
      kind: 'script',
      file: `${jobsDir}/pass-on-code.ts`,
      concurrency: 3,
    },
    {
      slug: 'note-profile',
      name: 'Note a change of a profile',
      kind: 'script',
      file: `${jobsDir}/note-profile.ts`,
      acknowledge: 'none',
    },
    {
      slug: 'print-note',
      name: 'Print a despatch note',
      kind: 'command',
      command: ['node', 'print-note.mjs', '--copies', '2'],
      cwd: jobsDir,
      approval: 'required',
      approvalTimeout: '8h',
      acknowledge: 'none',
    },
  ],
  listeners: [
    {
      slug: 'price-lists',
      name: 'New price lists',
      source: 'revo',
      filter: {
        revoengine: {
          and: [
            { field: 'type', op: 'in', value: ['FILE_FINALIZED', 'STORAGE_CREATED'] },
            { field: 'message.sizeBytes', op: 'gt', value: 10_000 },
          ],
        },
      },
      job: 'check-prices',
    },
    {
      slug: 'workbooks',
      name: 'Workbooks of one space',
      source: 'flatfile',
      filter: { flatfile: { 'context.spaceId': 'us_sp_53' }, topic: ['workbook:*', 'job:ready'] },
      job: 'read-workbook',
    },
    {
      slug: 'codes',
      name: 'Agents that need a code',
      source: 'deck',
      type: ['task_run.interaction_required'],
      job: 'pass-on-code',
    },
    { ...nextIdentityListener('user-data', 'idp', 'prop-shop'), job: 'note-profile' },
    {
      slug: 'despatch-notes',
      name: 'Despatch notes that were sent',
      source: 'studio',
      type: ['despatch_status_change'],
      where: { 'payload.new_status': 'Sent' },
      job: 'print-note',
    },
  ],
});
