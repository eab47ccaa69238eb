import type { CatalogObject } from '../catalog-types.ts';

export const at = '2026-01-31T08:00:00Z';
export const user: CatalogObject = { login: 'mila-k', id: 4021, type: 'User' };
export const repository: CatalogObject = {
  id: 90210,
  name: 'depot',
  full_name: 'harbor-works/depot',
  private: true,
  default_branch: 'main',
  html_url: 'https://github.com/harbor-works/depot',
};
export const organization: CatalogObject = { login: 'harbor-works', id: 8812 };
export const inRepository: CatalogObject = { repository, organization };
export const inOrganization: CatalogObject = { organization };

export const commit = '3f6c1e0a9d2b47c58e71f0a4b6d9c2e8f1a3b5d7';
export const issue: CatalogObject = {
  id: 700031,
  number: 31,
  title: 'The scale shows grams as kilograms',
  state: 'open',
  user,
  labels: [],
  created_at: at,
};
export const pullRequest: CatalogObject = {
  id: 700112,
  number: 12,
  state: 'open',
  title: 'Say how long a run took',
  draft: false,
  merged: false,
  user,
  head: { ref: 'run-times', sha: commit },
  base: { ref: 'main', sha: 'b1d2e3f4a5968778695a4b3c2d1e0f9a8b7c6d5e' },
};
export const comment: CatalogObject = { id: 5501, body: 'Looks right to me.', user, created_at: at };
export const discussion: CatalogObject = { id: 610, number: 7, title: 'Units', state: 'open', locked: false, user };
export const check: CatalogObject = { id: 128620228, name: 'unit tests', head_sha: commit, status: 'completed' };
export const alert: CatalogObject = { number: 10, state: 'open', created_at: at };
export const release: CatalogObject = {
  id: 11248810,
  tag_name: 'v1.4.0',
  name: 'Spring',
  draft: false,
  prerelease: false,
};
export const deployment: CatalogObject = { id: 145988746, ref: 'main', sha: commit, environment: 'production' };
export const workflowRun: CatalogObject = {
  id: 30433642,
  name: 'Build',
  head_branch: 'main',
  head_sha: commit,
  run_number: 562,
  event: 'push',
  status: 'completed',
  conclusion: 'success',
};
export const workflowJob: CatalogObject = {
  id: 2832853555,
  run_id: 30433642,
  name: 'test',
  head_sha: commit,
  steps: [],
};
export const installation: CatalogObject = { id: 375706, account: organization, repository_selection: 'selected' };
export const item: CatalogObject = { id: 3312, content_type: 'Issue', content_node_id: 'I_kwDOAB', created_at: at };
export const card: CatalogObject = { id: 7266856, column_id: 3803, note: 'Weigh twice' };
export const project: CatalogObject = { id: 1002604, name: 'Weighing', number: 1, state: 'open' };
export const team: CatalogObject = { id: 3253328, name: 'Scales', slug: 'scales', permission: 'push' };
export const marketplace: CatalogObject = {
  marketplace_purchase: {
    account: { login: 'harbor-works', type: 'Organization' },
    billing_cycle: 'monthly',
    unit_count: 3,
    plan: { id: 435, name: 'Team' },
  },
};

/** An event without an action has its description as a text; the type of the others is `event.action`. */
export type GithubRow = readonly [
  event: string,
  group: string,
  document: CatalogObject,
  actions: string | Readonly<Record<string, string>>,
];
