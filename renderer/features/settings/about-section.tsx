import { useStatus } from '../../model/app/status.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { KeyValueTable } from '../../ui/tables/key-value-table.tsx';
import { formatBytes, formatCount } from '../../ui/text/format.ts';
import { Mono } from '../../ui/text/mono.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './settings.module.css';

export function AboutSection() {
  const status = useStatus((state) => state.status);
  if (status === null) return null;
  const { config, receiver, index } = status;
  return (
    <FormSection title="About">
      <KeyValueTable
        rows={[
          { key: 'Version', value: `${status.version}, ${status.mode}`, copy: status.version },
          { key: 'Started', value: <TimeAgo at={status.startedAt} /> },
          { key: 'Data directory', value: <Mono>{status.dataDir}</Mono>, copy: status.dataDir },
          {
            key: 'Receiver',
            value: (
              <span className={classes.withLamp}>
                <Lamp
                  tone={receiver.accepting ? 'green' : 'red'}
                  label={
                    receiver.accepting ? 'accepting' : receiver.problem === null ? 'not accepting' : 'not listening'
                  }
                />
                <Mono>{receiver.url}</Mono>
              </span>
            ),
            copy: receiver.url,
          },
          {
            key: 'Console',
            value:
              status.consoleUrl === null ? (
                <span className={classes.quiet}>off; start with --console to turn it on</span>
              ) : (
                <Mono>{status.consoleUrl}</Mono>
              ),
            ...(status.consoleUrl === null ? {} : { copy: status.consoleUrl }),
          },
          {
            key: 'Events',
            value: `${formatCount(status.events.total)}, database ${formatBytes(status.databaseBytes)}`,
          },
          {
            key: 'Search index',
            value: index.behind === 0 ? 'up to date' : `${formatCount(index.behind)} events behind`,
          },
          {
            key: 'Config file',
            value:
              config === null ? (
                <span className={classes.quiet}>
                  none; start with --config to define sources, jobs and listeners in a file
                </span>
              ) : (
                <>
                  <span className={classes.withLamp}>
                    <Lamp
                      tone={config.error === null ? 'green' : 'red'}
                      label={config.error === null ? 'applied' : 'not applied'}
                    />
                    <Mono>{config.file}</Mono>
                    {config.appliedAt !== null && (
                      <span className={classes.quiet}>
                        applied <TimeAgo at={config.appliedAt} />
                      </span>
                    )}
                  </span>
                  {config.error !== null && <pre className={classes.configError}>{config.error}</pre>}
                </>
              ),
          },
        ]}
      />
    </FormSection>
  );
}
