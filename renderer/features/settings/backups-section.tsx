import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Backup, SetAside } from '../../../shared/contract/backups.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { formatBytes, formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { parseWhole } from './model/settings-patch.ts';
import type { SettingsState } from './model/use-settings.ts';
import { SwitchSetting, TextSetting } from './setting-field.tsx';
import classes from './settings.module.css';

type BackupList = Output<'backups.list'>;

async function restore(name: string, from: 'backups' | 'quarantine'): Promise<void> {
  await call('backups.restore', { name, from });
  showDone('Store restored; Signalbox is restarting with it');
}

/** Copies of the store, stores that were set aside, and the way back to each of them. */
export function BackupsSection({ value, save }: Pick<SettingsState, 'value' | 'save'>) {
  const got = useCall('backups.list', {}, { reloadOn: ['backups.changed', 'settings.changed'] });
  const create = useAction(async () => {
    const backup = await call('backups.create', {});
    got.reload();
    showDone(`Backup created and verified (${formatBytes(backup.sizeBytes)})`);
  });
  const list = got.value;
  return (
    <FormSection
      title="Backups"
      description="Full, verified copies of the store. Secrets in them are encrypted; the key is stored elsewhere, so back it up separately."
    >
      {list?.undecided != null && <Undecided undecided={list.undecided} onDecided={got.reload} />}
      {value !== undefined && (
        <>
          <SwitchSetting
            label="Daily backup"
            hint="One day after the newest backup."
            value={value.backupDaily}
            onSave={(backupDaily) => save({ backupDaily }, 'The daily backup')}
          />
          <TextSetting
            label="Keep"
            unit="backups"
            hint="The oldest are removed first. Files you added are kept."
            width={160}
            value={String(value.backupsKept)}
            onSave={async (text) => {
              const backupsKept = parseWhole(text);
              return backupsKept === null
                ? 'must be a whole number'
                : await save({ backupsKept }, 'The number of backups');
            }}
          />
        </>
      )}
      {list === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The backups could not be loaded" onRetry={got.reload} />
        )
      ) : (
        <>
          <FormRow label="Folder" hint="Copy backups to another disk: one on the same disk is lost with it.">
            <span className={classes.keyUrl}>
              <code>{list.dir}</code>
              <CopyButton text={list.dir} title="Copy folder path" />
            </span>
          </FormRow>
          <Backups list={list} />
          <div className={`${classes.under} ${classes.buttons}`}>
            <PermittedButton
              needs="administer"
              variant="default"
              loading={create.busy || list.isWorking}
              onClick={() => void create.run()}
            >
              Back up now
            </PermittedButton>
          </div>
          <InlineError error={create.error} />
          {list.setAside.length > 0 && <SetAsideStores stores={list.setAside} />}
        </>
      )}
    </FormSection>
  );
}

function Undecided({
  undecided,
  onDecided,
}: {
  undecided: NonNullable<BackupList['undecided']>;
  onDecided: () => void;
}) {
  const { offer, setAside } = undecided;
  const bringBack = useAction(() => (offer === null ? Promise.resolve() : restore(offer, 'backups')));
  const goOn = useAction(async () => {
    await call('backups.keepPresent', {});
    onDecided();
  });
  return (
    <div className={classes.lost} role="alert">
      <p>
        {setAside === null ? (
          <>
            The store <code>signalbox.db</code> is missing.
          </>
        ) : (
          <>
            The store was damaged and is kept in <code>quarantine/{setAside}</code>.
          </>
        )}{' '}
        The current store is empty. Deliveries are answered 503 until you decide, so that senders retry.
      </p>
      <div className={classes.buttons}>
        {offer !== null && (
          <Button loading={bringBack.busy} onClick={() => void bringBack.run()}>
            Restore {offer}
          </Button>
        )}
        <Button variant="default" loading={goOn.busy} onClick={() => void goOn.run()}>
          Keep the empty store
        </Button>
      </div>
      {offer === null && <p className={classes.quiet}>No verified backup to restore.</p>}
      <InlineError error={bringBack.error ?? goOn.error} />
    </div>
  );
}

function Backups({ list }: { list: BackupList }) {
  return (
    <>
      {list.problem !== null && (
        <p className={classes.problem}>
          The last backup failed: {list.problem.message} (<TimeAgo at={list.problem.at} />)
        </p>
      )}
      {list.items.length === 0 ? (
        <p className={classes.quiet}>
          No backups yet{list.dueAt !== null && ': the first one is created within minutes'}.
        </p>
      ) : (
        <ul className={classes.secrets} aria-label="Backups">
          {list.items.map((backup) => (
            <BackupItem key={backup.name} backup={backup} />
          ))}
        </ul>
      )}
    </>
  );
}

function BackupItem({ backup }: { backup: Backup }) {
  const { name, createdAt, sizeBytes, verified } = backup;
  return (
    <li className={classes.secret}>
      <div className={classes.backupLine}>
        <Timestamp at={createdAt} day />
        <span className={classes.age}>{formatBytes(sizeBytes)}</span>
        <span>
          <ToneBadge tone={verified === null ? 'amber' : 'green'}>
            {verified === null ? 'not verified' : 'verified'}
          </ToneBadge>
        </span>
        <span className={classes.usedBy} title={name}>
          {verified === null
            ? name
            : `${formatCount(verified.events)} events, ${formatCount(verified.runs)} runs, ${formatCount(verified.listeners)} listeners`}
        </span>
        <RestoreButton
          label={`Restore the backup ${name}`}
          action="Restore"
          onRestore={() => restore(name, 'backups')}
        />
      </div>
    </li>
  );
}

const reasons: Record<SetAside['reason'], string> = {
  damaged: 'damaged',
  replaced: 'replaced',
  unknown: 'added manually',
};

function SetAsideStores({ stores }: { stores: SetAside[] }) {
  return (
    <>
      <h3 className={classes.subhead}>Quarantined stores</h3>
      <p className={classes.quiet}>Kept in the folder “quarantine” of the data directory until you delete them.</p>
      <ul className={classes.secrets} aria-label="Quarantined stores">
        {stores.map((store) => (
          <li key={store.name} className={classes.secret}>
            <div className={classes.backupLine}>
              <Timestamp at={store.at} day />
              <span className={classes.age}>{formatBytes(store.sizeBytes)}</span>
              <span>
                <ToneBadge tone={store.reason === 'damaged' ? 'red' : 'grey'}>{reasons[store.reason]}</ToneBadge>
              </span>
              <span className={classes.usedBy} title={store.details.join('\n')}>
                {store.details[0] ?? store.name}
              </span>
              {store.canRestore && (
                <RestoreButton
                  label={`Bring back the store ${store.name}`}
                  action="Bring back"
                  onRestore={() => restore(store.name, 'quarantine')}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function RestoreButton({
  label,
  action,
  onRestore,
}: {
  label: string;
  action: string;
  onRestore: () => Promise<void>;
}) {
  const [isAsking, setAsking] = useState(false);
  const run = useAction(async () => {
    await onRestore();
    setAsking(false);
  });
  if (!isAsking) {
    return (
      <span className={classes.ask}>
        <Button variant="default" size="compact-xs" aria-label={label} onClick={() => setAsking(true)}>
          {action}
        </Button>
      </span>
    );
  }
  return (
    <span className={classes.ask}>
      <span className={classes.asking}>The current store is moved to quarantine and running jobs are stopped.</span>
      <Button size="compact-xs" loading={run.busy} onClick={() => void run.run()}>
        {action === 'Restore' ? 'Restore it' : 'Bring it back'}
      </Button>
      <Button variant="subtle" color="gray" size="compact-xs" autoFocus onClick={() => setAsking(false)}>
        Cancel
      </Button>
      <InlineError error={run.error} />
    </span>
  );
}
