import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

const user: CatalogObject = { id: 31, name: 'Mila Kovač', username: 'mila.k' };
const project: CatalogObject = {
  id: 77,
  name: 'Depot',
  path_with_namespace: 'harbor-works/depot',
  default_branch: 'main',
};
const at = '2026-01-31T08:00:00Z';
const commit = '3f6c1e0a9d2b47c58e71f0a4b6d9c2e8f1a3b5d7';
const times: CatalogObject = { created_at: at, updated_at: at };

const pushed = (kind: string, ref: string): CatalogObject => ({
  object_kind: kind,
  event_name: kind,
  ref,
  before: 'b1d2e3f4a5968778695a4b3c2d1e0f9a8b7c6d5e',
  after: commit,
  checkout_sha: commit,
  user_id: 31,
  user_name: 'Mila Kovač',
  user_username: 'mila.k',
  project,
  commits: [{ id: commit, message: 'Round to grams', timestamp: at, added: [], modified: ['scale.ts'], removed: [] }],
  total_commits_count: 1,
});

const about = (kind: string, attributes: CatalogObject, more: CatalogObject = {}): CatalogObject => ({
  object_kind: kind,
  event_type: kind,
  user,
  project,
  object_attributes: { ...attributes, ...times },
  ...more,
});

const issue: CatalogObject = { id: 301, iid: 23, title: 'The scale shows grams', state: 'opened', action: 'open' };
const note: CatalogObject = { id: 1241, note: 'Looks right to me.', noteable_type: 'MergeRequest', action: 'create' };
const mergeRequest: CatalogObject = {
  id: 4409,
  iid: 12,
  title: 'Say how long a run took',
  state: 'opened',
  action: 'open',
  source_branch: 'run-times',
  target_branch: 'main',
};
const system = (name: string, fields: CatalogObject): CatalogObject => ({ event_name: name, ...times, ...fields });

const rows: readonly (readonly [type: string, group: string, description: string, sample: CatalogObject])[] = [
  ['push', 'Code', 'Commits were pushed to a branch.', pushed('push', 'refs/heads/main')],
  ['tag_push', 'Code', 'A tag was created or deleted.', pushed('tag_push', 'refs/tags/v1.4.0')],
  [
    'merge_request',
    'Code',
    'A merge request was opened, changed, approved, merged or closed; "action" tells which.',
    about('merge_request', mergeRequest),
  ],
  [
    'wiki_page',
    'Code',
    'A wiki page was created, updated or deleted.',
    about('wiki_page', { title: 'Scales', action: 'create' }),
  ],
  [
    'release',
    'Code',
    'A release was created, updated or deleted.',
    {
      object_kind: 'release',
      action: 'create',
      id: 1,
      name: 'Spring',
      tag: 'v1.4.0',
      project,
      ...times,
    },
  ],
  ['issue', 'Issues', 'An issue was opened, updated or closed.', about('issue', issue)],
  [
    'confidential_issue',
    'Issues',
    'A confidential issue was opened, updated or closed.',
    about('issue', { ...issue, confidential: true }, { event_type: 'confidential_issue' }),
  ],
  ['note', 'Issues', 'A comment was added to an issue, a merge request, a commit or a snippet.', about('note', note)],
  [
    'confidential_note',
    'Issues',
    'An internal comment was added.',
    about('note', { ...note, internal: true }, { event_type: 'confidential_note' }),
  ],
  [
    'milestone',
    'Issues',
    'A milestone was created, closed or reopened.',
    about('milestone', { id: 61, iid: 10, title: 'Spring', state: 'active' }, { action: 'create' }),
  ],
  [
    'emoji',
    'Issues',
    'An emoji was added or removed.',
    about('emoji', { id: 1, name: 'thumbsup', awardable_type: 'Issue', action: 'award' }, { event_type: 'award' }),
  ],
  [
    'pipeline',
    'Pipelines',
    'The status of a pipeline changed.',
    about('pipeline', { id: 31, ref: 'main', sha: commit, status: 'success', duration: 63 }),
  ],
  [
    'job',
    'Pipelines',
    'The status of a pipeline job changed.',
    {
      object_kind: 'build',
      ref: 'main',
      sha: commit,
      build_id: 1977,
      build_name: 'test',
      build_stage: 'test',
      build_status: 'success',
      project,
      user,
    },
  ],
  [
    'deployment',
    'Pipelines',
    'A deployment started, succeeded, failed or was canceled.',
    {
      object_kind: 'deployment',
      status: 'success',
      status_changed_at: '2026-01-31 08:00:00 UTC',
      deployment_id: 15,
      environment: 'production',
      project,
      user,
    },
  ],
  [
    'feature_flag',
    'Pipelines',
    'A feature flag was turned on or off.',
    about('feature_flag', { id: 6, name: 'new-scale', active: true }),
  ],
  [
    'member',
    'Group',
    'A group member was added, updated or removed.',
    {
      event_name: 'user_add_to_group',
      group_name: 'Harbor Works',
      group_path: 'harbor-works',
      group_access: 'Developer',
      user_username: 'mila.k',
      ...times,
    },
  ],
  [
    'subgroup',
    'Group',
    'A subgroup was created or removed.',
    {
      event_name: 'subgroup_create',
      name: 'Scales',
      path: 'scales',
      full_path: 'harbor-works/scales',
      group_id: 10,
      ...times,
    },
  ],
  [
    'project',
    'Group',
    'A project was created or removed in the group.',
    {
      event_name: 'project_create',
      name: 'Depot',
      path_with_namespace: 'harbor-works/depot',
      project_id: 77,
      ...times,
    },
  ],
  [
    'resource_access_token',
    'Security',
    'An access token of a project or group expires soon.',
    {
      object_kind: 'access_token',
      event_name: 'expiring_access_token',
      project,
      object_attributes: { id: 25, name: 'depot', user_id: 90, created_at: at, expires_at: '2026-02-07' },
    },
  ],
  [
    'vulnerability',
    'Security',
    'A vulnerability was detected, confirmed, dismissed or resolved.',
    about('vulnerability', { title: 'Denial of service', severity: 'high', state: 'confirmed', project_id: 77 }),
  ],
  [
    'system.project_create',
    'System hooks',
    'A project was created on the instance.',
    system('project_create', {
      name: 'Depot',
      path_with_namespace: 'harbor-works/depot',
      project_id: 77,
    }),
  ],
  [
    'system.project_destroy',
    'System hooks',
    'A project was deleted on the instance.',
    system('project_destroy', {
      name: 'Depot',
      path_with_namespace: 'harbor-works/depot',
      project_id: 77,
    }),
  ],
  [
    'system.user_create',
    'System hooks',
    'A user was created on the instance.',
    system('user_create', {
      username: 'mila.k',
      email: 'mila@example.com',
      user_id: 31,
    }),
  ],
  [
    'system.user_destroy',
    'System hooks',
    'A user was deleted on the instance.',
    system('user_destroy', {
      username: 'mila.k',
      email: 'mila@example.com',
      user_id: 31,
    }),
  ],
  [
    'system.user_add_to_team',
    'System hooks',
    'A user was added to a project on the instance.',
    system('user_add_to_team', {
      project_path_with_namespace: 'harbor-works/depot',
      user_username: 'mila.k',
      access_level: 'Developer',
    }),
  ],
  [
    'system.repository_update',
    'System hooks',
    'The branches or tags of a repository on the instance changed.',
    {
      event_name: 'repository_update',
      user_id: 31,
      project_id: 77,
      project,
      refs: ['refs/heads/main'],
    },
  ],
];

/** The event's name travels in `X-Gitlab-Event`, which `sampleDelivery` adds. */
export const gitlabTypes: readonly CatalogEntry[] = rows.map(([type, group, description, sample]) =>
  entry({ type, group, description, sample }),
);
