import { useDesktop } from '../../model/app/desktop.ts';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { ConnectForm } from './connect-form.tsx';
import { ConnectionRow, ThisComputerRow } from './connection-row.tsx';
import classes from './connections.module.css';

/** Which servers the window can show. */
export function ConnectionsPage() {
  const state = useDesktop((desktop) => desktop.state);
  return (
    <AppPage title="Connections">
      <PageScroll>
        {state === null ? (
          <LoadingRows rows={4} />
        ) : (
          <>
            <FormSection
              title="Connections"
              description="The window shows one connection at a time. This computer keeps receiving in the background."
            >
              <ul className={classes.list}>
                <ThisComputerRow isShown={state.current === null} />
                {state.connections.map((connection) => (
                  <ConnectionRow
                    key={connection.id}
                    connection={connection}
                    isShown={state.current === connection.id}
                    phase={state.phase}
                  />
                ))}
              </ul>
            </FormSection>
            <ConnectForm keepsTokens={state.keepsTokens} />
          </>
        )}
      </PageScroll>
    </AppPage>
  );
}
