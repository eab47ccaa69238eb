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
    ['created', 'There is a new agent.'],
    ['updated', 'An agent was changed.', { name: 'Bill collector 2' }],
    ['deleted', 'An agent was removed.'],
  ]),
  ...resource('Sources', { id: 'src_7', object: 'source', name: 'City Power', url: 'https://power.example.com' }, [
    ['created', 'There is a new site that agents may work on.'],
    ['updated', 'The details of a site were changed.', { name: 'City Power and Gas' }],
    ['deleted', 'A site was removed.'],
  ]),
  ...resource('Connections', connection, [
    ['connecting', 'A user is being signed in to a site.', { status: 'connecting' }, legacy],
    ['connected', 'The sign-in went well.', { status: 'connected' }, legacy],
    ['invalid', 'The site did not take the user name and password.', { status: 'invalid' }, legacy],
    ['disconnected', 'A connection came to its end.', { status: 'disconnected' }, legacy],
    ['terminated', 'A connection was ended on purpose.', { status: 'terminated' }, legacy],
    [
      'interaction_required',
      'The sign-in waits for a person to answer.',
      { status: 'interaction_required', interaction },
      legacy,
    ],
  ]),
  ...resource('Credentials', credential, [
    ['created', 'A sign-in was stored and has not been tried yet.', { status: 'unverified' }, newer],
    ['unverified', 'A sign-in that had worked was changed and has to be tried again.', { status: 'unverified' }, newer],
    ['verified', 'A sign-in worked for the first time.', { status: 'verified' }, newer],
    ['invalid', 'The site turned a sign-in down.', { status: 'invalid' }, newer],
    ['deleted', 'A sign-in was taken out of the vault.', { status: 'deleted' }, newer],
  ]),
  ...resource('Sessions', session, [
    ['queued', 'A session waits for its machine.', { status: 'queued' }, newer],
    ['running', 'A session is at work.', { status: 'running' }, newer],
    ['idle', 'A session has nothing to do and waits for more.', { status: 'idle' }, newer],
    ['completing', 'A session has done its work and is closing down.', { status: 'completing' }, newer],
    ['completed', 'A session has ended and is closed.', { status: 'completed' }, newer],
    ['failed', 'A session broke off with an error.', { status: 'failed', error: { code: 'site_unavailable' } }, newer],
  ]),
  ...resource('Tasks', { id: 'task_12', object: 'task', agent_id: 'agt_5', name: 'Fetch invoices' }, [
    ['created', 'There is a new task.', { status: 'learning' }],
    ['updated', 'A task is defined differently now.', { status: 'live' }],
    ['deleted', 'A task was removed.'],
  ]),
  ...resource('Task runs', run, [
    ['queued', 'A run waits for its turn.', { status: 'queued' }],
    ['running', 'A run has begun.', { status: 'running' }],
    ['pending', 'A run waits for approval or review.', { status: 'pending' }],
    [
      'completed',
      'A run ended well.',
      {
        status: 'completed',
        result: 'success',
        runtime_ms: 12_450,
        output: { invoices: [{ number: 'INV-204', total: 99.5 }] },
      },
    ],
    [
      'failed',
      'A run ended with an error.',
      { status: 'failed', result: 'failure', error: { code: 'layout_changed' } },
    ],
    ['canceled', 'A run was called off.', { status: 'canceled' }],
    ['interaction_required', 'A run waits for a person to answer.', { status: 'interaction_required', interaction }],
    [
      'review_required',
      'What a run has found is to be looked over before it counts.',
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
      ['created', 'A run has put a file into the storage.'],
      ['deleted', 'A file was taken out of the storage.'],
    ],
  ),
  ...resource('Workflow runs', workflowRun, [
    ['queued', 'A workflow waits for its turn.', { status: 'queued' }],
    ['running', 'A workflow is at one of its steps.', { status: 'running', step: 'fetch' }],
    ['sleeping', 'A workflow rests until its next step.', { status: 'sleeping', wake_at: SAMPLE_TIME }],
    ['completed', 'A workflow has done all its steps.', { status: 'completed' }],
    [
      'failed',
      'A workflow stopped at a step that failed.',
      { status: 'failed', step: 'fetch', error: { code: 'task_failed' } },
    ],
    ['canceled', 'A workflow was stopped.', { status: 'canceled' }],
    ['interaction_required', 'A step waits for a person to answer.', { status: 'interaction_required', interaction }],
    [
      'review_required',
      'What a step has found is to be looked over before it counts.',
      { status: 'review_required' },
      { ...newer, isAssumed: true },
    ],
  ]),
  ...resource('Event destinations', { id: 'evtd_2', object: 'event_destination', name: 'Signalbox', type: 'webhook' }, [
    ['activated', 'A destination proved itself and is sent events.', { status: 'active' }],
    [
      'deactivated',
      'A destination is sent nothing more: switched off, or it failed too often.',
      { status: 'inactive' },
    ],
  ]),
];
