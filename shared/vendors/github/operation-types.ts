import {
  alert,
  at,
  card,
  check,
  commit,
  deployment,
  type GithubRow,
  inOrganization,
  inRepository,
  installation,
  item,
  marketplace,
  project,
  release,
  team,
  user,
  workflowJob,
  workflowRun,
} from './samples.ts';

/** What is run, built and guarded, and who may do it. */
export const githubOperations: readonly GithubRow[] = [
  [
    'workflow_run',
    'Actions',
    { workflow_run: workflowRun, ...inRepository },
    {
      requested: 'A workflow was requested.',
      in_progress: 'A workflow is running.',
      completed: 'A workflow completed; "conclusion" has the result.',
    },
  ],
  [
    'workflow_job',
    'Actions',
    { workflow_job: workflowJob, ...inRepository },
    {
      queued: 'A job is queued for a runner.',
      waiting: 'A job is waiting for approval or a protected environment.',
      in_progress: 'A job is running.',
      completed: 'A job completed.',
    },
  ],
  [
    'workflow_dispatch',
    'Actions',
    { ref: 'refs/heads/main', workflow: '.github/workflows/build.yml', inputs: {}, ...inRepository },
    'A workflow was started manually.',
  ],
  [
    'repository_dispatch',
    'Actions',
    { branch: 'main', client_payload: {}, ...inRepository },
    { '*': 'An API call requested a run; the action is its event name.' },
  ],
  [
    'check_run',
    'Checks',
    { check_run: { ...check, conclusion: 'success' }, ...inRepository },
    {
      created: 'A check was created.',
      completed: 'A check completed; "conclusion" has the result.',
      rerequested: 'A re-run of a check was requested.',
      requested_action: 'An action of a check was requested.',
    },
  ],
  [
    'check_suite',
    'Checks',
    { check_suite: { ...check, head_branch: 'main', conclusion: 'success' }, ...inRepository },
    {
      requested: 'Checks were requested for new code.',
      completed: 'All checks of a commit completed.',
      rerequested: 'A re-run of all checks of a commit was requested.',
    },
  ],

  ['deployment', 'Deployments', { deployment, ...inRepository }, { created: 'A deployment was created.' }],
  [
    'deployment_status',
    'Deployments',
    { deployment, deployment_status: { id: 209, state: 'success', environment: 'production' }, ...inRepository },
    { created: 'The status of a deployment changed.' },
  ],
  [
    'deployment_review',
    'Deployments',
    { reviewers: [{ type: 'User', reviewer: user }], workflow_run: workflowRun, ...inRepository },
    {
      requested: 'A deployment needs approval.',
      approved: 'A deployment was approved.',
      rejected: 'A deployment was rejected.',
    },
  ],
  [
    'page_build',
    'Deployments',
    { id: 72, build: { status: 'built', commit }, ...inRepository },
    'A Pages site was built.',
  ],

  [
    'release',
    'Releases',
    { release, ...inRepository },
    {
      published: 'A release was published.',
      released: 'A full release was published.',
      prereleased: 'A pre-release was published.',
      created: 'A draft release was created.',
      edited: 'A release was edited.',
      unpublished: 'A release was unpublished.',
      deleted: 'A release was deleted.',
    },
  ],
  [
    'package',
    'Releases',
    {
      package: { id: 10696, name: 'scale', package_type: 'npm', package_version: { version: '1.4.0' } },
      ...inRepository,
    },
    { published: 'A package version was published.', updated: 'A package version was updated.' },
  ],

  [
    'code_scanning_alert',
    'Security',
    { alert: { ...alert, rule: { id: 'js/redos', severity: 'error' } }, ref: 'refs/heads/main', ...inRepository },
    {
      created: 'A code scanning alert was created.',
      fixed: 'A code scanning alert was fixed.',
      reopened: 'A code scanning alert was reopened.',
      closed_by_user: 'A code scanning alert was dismissed.',
    },
  ],
  [
    'dependabot_alert',
    'Security',
    { alert: { ...alert, security_advisory: { ghsa_id: 'GHSA-rf4j-j272-fj86', severity: 'high' } }, ...inRepository },
    {
      created: 'A Dependabot alert was created.',
      fixed: 'A Dependabot alert was fixed.',
      dismissed: 'A Dependabot alert was dismissed.',
    },
  ],
  [
    'secret_scanning_alert',
    'Security',
    { alert: { ...alert, secret_type: 'github_personal_access_token' }, ...inRepository },
    { created: 'A secret scanning alert was created.', resolved: 'A secret scanning alert was resolved.' },
  ],
  [
    'repository_vulnerability_alert',
    'Security',
    { alert: { id: 7649605, affected_package_name: 'many_versioned_gem' }, ...inRepository },
    {
      create: 'A vulnerability alert was created (older event).',
      dismiss: 'A vulnerability alert was dismissed (older event).',
    },
  ],
  [
    'security_advisory',
    'Security',
    { security_advisory: { ghsa_id: 'GHSA-rf4j-j272-fj86', severity: 'moderate', summary: 'Denial of service' } },
    {
      published: 'A security advisory was published.',
      updated: 'A security advisory was updated.',
      withdrawn: 'A security advisory was withdrawn.',
    },
  ],
  [
    'branch_protection_rule',
    'Security',
    { rule: { id: 21796960, name: 'main', admin_enforced: true }, ...inRepository },
    {
      created: 'A branch protection rule was created.',
      edited: 'A branch protection rule was edited.',
      deleted: 'A branch protection rule was deleted.',
    },
  ],
  [
    'deploy_key',
    'Security',
    { key: { id: 100, title: 'depot', read_only: true }, ...inRepository },
    {
      created: 'A deploy key was added.',
      deleted: 'A deploy key was deleted.',
    },
  ],

  [
    'repository',
    'Repositories',
    inRepository,
    {
      created: 'A repository was created.',
      edited: 'The description or default branch of a repository was edited.',
      renamed: 'A repository was renamed.',
      transferred: 'A repository was transferred.',
      archived: 'A repository was archived.',
      unarchived: 'A repository was unarchived.',
      publicized: 'A private repository was made public.',
      privatized: 'A public repository was made private.',
      deleted: 'A repository was deleted.',
    },
  ],
  [
    'repository_import',
    'Repositories',
    { status: 'success', ...inRepository },
    'A repository import succeeded, failed or was canceled.',
  ],
  ['public', 'Repositories', inRepository, 'A repository was made public.'],
  [
    'star',
    'Repositories',
    { starred_at: at, ...inRepository },
    { created: 'A star was added.', deleted: 'A star was removed.' },
  ],
  ['watch', 'Repositories', inRepository, { started: 'A star was added (older event).' }],
  [
    'member',
    'Repositories',
    { member: user, ...inRepository },
    {
      added: 'A collaborator was added to a repository.',
      edited: 'The permissions of a collaborator were changed.',
      removed: 'A collaborator was removed from a repository.',
    },
  ],

  [
    'organization',
    'Organization',
    { membership: { role: 'member', state: 'active', user }, ...inOrganization },
    {
      member_added: 'A member joined the organization.',
      member_invited: 'A user was invited to the organization.',
      member_removed: 'A member left the organization or was removed.',
      renamed: 'The organization was renamed.',
    },
  ],
  [
    'membership',
    'Organization',
    { scope: 'team', member: user, team, ...inOrganization },
    {
      added: 'A member was added to a team.',
      removed: 'A member was removed from a team.',
    },
  ],
  [
    'team',
    'Organization',
    { team, ...inOrganization },
    {
      created: 'A team was created.',
      edited: 'A team was edited.',
      deleted: 'A team was deleted.',
      added_to_repository: 'A team got access to a repository.',
      removed_from_repository: 'A team lost access to a repository.',
    },
  ],
  ['team_add', 'Organization', { team, ...inRepository }, 'A repository was added to a team.'],
  [
    'org_block',
    'Organization',
    { blocked_user: { login: 'noisy', id: 39652351 }, ...inOrganization },
    {
      blocked: 'The organization blocked a user.',
      unblocked: 'The organization unblocked a user.',
    },
  ],

  [
    'projects_v2_item',
    'Projects',
    { projects_v2_item: item, ...inOrganization },
    {
      created: 'An item was added to a project.',
      edited: 'An item was edited.',
      converted: 'A draft was converted to an issue.',
      reordered: 'An item was reordered.',
      archived: 'An item was archived.',
      restored: 'An item was restored.',
      deleted: 'An item was removed from its project.',
    },
  ],
  ['project', 'Projects', { project, ...inRepository }, { created: 'A classic project was created.' }],
  [
    'project_card',
    'Projects',
    { project_card: card, ...inRepository },
    {
      created: 'A card was added to a classic project.',
      moved: 'A card of a classic project was moved.',
      deleted: 'A card of a classic project was deleted.',
    },
  ],
  [
    'project_column',
    'Projects',
    { project_column: { id: 3803, name: 'Doing' }, ...inRepository },
    {
      created: 'A column was added to a classic project.',
      edited: 'A column of a classic project was edited.',
    },
  ],

  [
    'installation',
    'Apps',
    { installation, repositories: [{ id: 90210, full_name: 'harbor-works/depot' }] },
    {
      created: 'The app was installed.',
      deleted: 'The app was uninstalled.',
      suspend: 'An installation of the app was suspended.',
      unsuspend: 'An installation of the app was unsuspended.',
      new_permissions_accepted: 'New permissions of the app were accepted.',
    },
  ],
  [
    'installation_repositories',
    'Apps',
    { installation, repositories_added: [], repositories_removed: [] },
    {
      added: 'The app got access to more repositories.',
      removed: 'The app lost access to repositories.',
    },
  ],
  ['github_app_authorization', 'Apps', {}, { revoked: 'A user revoked their authorization of the app.' }],
  [
    'marketplace_purchase',
    'Apps',
    marketplace,
    {
      purchased: 'A plan was purchased.',
      changed: 'A plan was changed to another.',
      cancelled: 'A plan was canceled.',
    },
  ],
  [
    'sponsorship',
    'Apps',
    { sponsorship: { node_id: 'S_1', tier: { name: '$5 a month' } } },
    {
      created: 'A sponsorship was created.',
      pending_tier_change: 'A tier change of a sponsorship was scheduled.',
      cancelled: 'A sponsorship was canceled.',
    },
  ],
];
