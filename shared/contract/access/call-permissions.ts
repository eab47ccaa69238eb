import type { CallName } from '../index.ts';
import type { PushName } from '../pushes.ts';
import type { Permission } from './roles.ts';

/** What each call asks of its caller. A call without an entry does not compile. */
export const callPermissions: Readonly<Record<CallName, Permission>> = {
  'app.status': 'read',
  // Signs a browser in as the local administrator.
  'app.createSignInUrl': 'local',
  'app.setReceiverAddress': 'administer',
  'app.blindWindows': 'read',

  'sources.list': 'read',
  'sources.get': 'read',
  'sources.presets': 'read',
  'sources.create': 'define',
  'sources.update': 'define',
  'sources.setEnabled': 'define',
  'sources.remove': 'define',
  'sources.confirmSubscription': 'define',
  // Signed by the source's own secret: an event that looks as if the sender had sent it.
  'sources.sendTest': 'define',

  'deliveries.list': 'read',
  'deliveries.get': 'read',
  'deliveries.files': 'read',
  'deliveries.readFile': 'read',

  'events.list': 'read',
  'events.histogram': 'read',
  'runs.histogram': 'read',
  'runs.statistics': 'read',
  'events.get': 'read',
  'events.types': 'read',
  'events.replay': 'operate',
  'events.take': 'operate',
  // Any type with any payload, which listeners give to jobs.
  'events.raise': 'define',
  'replays.start': 'operate',
  'replays.preview': 'read',
  'replays.list': 'read',
  'replays.cancel': 'operate',
  'scheduledEvents.list': 'read',
  'scheduledEvents.cancel': 'operate',

  'listeners.list': 'read',
  'listeners.get': 'read',
  'listeners.versions': 'read',
  'listeners.create': 'define',
  'listeners.update': 'define',
  'listeners.setState': 'define',
  'listeners.explain': 'read',
  'listeners.preview': 'read',

  'jobs.list': 'read',
  'jobs.get': 'read',
  'jobs.create': 'define',
  'jobs.update': 'define',
  'jobs.remove': 'define',
  'jobs.environment': 'read',
  // Runs it for real, with any payload and without an approval.
  'jobs.testRun': 'define',

  'runs.list': 'read',
  'runs.get': 'read',
  'runs.output': 'read',
  'runs.files': 'read',
  'runs.readFile': 'read',
  'runs.answer': 'operate',
  'runs.cancel': 'operate',
  'runs.retry': 'operate',
  'runs.acknowledge': 'operate',
  'runs.unacknowledge': 'operate',
  'runs.approval': 'read',
  'runs.approvalDigest': 'read',
  'runs.approve': 'approve',
  'runs.reject': 'approve',

  'settings.get': 'read',
  'settings.update': 'administer',
  'settings.exportConfig': 'read',
  'secrets.list': 'read',
  'secrets.set': 'administer',
  'secrets.remove': 'administer',
  'config.diff': 'define',
  // May hold settings too.
  'config.apply': 'administer',
  'keys.list': 'read',
  'keys.rotate': 'administer',
  'catalog.list': 'read',
  'catalog.add': 'define',
  'catalog.remove': 'define',
  'examples.list': 'read',
  'examples.install': 'define',

  'backups.list': 'read',
  'backups.create': 'administer',
  'backups.verify': 'administer',
  'backups.restore': 'administer',
  'backups.keepPresent': 'administer',

  'operators.list': 'administer',
  'operators.add': 'administer',
  'operators.update': 'administer',
  'operators.remove': 'administer',
  'operators.reset': 'administer',
  'operators.sessions': 'administer',
  'operators.revoke': 'administer',
  'account.get': 'read',
  'account.setPassword': 'own',
  'account.sessions': 'own',
  'account.revokeSession': 'own',
  'account.tokens': 'own',
  'account.createToken': 'own',
  'account.revokeToken': 'own',
  'audit.list': 'administer',
};

/** What each push asks of its reader. */
export const pushPermissions: Readonly<Record<PushName, Permission>> = {
  'events.added': 'read',
  'deliveries.added': 'read',
  'runs.changed': 'read',
  'runs.progressed': 'read',
  'runs.wrote': 'read',
  'replays.changed': 'read',
  'scheduledEvents.changed': 'read',
  'sources.changed': 'read',
  'listeners.changed': 'read',
  'jobs.changed': 'read',
  'catalog.changed': 'read',
  'settings.changed': 'read',
  'backups.changed': 'read',
  'blindWindows.changed': 'read',
  'app.statusChanged': 'read',
};

/** Paths of the console's server beside the calls, as its router knows them. `null`: before sign-in. */
export const routePermissions = {
  '/api/push': 'read',
  '/api/openapi.json': 'read',
  '/api/deliveries/:id/files/:index': 'read',
  '/metrics': 'read',
  '/healthz': null,
  '/readyz': null,
  '/session': null,
} as const satisfies Record<string, Permission | null>;
