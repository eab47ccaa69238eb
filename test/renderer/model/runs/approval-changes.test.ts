import { expect, test } from 'vitest';
import { approvalChanges } from '../../../../renderer/model/runs/approval-changes.ts';
import type { Approval } from '../../../../shared/contract/approvals.ts';

const approval = (given: Partial<Approval> = {}): Approval => ({
  kind: 'command',
  argv: ['node', 'deploy.mjs'],
  file: null,
  fileSha256: null,
  cwd: '/srv',
  envNames: ['PATH'],
  secretNames: [],
  files: [{ path: '/srv/deploy.mjs', sha256: 'aa', change: null }],
  packages: [],
  open: [],
  digest: 'one',
  event: {
    id: 'evt_1',
    source: 'shop',
    system: 'generic',
    type: 'release',
    externalId: null,
    occurredAt: null,
    receivedAt: '2026-03-01T10:00:00.000Z',
    context: {},
    payload: {},
    deliveryId: null,
    verification: { state: 'none', scheme: null, detail: null },
    replayOf: null,
    causedBy: null,
    ignored: false,
    chainStopped: false,
    runs: [],
  },
  previous: null,
  ...given,
});

test('nothing has changed under the same digest, whatever is drawn anew', () => {
  expect(approvalChanges(approval(), approval({ event: { ...approval().event, payload: { n: 2 } } }))).toEqual([]);
});

test('what changed is named with both of its states', () => {
  const now = approval({
    digest: 'two',
    argv: ['node', 'deploy.mjs', '--force'],
    secretNames: ['TOKEN'],
    files: [
      { path: '/srv/deploy.mjs', sha256: 'bb', change: null },
      { path: '/srv/more.mjs', sha256: 'cc', change: null },
    ],
  });
  expect(approvalChanges(approval(), now)).toEqual([
    { what: 'command', before: 'node\ndeploy.mjs', now: 'node\ndeploy.mjs\n--force' },
    { what: 'secrets', before: null, now: 'TOKEN' },
    { what: 'content of /srv/deploy.mjs', before: 'aa', now: 'bb' },
    { what: 'content of /srv/more.mjs', before: null, now: 'cc' },
  ]);
});

test('another digest is a change also where nothing that is shown differs', () => {
  expect(approvalChanges(approval(), approval({ digest: 'two' }))).toMatchObject([{ what: 'variables or secrets' }]);
});
