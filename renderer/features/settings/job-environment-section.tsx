import type { JobEnvironment } from '../../../shared/contract/jobs.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { exampleText } from '../../ui/forms/placeholder-text.ts';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import type { SettingsState } from './model/use-settings.ts';
import { ListSetting } from './setting-field.tsx';
import classes from './settings.module.css';

interface JobEnvironmentSectionProps {
  value: Settings;
  save: SettingsState['save'];
}

/** Where programs of jobs are looked for, and what jobs get of the app's environment. */
export function JobEnvironmentSection({ value, save }: JobEnvironmentSectionProps) {
  const got = useCall('jobs.environment', {});
  const environment = got.value;
  return (
    <FormSection
      title="Job environment"
      description="Jobs receive a fixed list of variables, their own, and those listed here. Changes apply to the next run."
    >
      {environment === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The environment could not be loaded" onRetry={got.reload} />
        )
      ) : (
        <>
          <FormRow label="PATH" hint={pathHint(environment)}>
            {environment.path.length === 0 ? (
              <p className={classes.quiet}>Empty: commands need the full path to their program.</p>
            ) : (
              <ol className={classes.folders} aria-label="Folders searched for programs, in this order">
                {environment.path.map((folder) => (
                  <li key={folder}>{folder}</li>
                ))}
              </ol>
            )}
          </FormRow>
          <ListSetting
            label="Inherited variables"
            hint={inheritedHint(environment, value.inheritEnv)}
            placeholder={exampleText('HTTPS_PROXY')}
            value={value.inheritEnv}
            suggestions={environment.suggested}
            onSave={(inheritEnv) => save({ inheritEnv }, 'The list of inherited variables')}
          />
          <FormRow label="Always passed">
            <p className={classes.names}>{environment.passed.join(' ')}</p>
          </FormRow>
        </>
      )}
    </FormSection>
  );
}

function pathHint({ loginShell }: JobEnvironment): string {
  if (loginShell === null) return 'The PATH Signalbox was started with. Jobs can set their own.';
  switch (loginShell.state) {
    case 'reading':
      return `Reading the PATH of the login shell ${loginShell.shell}; jobs start once it is known.`;
    case 'read':
      return `The PATH of the login shell ${loginShell.shell}, read when Signalbox started. Jobs can set their own.`;
    case 'failed':
      return `The PATH Signalbox was started with, since ${loginShell.problem ?? 'the login shell returned none'}.`;
  }
}

function inheritedHint({ suggested }: JobEnvironment, inherited: readonly string[]): string {
  const open = suggested.filter((name) => !inherited.includes(name));
  const rule =
    'Variables to pass on to all jobs from the environment Signalbox was started in, such as proxy settings.';
  return open.length === 0 ? rule : `${rule} Set but not inherited: ${open.join(', ')}.`;
}
