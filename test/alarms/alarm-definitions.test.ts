import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AlarmSpec } from '../../shared/contract/alarms.ts';
import { receivingServer } from '../destinations/receiving-server.ts';
import { openApp } from '../runtime/open-app.ts';

const spec: AlarmSpec = {
  slug: 'import-fails',
  name: 'Imports fail',
  when: { kind: 'failure_rate', job: 'import', above: 12.5, window: '1h' },
  notify: [{ via: 'desktop' }, { via: 'webhook', url: { secret: 'slack' } }],
};

it('are created, changed, removed and kept over a restart, with their versions', async () => {
  const app = await openApp();
  await expect(app.call('alarms.create', spec)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: ['when', 'job'] }],
  });
  await app.call('jobs.create', { slug: 'import', kind: 'command', command: ['/bin/true'] });
  await app.call('secrets.set', { name: 'slack', value: 'https://hooks.example.com/services/x' });
  const made = await app.call('alarms.create', spec);
  expect(made).toMatchObject({ ...spec, enabled: true, version: 1, owner: 'user', problem: null, raised: 0 });
  await expect(app.call('alarms.create', spec)).rejects.toMatchObject({ code: 'conflict' });
  await expect(app.call('secrets.remove', { name: 'slack' })).rejects.toThrow(/alarm import-fails/);
  const changed = await app.call('alarms.update', { ...spec, repeat: '1h', version: 1 });
  await expect(app.call('alarms.update', { ...spec, version: 1 })).rejects.toMatchObject({ code: 'stale_version' });
  expect(await app.call('alarms.setEnabled', { slug: spec.slug, enabled: false })).toMatchObject({ enabled: false });
  await app.stop();
  const again = await openApp(app.dataDir);
  expect(await again.call('alarms.get', { slug: spec.slug })).toMatchObject({ repeat: changed.repeat, version: 3 });
  await again.call('alarms.remove', { slug: spec.slug });
  expect((await again.call('alarms.list', {})).items).toEqual([]);
  // Undo of a removal.
  expect(await again.call('alarms.create', spec)).toMatchObject({ version: 4 });
  const { items } = await again.call('alarms.versions', { slug: spec.slug });
  expect(items.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
  expect(items[3]?.spec).toEqual(spec);
  await again.call('jobs.remove', { slug: 'import' });
  expect(await again.call('alarms.get', { slug: spec.slug })).toMatchObject({
    problem: expect.stringContaining('"import"'),
  });
});

const problem = (text: RegExp) => ({
  code: 'invalid_config',
  details: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(text) })]),
});

it('are declared in a config file, exported, compared and applied', async () => {
  const app = await openApp();
  await app.call('jobs.create', { slug: 'import', kind: 'command', command: ['/bin/true'] });
  await app.call('secrets.set', { name: 'slack', value: 'https://hooks.example.com/services/x' });
  await app.call('alarms.create', spec);
  const { yaml } = await app.call('settings.exportConfig', {});
  expect(parse(yaml).alarms).toEqual([spec]);
  await app.call('alarms.remove', { slug: spec.slug });

  const file = '/srv/signalbox.yaml';
  const text = (alarms: string): string => `version: 1\nalarms:\n${alarms}`;
  const wrong = text(
    '  - { slug: a, when: { kind: queue_age, above: soon } }\n  - { slug: a, when: { kind: nothing } }',
  );
  await expect(app.call('config.diff', { yaml: wrong, file })).rejects.toMatchObject(
    problem(/alarms\[0\]\.when\.above/),
  );
  const missing = text('  - { slug: a, when: { kind: source_silent, source: crm } }');
  await expect(app.call('config.diff', { yaml: missing, file })).rejects.toMatchObject(
    problem(/alarms\[0\]\.when\.source/),
  );
  const inline = `version: 1\nsettings: { smtp: { host: mail, password: hunter2 } }`;
  await expect(app.call('config.diff', { yaml: inline, file })).rejects.toMatchObject(
    problem(/never written in the file/),
  );

  const good = text('  - { slug: disk, when: { kind: disk_free, below: 5000000000 }, notify: [{ via: desktop }] }');
  const { changes } = await app.call('config.apply', { yaml: good, file });
  expect(changes).toMatchObject([{ kind: 'alarm', name: 'disk', change: 'added' }]);
  expect((await app.call('config.diff', { yaml: good, file })).changes).toEqual([]);
  expect((await app.call('config.apply', { yaml: 'version: 1', file })).changes).toMatchObject([
    { kind: 'alarm', name: 'disk', change: 'removed' },
  ]);
});

it('are tried before they are saved', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic' });
  const { items } = await app.call('alarms.preview', { when: { kind: 'source_silent', after: '1m' } });
  expect(items).toEqual([
    { subject: { kind: 'source', slug: 'crm' }, isRaised: false, message: 'crm receives deliveries.' },
  ]);
  const disk = await app.call('alarms.preview', { when: { kind: 'disk_free', below: 2 ** 50 } });
  expect(disk.items).toMatchObject([{ subject: null, isRaised: true }]);

  const server = await receivingServer((_request, response) => response.writeHead(404).end('no_service'));
  const tested = await app.call('alarms.test', {
    name: 'Disk',
    notify: [
      { via: 'desktop' },
      { via: 'webhook', url: server.url, allowPrivate: true },
      { via: 'email', to: ['a@b.example'] },
    ],
  });
  expect(tested.items).toEqual([
    { via: 'desktop', problem: null },
    { via: 'webhook', problem: `127.0.0.1:${server.port} answered 404: no_service.` },
    { via: 'email', problem: 'There is no SMTP server. Set it under Settings, E-mail.' },
  ]);
});
