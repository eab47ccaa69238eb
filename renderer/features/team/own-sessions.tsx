import { Button } from '@mantine/core';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './team.module.css';

export function OwnSessions() {
  const got = useCall('account.sessions', {});
  const end = useAction(async (id: string) => {
    await call('account.revokeSession', { id });
    got.reload();
  });
  return (
    <FormSection title="Sessions" description="Browsers that are signed in to your account.">
      <InlineError error={end.error} />
      {got.value === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The sessions could not be loaded" onRetry={got.reload} />
        )
      ) : (
        <table className={classes.table} aria-label="Sessions">
          <thead>
            <tr>
              <th scope="col">Browser</th>
              <th scope="col">Address</th>
              <th scope="col">Last used</th>
              <th scope="col">Expires</th>
              <th scope="col" aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {got.value.items.map(({ id, browser, address, lastUsedAt, expiresAt, isCurrent }) => (
              <tr key={id}>
                <td>{browser}</td>
                <td className={classes.mono}>{address}</td>
                <td>{isCurrent ? 'this browser' : <TimeAgo at={lastUsedAt} />}</td>
                <td>
                  <Timestamp at={expiresAt} day />
                </td>
                <td>
                  <div className={classes.buttons}>
                    <Button
                      variant="default"
                      size="compact-xs"
                      disabled={isCurrent}
                      aria-label={`Revoke the session from ${address}`}
                      onClick={() => void end.run(id)}
                    >
                      Revoke
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </FormSection>
  );
}
