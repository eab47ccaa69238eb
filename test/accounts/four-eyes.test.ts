import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openTeam } from './team-server.ts';

interface Shown {
  items: { id: string; state: string; decidedBy: string | null }[];
}

it('requires another approver than the person who last saved the job, and records each action’s name', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'admin', true);
  const bob = await team.join('Bob', 'operator', true);
  const eve = await team.join('Eve', 'operator');
  const job = { slug: 'deploy', kind: 'command', command: ['true'], approval: 'required', fourEyes: true };
  await team.local('sources.create', { slug: 'crm', preset: 'generic' });
  expect(await ada.call('jobs.create', job)).toMatchObject({ value: { savedBy: 'Ada' } });
  expect(await ada.call('listeners.create', { slug: 'deploys', source: 'crm', job: 'deploy' })).toMatchObject({
    status: 200,
  });
  expect(await ada.call('listeners.versions', { slug: 'deploys' })).toMatchObject({
    value: { items: [{ savedBy: 'Ada' }] },
  });
  await team.app.post('crm', { any: 'thing' });
  const pending = async (): Promise<string> => {
    const { items } = (await ada.call('runs.list', { state: 'pending' })).value as Shown;
    return items[0]?.id ?? '';
  };
  await eventually(async () => expect(await pending()).not.toBe(''));
  const id = await pending();

  const saved = 'Job "deploy" needs an approval from another person: Ada saved it last.';
  expect(await ada.call('runs.approval', { id })).toMatchObject({ value: { refusal: saved } });
  expect(await ada.call('runs.approve', { ids: [id] })).toMatchObject({ status: 403, message: saved });
  expect(await eve.call('runs.approval', { id })).toMatchObject({
    value: { refusal: 'Approving needs the permission to approve.' },
  });
  expect(await eve.call('runs.approve', { ids: [id] })).toMatchObject({ status: 403 });
  expect(await pending()).toBe(id);

  // Saving it makes the other person the one who may not.
  await team.local('jobs.update', { ...job, kind: 'command', approval: 'required', timeout: '1m', version: 1 });
  await expect(team.local('runs.approve', { ids: [id] })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await bob.call('runs.approval', { id })).toMatchObject({ value: { refusal: null } });
  expect(await bob.call('runs.approve', { ids: [id], note: 'looks fine' })).toMatchObject({
    value: { items: [{ id, decidedBy: 'Bob' }] },
  });
  await eventually(async () =>
    expect(await bob.call('runs.get', { id })).toMatchObject({ value: { state: 'completed' } }),
  );
  expect(await eve.call('runs.acknowledge', { ids: [id] })).toMatchObject({
    value: { items: [{ acknowledgedBy: 'Eve' }] },
  });

  const { items } = await team.local('audit.list', { call: 'runs.' });
  expect(items).toMatchObject([
    { name: 'Eve', call: 'runs.acknowledge', target: id, outcome: 'done' },
    { name: 'Bob', call: 'runs.approve', target: id, outcome: 'done', after: { note: 'looks fine' } },
    { via: 'command', call: 'runs.approve', outcome: 'failed' },
    { name: 'Eve', call: 'runs.approve', outcome: 'refused' },
    { name: 'Ada', call: 'runs.approve', target: id, outcome: 'failed' },
  ]);
  const [made] = (await team.local('audit.list', { call: 'jobs.' })).items.toReversed();
  expect(made).toMatchObject({
    name: 'Ada',
    call: 'jobs.create',
    target: 'deploy',
    via: 'session',
    before: null,
    after: { fourEyes: true },
  });
});
