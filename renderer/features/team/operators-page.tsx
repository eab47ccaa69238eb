import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLack } from '../../model/app/account.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { AddOperator } from './add-operator.tsx';
import type { FreshLink } from './operator-fields.ts';
import { OperatorRow } from './operator-row.tsx';
import classes from './team.module.css';

export function OperatorsPage() {
  const lack = useLack('administer');
  const got = useCall('operators.list', lack === null ? {} : null);
  const [isAdding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<FreshLink | null>(null);
  const show = (link: FreshLink): void => {
    setFresh(link);
    setAdding(false);
    got.reload();
  };
  const items = got.value?.items;
  return (
    <AppPage
      title="Operators"
      count={items?.length}
      actions={
        <>
          <Button component="a" variant="default" href={hrefOf(paths.audit())}>
            Audit log
          </Button>
          <Button disabled={lack !== null} title={lack ?? undefined} onClick={() => setAdding(!isAdding)}>
            {isAdding ? 'Cancel' : 'Add operator'}
          </Button>
        </>
      }
    >
      <PageScroll width={1080}>
        {isAdding && <AddOperator onAdded={show} />}
        {fresh !== null && <LinkNote fresh={fresh} />}
        {lack !== null ? (
          <EmptyState title={lack}>Only admins can see accounts.</EmptyState>
        ) : items === undefined ? (
          got.error === null ? (
            <LoadingRows rows={4} />
          ) : (
            <ErrorState error={got.error} title="The operators could not be loaded" onRetry={got.reload} />
          )
        ) : items.length === 0 ? (
          <EmptyState title="No operators yet">
            Until you add one, the console token signs in with all permissions. Each operator signs in by name and has a
            role.
          </EmptyState>
        ) : (
          <table className={classes.table} aria-label="Operators">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">May approve</th>
                <th scope="col">State</th>
                <th scope="col">Last seen</th>
                <th scope="col">Sessions</th>
                <th scope="col" aria-label="Actions" />
              </tr>
            </thead>
            <tbody>
              {items.map((operator) => (
                <OperatorRow key={operator.id} operator={operator} onChanged={got.reload} onLink={show} />
              ))}
            </tbody>
          </table>
        )}
      </PageScroll>
    </AppPage>
  );
}

function LinkNote({ fresh: { name, link } }: { fresh: FreshLink }) {
  const url = link.publicUrl ?? link.url;
  return (
    <div className={classes.link} role="status">
      {url === null ? (
        <span>
          {name} was saved, but the console has no address for browsers. Start Signalbox with --console HOST:PORT, then
          create a new link.
        </span>
      ) : (
        <>
          <span>
            Send this link to {name}. It sets a passkey or password, once, before <Timestamp at={link.expiresAt} day />:{' '}
            <span className={classes.mono}>{url}</span>
          </span>
          <CopyButton text={url} title="Copy link" />
        </>
      )}
    </div>
  );
}
