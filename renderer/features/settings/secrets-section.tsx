import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { leave } from '../../browser/leaving.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { StoreSecret } from '../../domain/definition/secrets/secret-ref-field.tsx';
import { useAction } from '../../errors/use-action.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { loadSecrets, removeSecret, type StoredSecret, useStoredSecrets } from '../../model/definitions/secrets.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './settings.module.css';

export function SecretsSection() {
  const { phase, items, error } = useStoredSecrets();
  const [isAdding, setAdding] = useState(false);
  const names = items.map((secret) => secret.name);
  return (
    <FormSection
      title="Stored secrets"
      description="Encrypted in the data directory where the system supports it. Sources and jobs refer to them by name; stored values are never shown again."
    >
      {phase === 'error' && error !== null ? (
        <ErrorState error={error} title="The secrets could not be loaded" onRetry={() => void loadSecrets()} />
      ) : phase !== 'ready' ? (
        <LoadingRows rows={2} />
      ) : items.length === 0 && !isAdding ? (
        <EmptyState title="No secrets yet">Store one here, or in the form of a source or job that needs it.</EmptyState>
      ) : (
        <ul className={classes.secrets} aria-label="Stored secrets">
          {items.map((secret) => (
            <SecretItem key={secret.name} secret={secret} />
          ))}
        </ul>
      )}
      {isAdding && (
        <StoreSecret
          suggestedName=""
          names={names}
          onStored={(name) => {
            setAdding(false);
            showDone(`“${name}” is stored`);
          }}
        />
      )}
      <div className={classes.under}>
        <PermittedButton
          needs="administer"
          variant="default"
          leftSection={isAdding ? undefined : <IconPlus size={14} stroke={1.8} />}
          onClick={() => (isAdding ? leave(() => setAdding(false)) : setAdding(true))}
        >
          {isAdding ? 'Cancel' : 'Store a secret'}
        </PermittedButton>
      </div>
    </FormSection>
  );
}

/** `source "crm"` as the app names a user → its page. */
function userLink(user: string): { href: string; text: string } | null {
  const match = /^(source|job) "?([a-z0-9-]+)"?$/.exec(user);
  const slug = match?.[2];
  if (slug === undefined) return null;
  return {
    href: hrefOf(match?.[1] === 'source' ? paths.source(slug) : paths.job(slug)),
    text: user.replaceAll('"', ''),
  };
}

function SecretItem({ secret }: { secret: StoredSecret }) {
  const [isReplacing, setReplacing] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const remove = useAction(() => removeSecret(secret.name));
  const isUsed = secret.usedBy.length > 0;
  return (
    <li className={classes.secret}>
      <div className={classes.secretLine}>
        <code className={classes.secretName}>{secret.name}</code>
        <span className={classes.usedBy}>
          {isUsed
            ? secret.usedBy.map((user, index) => {
                const link = userLink(user);
                return (
                  <span key={user}>
                    {index > 0 && ', '}
                    {link === null ? user : <a href={link.href}>{link.text}</a>}
                  </span>
                );
              })
            : 'not used'}
        </span>
        <span className={classes.age}>
          <TimeAgo at={secret.updatedAt} />
        </span>
        {isAsking ? (
          <span className={classes.ask}>
            <Button
              variant="default"
              size="compact-xs"
              loading={remove.busy}
              autoFocus
              onClick={() => void remove.run().then(() => setAsking(false))}
            >
              Remove permanently
            </Button>
            <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setAsking(false)}>
              Keep
            </Button>
          </span>
        ) : (
          <span className={classes.ask}>
            <Tooltip label="Replace value">
              <ActionIcon
                aria-label={`Replace the value of ${secret.name}`}
                aria-expanded={isReplacing}
                onClick={() => (isReplacing ? leave(() => setReplacing(false)) : setReplacing(true))}
              >
                <IconRefresh size={14} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={isUsed ? 'In use; cannot be removed' : 'Remove'}>
              <ActionIcon aria-label={`Remove ${secret.name}`} disabled={isUsed} onClick={() => setAsking(true)}>
                <IconTrash size={14} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </span>
        )}
      </div>
      <InlineError error={remove.error} />
      {isReplacing && (
        <StoreSecret
          suggestedName={secret.name}
          names={[]}
          fixedName
          onStored={() => {
            setReplacing(false);
            showDone(`“${secret.name}” has a new value`);
          }}
        />
      )}
    </li>
  );
}
