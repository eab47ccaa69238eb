import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

type Row = readonly [type: string, description: string, data?: CatalogObject, more?: Partial<CatalogEntry>];

const at = '2026-01-31T08:00:00Z';

const event = (type: string, data: CatalogObject): CatalogObject => ({
  id: `evt_${type.replace(/[._]/g, '')}1`,
  object: 'event',
  type,
  data,
  created_at: at,
});

/** Types of one resource: `data` is that resource with what the row says over it. */
function resource(group: string, base: CatalogObject & { object: string }, rows: readonly Row[]): CatalogEntry[] {
  return rows.map(([action, description, data = {}, more = {}]) => {
    const type = `${base.object}.${action}`;
    return entry({
      type,
      group,
      description,
      sample: event(type, { ...base, ...data, created_at: at, updated_at: at }),
      ...more,
    });
  });
}

const interaction: CatalogObject = {
  type: 'mfa',
  message: 'Enter the code that the site has sent to your phone',
  fields: [{ name: 'code', type: 'text', label: 'Code' }],
};
const legacy = { age: 'legacy' } as const;
const newer = { age: 'newer' } as const;

const run = { id: 'trun_81', object: 'task_run', task_id: 'task_12', agent_id: 'agt_5', source_id: 'src_7' };
const workflowRun = { id: 'wrun_31', object: 'workflow_run', workflow_id: 'wf_3' };
const connection = { id: 'conn_40', object: 'connection', source_id: 'src_7' };
const credential = { id: 'cred_44', object: 'credential', source_id: 'src_7', auth_method: 'username_password' };
const session = { id: 'sess_9', object: 'session', agent_id: 'agt_5', source_id: 'src_7', credential_id: 'cred_44' };

export const deckTypes: readonly CatalogEntry[] = [
  ...resource('Agents', { id: 'agt_5', object: 'agent', name: 'Bill collector' }, [
    ['created', 'An agent was created.'],
    ['updated', 'An agent was updated.', { name: 'Bill collector 2' }],
    ['deleted', 'An agent was deleted.'],
  ]),
  ...resource('Sources', { id: 'src_7', object: 'source', name: 'City Power', url: 'https://power.example.com' }, [
    ['created', 'A site for agents was created.'],
    ['updated', 'A site was updated.', { name: 'City Power and Gas' }],
    ['deleted', 'A site was deleted.'],
  ]),
  ...resource('Connections', connection, [
    ['connecting', 'Signing a user in to a site.', { status: 'connecting' }, legacy],
    ['connected', 'The sign-in succeeded.', { status: 'connected' }, legacy],
    ['invalid', 'The site rejected the user name and password.', { status: 'invalid' }, legacy],
    ['disconnected', 'A connection closed.', { status: 'disconnected' }, legacy],
    ['terminated', 'A connection was closed by request.', { status: 'terminated' }, legacy],
    [
      'interaction_required',
      'The sign-in needs input from an operator.',
      { status: 'interaction_required', interaction },
      legacy,
    ],
  ]),
  ...resource('Credentials', credential, [
    ['created', 'A credential was stored and has not been used yet.', { status: 'unverified' }, newer],
    ['unverified', 'A verified credential was changed and has to be verified again.', { status: 'unverified' }, newer],
    ['verified', 'A credential was verified.', { status: 'verified' }, newer],
    ['invalid', 'The site rejected a credential.', { status: 'invalid' }, newer],
    ['deleted', 'A credential was deleted from the vault.', { status: 'deleted' }, newer],
  ]),
  ...resource('Sessions', session, [
    ['queued', 'A session is waiting for a machine.', { status: 'queued' }, newer],
    ['running', 'A session is running.', { status: 'running' }, newer],
    ['idle', 'A session is idle.', { status: 'idle' }, newer],
    ['completing', 'A session finished its work and is closing.', { status: 'completing' }, newer],
    ['completed', 'A session closed.', { status: 'completed' }, newer],
    ['failed', 'A session failed.', { status: 'failed', error: { code: 'site_unavailable' } }, newer],
  ]),
  ...resource('Tasks', { id: 'task_12', object: 'task', agent_id: 'agt_5', name: 'Fetch invoices' }, [
    ['created', 'A task was created.', { status: 'learning' }],
    ['updated', 'A task was updated.', { status: 'live' }],
    ['deleted', 'A task was deleted.'],
  ]),
  ...resource('Task runs', run, [
    ['queued', 'A run is queued.', { status: 'queued' }],
    ['running', 'A run started.', { status: 'running' }],
    ['pending', 'A run needs approval or review.', { status: 'pending' }],
    [
      'completed',
      'A run completed.',
      {
        status: 'completed',
        result: 'success',
        runtime_ms: 12_450,
        output: { invoices: [{ number: 'INV-204', total: 99.5 }] },
      },
    ],
    ['failed', 'A run failed.', { status: 'failed', result: 'failure', error: { code: 'layout_changed' } }],
    ['canceled', 'A run was canceled.', { status: 'canceled' }],
    ['interaction_required', 'A run needs input from an operator.', { status: 'interaction_required', interaction }],
    [
      'review_required',
      'The result of a run needs review.',
      { status: 'review_required' },
      { ...newer, isAssumed: true },
    ],
  ]),
  ...resource(
    'Storage',
    {
      id: 'stor_6',
      object: 'storage',
      task_run_id: 'trun_81',
      name: 'invoice-204.pdf',
      content_type: 'application/pdf',
      size: 84_120,
    },
    [
      ['created', 'A run stored a file.'],
      ['deleted', 'A file was deleted from storage.'],
    ],
  ),
  ...resource('Workflow runs', workflowRun, [
    ['queued', 'A workflow is queued.', { status: 'queued' }],
    ['running', 'A workflow is running a step.', { status: 'running', step: 'fetch' }],
    ['sleeping', 'A workflow is paused until its next step.', { status: 'sleeping', wake_at: SAMPLE_TIME }],
    ['completed', 'A workflow completed.', { status: 'completed' }],
    ['failed', 'A workflow failed at a step.', { status: 'failed', step: 'fetch', error: { code: 'task_failed' } }],
    ['canceled', 'A workflow was canceled.', { status: 'canceled' }],
    ['interaction_required', 'A step needs input from an operator.', { status: 'interaction_required', interaction }],
    [
      'review_required',
      'The result of a step needs review.',
      { status: 'review_required' },
      { ...newer, isAssumed: true },
    ],
  ]),
  ...resource('Event destinations', { id: 'evtd_2', object: 'event_destination', name: 'Signalbox', type: 'webhook' }, [
    ['activated', 'A destination was verified and receives events.', { status: 'active' }],
    ['deactivated', 'A destination was disabled, manually or after too many failures.', { status: 'inactive' }],
  ]),
];
