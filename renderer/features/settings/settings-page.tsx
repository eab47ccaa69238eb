import { useStatus } from '../../model/app/status.ts';
import { parseSize, printSize } from '../../model/definitions/sizes.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { defaultText, exampleText } from '../../ui/forms/placeholder-text.ts';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { AboutSection } from './about-section.tsx';
import { AccessSection } from './access/access-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { BackupsSection } from './backups-section.tsx';
import { ConsoleProxyLines } from './console-proxy-lines.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { EmailSection } from './email-section.tsx';
import { ExportSection } from './export-section.tsx';
import { JobEnvironmentSection } from './job-environment-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { parseWhole } from './model/settings-patch.ts';
import { useSettings } from './model/use-settings.ts';
import { OutagesSection } from './outages-section.tsx';
import { ReceiverSection } from './receiver-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { ListSetting, SwitchSetting, TextSetting } from './setting-field.tsx';

const notWhole = 'must be a whole number';

export function SettingsPage() {
  const settings = useSettings();
  const isDesktop = useStatus((state) => state.status?.mode === 'desktop');
  const consoleAddress = useStatus((state) => state.status?.consoleUrl ?? null);
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
                hint="Shown on your acknowledgements."
                placeholder={defaultText('the name of the system user')}
                width={340}
                value={value.operatorName}
                onSave={(operatorName) => save({ operatorName }, 'The operator name')}
              />
            </FormSection>
            <AppearanceSection />
            <DesktopSection />
            <ReceiverSection />
            <FormSection title="Addresses">
              <TextSetting
                label="Public URL"
                hint="The address senders reach through your proxy. Source addresses start with it."
                placeholder={exampleText('https://hooks.example.com')}
                mono
                value={value.publicUrl}
                onSave={(publicUrl) => save({ publicUrl }, 'The public URL')}
              />
              {consoleAddress !== null && (
                <TextSetting
                  label="Console URL"
                  hint="The address of this console through a proxy or tunnel."
                  placeholder={exampleText('https://console.example.com')}
                  mono
                  value={value.consoleUrl}
                  onSave={(consoleUrl) => save({ consoleUrl }, 'The console URL')}
                />
              )}
              {consoleAddress !== null && value.consoleUrl !== '' && (
                <ConsoleProxyLines consoleUrl={consoleAddress} publicUrl={value.consoleUrl} />
              )}
              <ListSetting
                label="Accepted hosts"
                hint="Additional host names that senders may use for sources without verification, such as a tunnel or this machine’s network name."
                placeholder={exampleText('abc.ngrok-free.app')}
                value={value.acceptedHosts}
                onSave={(acceptedHosts) => save({ acceptedHosts }, 'The list of accepted hosts')}
              />
              <ListSetting
                label="Trusted proxies"
                hint="Networks (CIDR) whose X-Forwarded-For header is trusted."
                placeholder={exampleText('10.0.0.0/8')}
                value={value.trustedProxies}
                onSave={(trustedProxies) => save({ trustedProxies }, 'The list of trusted proxies')}
              />
            </FormSection>
            <AccessSection value={value} save={save} />
            <FormSection title="Runs">
              <TextSetting
                label="Max concurrent runs"
                hint="Across all jobs. Each job also has its own limit."
                width={120}
                value={String(value.concurrency)}
                onSave={async (text) => {
                  const concurrency = parseWhole(text);
                  return concurrency === null ? notWhole : await save({ concurrency }, 'Max concurrent runs');
                }}
              />
              <SwitchSetting
                label="Notify of failures"
                hint={
                  isDesktop
                    ? 'Shows a system notification when a run fails.'
                    : 'Shows a system notification when a run fails, in the desktop app.'
                }
                value={value.notifyOnFailure}
                onSave={(notifyOnFailure) => save({ notifyOnFailure }, 'Failure notifications')}
              />
              {isDesktop && (
                <SwitchSetting
                  label="Keep in tray"
                  hint="Signalbox keeps running when the window is closed, and keeps accepting deliveries."
                  value={value.keepInTray}
                  onSave={(keepInTray) => save({ keepInTray }, 'Keep in tray')}
                />
              )}
            </FormSection>
            <FormSection
              title="Retention"
              description="Per source, whichever comes first. Waiting, running and unacknowledged runs and their events are kept."
            >
              <TextSetting
                label="Max age of events"
                unit="days"
                width={160}
                value={String(value.retention.days)}
                onSave={async (text) => {
                  const days = parseWhole(text);
                  return days === null ? notWhole : await save({ retention: { days } }, 'Retention by age');
                }}
              />
              <TextSetting
                label="Max number of events"
                unit="events"
                width={160}
                value={formatCount(value.retention.events)}
                onSave={async (text) => {
                  const events = parseWhole(text);
                  return events === null ? notWhole : await save({ retention: { events } }, 'Retention by number');
                }}
              />
              <TextSetting
                label="Max size of events"
                hint="For example 500 MB or 10 GB."
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
                label="Max age of run output"
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
            <EmailSection value={value} save={save} />
            <BackupsSection value={value} save={save} />
            <OutagesSection />
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
