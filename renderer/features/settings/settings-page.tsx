import { AppPage, PageScroll } from '../../components/app-page.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FormSection } from '../../components/form-layout.tsx';
import { formatCount } from '../../components/format.ts';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { defaultText, exampleText } from '../../components/placeholder-text.ts';
import { parseWhole } from '../../stores/settings.ts';
import { parseSize, printSize } from '../../stores/sizes.ts';
import { useStatus } from '../../stores/status.ts';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { BackupsSection } from './backups-section.tsx';
import { ExportSection } from './export-section.tsx';
import { JobEnvironmentSection } from './job-environment-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { ReceiverSection } from './receiver-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { ListSetting, SwitchSetting, TextSetting } from './setting-field.tsx';
import { SilenceSection } from './silence-section.tsx';
import { useSettings } from './use-settings.ts';

const notWhole = 'must be a whole number';

export function SettingsPage() {
  const settings = useSettings();
  const isDesktop = useStatus((state) => state.status?.mode === 'desktop');
  const hasConsole = useStatus((state) => (state.status?.consoleUrl ?? null) !== null);
  const { value, error, reload, save } = settings;
  return (
    <AppPage title="Settings">
      <PageScroll>
        {value === undefined ? (
          error === null ? (
            <LoadingRows rows={10} />
          ) : (
            <ErrorState error={error} title="The settings could not be loaded" onRetry={reload} />
          )
        ) : (
          <>
            <FormSection title="You">
              <TextSetting
                label="Operator name"
                hint="Written beside what you acknowledge."
                placeholder={defaultText('the name of the system user')}
                width={340}
                value={value.operatorName}
                onSave={(operatorName) => save({ operatorName }, 'The operator name')}
              />
            </FormSection>
            <AppearanceSection />
            <ReceiverSection />
            <FormSection title="Addresses">
              <TextSetting
                label="Public URL"
                hint="The address senders reach through your proxy; the addresses of sources begin with it."
                placeholder={exampleText('https://hooks.example.com')}
                mono
                value={value.publicUrl}
                onSave={(publicUrl) => save({ publicUrl }, 'The public URL')}
              />
              {hasConsole && (
                <TextSetting
                  label="Console URL"
                  hint="The address operators reach this console at through a proxy or a tunnel."
                  placeholder={exampleText('https://console.example.com')}
                  mono
                  value={value.consoleUrl}
                  onSave={(consoleUrl) => save({ consoleUrl }, 'The console URL')}
                />
              )}
              <ListSetting
                label="Accepted hosts"
                hint="Host names, besides the public URL, that senders may use for sources without verification: the name of a tunnel or of this machine in the network."
                placeholder={exampleText('abc.ngrok-free.app')}
                value={value.acceptedHosts}
                onSave={(acceptedHosts) => save({ acceptedHosts }, 'The list of accepted hosts')}
              />
              <ListSetting
                label="Trusted proxies"
                hint="Networks (CIDR) whose X-Forwarded-For is believed."
                placeholder={exampleText('10.0.0.0/8')}
                value={value.trustedProxies}
                onSave={(trustedProxies) => save({ trustedProxies }, 'The list of trusted proxies')}
              />
            </FormSection>
            <FormSection title="Runs">
              <TextSetting
                label="At the same time"
                hint="Over all jobs; each job has its own limit besides."
                width={120}
                value={String(value.concurrency)}
                onSave={async (text) => {
                  const concurrency = parseWhole(text);
                  return concurrency === null ? notWhole : await save({ concurrency }, 'The number of runs');
                }}
              />
              <SwitchSetting
                label="Notify of failures"
                hint={
                  isDesktop
                    ? 'A notification of the system when a run fails.'
                    : 'A notification of the system when a run fails; the desktop app shows it.'
                }
                value={value.notifyOnFailure}
                onSave={(notifyOnFailure) => save({ notifyOnFailure }, 'Notifying of failures')}
              />
              {isDesktop && (
                <SwitchSetting
                  label="Keep in tray"
                  hint="Closing the window leaves Signalbox running, so that nothing is missed."
                  value={value.keepInTray}
                  onSave={(keepInTray) => save({ keepInTray }, 'Keeping in the tray')}
                />
              )}
            </FormSection>
            <FormSection
              title="Retention"
              description="For each source, whichever comes first. Nothing that waits, runs or is unacknowledged is removed."
            >
              <TextSetting
                label="Events, by age"
                unit="days"
                width={160}
                value={String(value.retention.days)}
                onSave={async (text) => {
                  const days = parseWhole(text);
                  return days === null ? notWhole : await save({ retention: { days } }, 'Retention by age');
                }}
              />
              <TextSetting
                label="Events, by number"
                unit="events"
                width={160}
                value={formatCount(value.retention.events)}
                onSave={async (text) => {
                  const events = parseWhole(text);
                  return events === null ? notWhole : await save({ retention: { events } }, 'Retention by number');
                }}
              />
              <TextSetting
                label="Events, by size"
                hint="Such as 500 MB or 10 GB."
                width={160}
                value={printSize(value.retention.bytes)}
                onSave={async (text) => {
                  const bytes = parseSize(text);
                  return bytes === null
                    ? 'must be a size such as 500 MB or 10 GB'
                    : await save({ retention: { bytes } }, 'Retention by size');
                }}
              />
              <TextSetting
                label="Output of runs"
                unit="days"
                width={160}
                value={String(value.retention.outputDays)}
                onSave={async (text) => {
                  const outputDays = parseWhole(text);
                  return outputDays === null
                    ? notWhole
                    : await save({ retention: { outputDays } }, 'Retention of output');
                }}
              />
            </FormSection>
            <JobEnvironmentSection value={value} save={save} />
            <BackupsSection value={value} save={save} />
            <SilenceSection />
            <SecretsSection />
            <KeysSection />
            <ExportSection />
            <AboutSection />
          </>
        )}
      </PageScroll>
    </AppPage>
  );
}
