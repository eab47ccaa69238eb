import type { Backup } from '../../../shared/contract/backups.ts';
import type { Handlers, Output } from '../../../shared/contract/index.ts';

export interface BackupHandlerDeps {
  backups: {
    list(): Output<'backups.list'>;
    create(reason: 'asked'): Promise<Backup>;
    verify(name: string): Promise<Output<'backups.verify'>>;
    restore(name: string, from: 'backups' | 'quarantine'): Promise<void>;
    keepPresent(): Promise<void>;
  };
}

export type BackupHandlers = Pick<Handlers, Extract<keyof Handlers, `backups.${string}`>>;

export function createBackupHandlers({ backups }: BackupHandlerDeps): BackupHandlers {
  return {
    'backups.list': () => backups.list(),
    'backups.create': () => backups.create('asked'),
    'backups.verify': ({ name }) => backups.verify(name),
    'backups.restore': async ({ name, from = 'backups' }) => {
      await backups.restore(name, from);
      return { done: true };
    },
    'backups.keepPresent': async () => {
      await backups.keepPresent();
      return { done: true };
    },
  };
}
