import type { Logger } from 'pino';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { PushHub } from '../../console/push/push-hub.ts';
import type { DefinitionKind } from '../../definitions/definition-types.ts';
import type { Changes } from '../changes.ts';

/** Publishes changed definitions to connected clients: each kind once per turn of the event loop, however often it changed. */
export function startDefinitionPublisher(parts: {
  hub: PushHub;
  log: Logger;
  handlers: Handlers;
  changes: Changes;
}): void {
  const { hub, log, handlers: call, changes } = parts;
  const changed = new Set<DefinitionKind>();

  async function publish(kind: DefinitionKind): Promise<void> {
    switch (kind) {
      case 'sources':
        if (hub.hasClients('sources.changed')) {
          hub.publish('sources.changed', (await call['sources.list']({}, appCaller)).items);
        }
        return;
      case 'listeners':
        if (hub.hasClients('listeners.changed')) {
          const { items } = await call['listeners.list']({ includeDeleted: true }, appCaller);
          hub.publish('listeners.changed', items);
        }
        return;
      case 'jobs':
        if (hub.hasClients('jobs.changed')) hub.publish('jobs.changed', (await call['jobs.list']({}, appCaller)).items);
        return;
      case 'alarms':
        if (hub.hasClients('alarms.changed'))
          hub.publish('alarms.changed', (await call['alarms.list']({}, appCaller)).items);
        return;
      case 'settings':
        hub.publish('settings.changed', await call['settings.get']({}, appCaller));
        return;
      case 'secrets':
        // Names are asked for where they are shown.
        return;
    }
  }

  const note = (kind: DefinitionKind): void => {
    if (changed.has(kind)) return;
    changed.add(kind);
    setImmediate(() => {
      changed.delete(kind);
      publish(kind).catch((error: unknown) =>
        log.error({ err: error, kind }, 'a change of definitions could not be published'),
      );
    });
  };
  changes.on('definitions', note);
  changes.on('alarms', () => note('alarms'));
}
