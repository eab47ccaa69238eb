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
      requested: 'A workflow is to run.',
      in_progress: 'A workflow is running.',
      completed: 'A workflow has ended; "conclusion" says how.',
    },
  ],
  [
    'workflow_job',
    'Actions',
    { workflow_job: workflowJob, ...inRepository },
    {
      queued: 'A job waits for a runner.',
      waiting: 'A job waits for an approval or a protected environment.',
      in_progress: 'A job is running.',
      completed: 'A job has ended.',
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
    { '*': 'Something outside asked for a run, under a name of its own, which is the action.' },
  ],
  [
    'check_run',
    'Checks',
    { check_run: { ...check, conclusion: 'success' }, ...inRepository },
    {
      created: 'A check was begun.',
      completed: 'A check is done; "conclusion" says with what result.',
      rerequested: 'A check is to be run again.',
      requested_action: 'A button that a check offers was pressed.',
    },
  ],
  [
    'check_suite',
    'Checks',
    { check_suite: { ...check, head_branch: 'main', conclusion: 'success' }, ...inRepository },
    {
      requested: 'New code waits for its checks.',
      completed: 'All checks of a commit are done.',
      rerequested: 'All checks of a commit are to be run again.',
    },
  ],

  ['deployment', 'Deployments', { deployment, ...inRepository }, { created: 'Something is to be deployed.' }],
  [
    'deployment_status',
    'Deployments',
    { deployment, deployment_status: { id: 209, state: 'success', environment: 'production' }, ...inRepository },
    { created: 'A deployment got another status.' },
  ],
  [
    'deployment_review',
    'Deployments',
    { reviewers: [{ type: 'User', reviewer: user }], workflow_run: workflowRun, ...inRepository },
    {
      requested: 'A deployment waits for an approval.',
      approved: 'A deployment was approved.',
      rejected: 'A deployment was turned down.',
    },
  ],
  [
    'page_build',
    'Deployments',
    { id: 72, build: { status: 'built', commit }, ...inRepository },
    'A site was built for Pages.',
  ],

  [
    'release',
    'Releases',
    { release, ...inRepository },
    {
      published: 'A release is out.',
      released: 'A release that is no pre-release is out.',
      prereleased: 'A pre-release is out.',
      created: 'A release was drafted.',
      edited: 'A release was changed.',
      unpublished: 'A release was taken back.',
      deleted: 'A release was removed.',
    },
  ],
  [
    'package',
    'Releases',
    {
      package: { id: 10696, name: 'scale', package_type: 'npm', package_version: { version: '1.4.0' } },
      ...inRepository,
    },
    { published: 'A package has a new version.', updated: 'A version of a package was changed.' },
  ],

  [
    'code_scanning_alert',
    'Security',
    { alert: { ...alert, rule: { id: 'js/redos', severity: 'error' } }, ref: 'refs/heads/main', ...inRepository },
    {
      created: 'Code scanning found something.',
      fixed: 'What code scanning found is gone.',
      reopened: 'What code scanning had found is back.',
      closed_by_user: 'A finding of code scanning was dismissed.',
    },
  ],
  [
    'dependabot_alert',
    'Security',
    { alert: { ...alert, security_advisory: { ghsa_id: 'GHSA-rf4j-j272-fj86', severity: 'high' } }, ...inRepository },
    {
      created: 'A dependency is known to be vulnerable.',
      fixed: 'A vulnerable dependency was replaced.',
      dismissed: 'The alert on a vulnerable dependency was dismissed.',
    },
  ],
  [
    'secret_scanning_alert',
    'Security',
    { alert: { ...alert, secret_type: 'github_personal_access_token' }, ...inRepository },
    { created: 'A secret was found in the code.', resolved: 'The alert on a secret in the code was resolved.' },
  ],
  [
    'repository_vulnerability_alert',
    'Security',
    { alert: { id: 7649605, affected_package_name: 'many_versioned_gem' }, ...inRepository },
    { create: 'A vulnerable dependency was found (the older alert).', dismiss: 'An older alert was set aside.' },
  ],
  [
    'security_advisory',
    'Security',
    { security_advisory: { ghsa_id: 'GHSA-rf4j-j272-fj86', severity: 'moderate', summary: 'Denial of service' } },
    {
      published: 'An advisory is out.',
      updated: 'An advisory was changed.',
      withdrawn: 'An advisory was taken back.',
    },
  ],
  [
    'branch_protection_rule',
    'Security',
    { rule: { id: 21796960, name: 'main', admin_enforced: true }, ...inRepository },
    {
      created: 'A branch is protected now.',
      edited: 'How a branch is protected was changed.',
      deleted: 'A branch is no longer protected.',
    },
  ],
  [
    'deploy_key',
    'Security',
    { key: { id: 100, title: 'depot', read_only: true }, ...inRepository },
    {
      created: 'A deploy key was added.',
      deleted: 'A deploy key was removed.',
    },
  ],

  [
    'repository',
    'Repositories',
    inRepository,
    {
      created: 'There is a new repository.',
      edited: 'Description or default branch of a repository was changed.',
      renamed: 'A repository has another name.',
      transferred: 'A repository has another owner.',
      archived: 'A repository can only be read now.',
      unarchived: 'A repository can be written again.',
      publicized: 'A private repository was made public.',
      privatized: 'A public repository was made private.',
      deleted: 'A repository was removed.',
    },
  ],
  [
    'repository_import',
    'Repositories',
    { status: 'success', ...inRepository },
    'A repository was brought over, or was not.',
  ],
  ['public', 'Repositories', inRepository, 'A repository can be seen by everybody now.'],
  [
    'star',
    'Repositories',
    { starred_at: at, ...inRepository },
    { created: 'A star was given.', deleted: 'A star was taken back.' },
  ],
  ['watch', 'Repositories', inRepository, { started: 'A star was given (the older event).' }],
  [
    'member',
    'Repositories',
    { member: user, ...inRepository },
    {
      added: 'A collaborator was added to a repository.',
      edited: 'The permissions of a collaborator in a repository were changed.',
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
      renamed: 'The organization has another name.',
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
      created: 'There is a new team.',
      edited: 'A team was changed.',
      deleted: 'A team was removed.',
      added_to_repository: 'A team may work on a repository.',
      removed_from_repository: 'A team may no longer work on a repository.',
    },
  ],
  ['team_add', 'Organization', { team, ...inRepository }, 'A repository was given to a team.'],
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
      created: 'Something was added to a project.',
      edited: 'A field of an item was changed.',
      converted: 'A draft became an issue.',
      reordered: 'An item moved within its project.',
      archived: 'An item was put away.',
      restored: 'An item that had been put away is back.',
      deleted: 'An item was taken out of its project.',
    },
  ],
  ['project', 'Projects', { project, ...inRepository }, { created: 'There is a new classic project.' }],
  [
    'project_card',
    'Projects',
    { project_card: card, ...inRepository },
    {
      created: 'A classic project has a new card.',
      moved: 'A card of a classic project was moved.',
      deleted: 'A card of a classic project was removed.',
    },
  ],
  [
    'project_column',
    'Projects',
    { project_column: { id: 3803, name: 'Doing' }, ...inRepository },
    {
      created: 'A classic project has a new column.',
      edited: 'A column of a classic project was changed.',
    },
  ],

  [
    'installation',
    'Apps',
    { installation, repositories: [{ id: 90210, full_name: 'harbor-works/depot' }] },
    {
      created: 'The app was installed.',
      deleted: 'The app was uninstalled.',
      suspend: 'The app was suspended somewhere.',
      unsuspend: 'The app may work again where it was suspended.',
      new_permissions_accepted: 'The app was given the permissions it asked for.',
    },
  ],
  [
    'installation_repositories',
    'Apps',
    { installation, repositories_added: [], repositories_removed: [] },
    {
      added: 'The app may see more repositories.',
      removed: 'The app may see fewer repositories.',
    },
  ],
  ['github_app_authorization', 'Apps', {}, { revoked: 'A user revoked their authorization of the app.' }],
  [
    'marketplace_purchase',
    'Apps',
    marketplace,
    {
      purchased: 'A plan was bought.',
      changed: 'A plan was changed to another.',
      cancelled: 'A plan was cancelled.',
    },
  ],
  [
    'sponsorship',
    'Apps',
    { sponsorship: { node_id: 'S_1', tier: { name: '$5 a month' } } },
    {
      created: 'There is a new sponsor.',
      pending_tier_change: 'A sponsor will change the amount.',
      cancelled: 'A sponsor has stopped.',
    },
  ],
];
