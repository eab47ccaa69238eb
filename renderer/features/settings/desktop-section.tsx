import { toAppError } from '../../errors/app-error.ts';
import { changeDesktop, useDesktop } from '../../model/app/desktop.ts';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { exampleText } from '../../ui/forms/placeholder-text.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { SwitchSetting, TextSetting } from './setting-field.tsx';

/** Null when it was saved, else the reason why not. */
async function attempt(change: Promise<void>): Promise<string | null> {
  try {
    await change;
    return null;
  } catch (error) {
    return toAppError(error).message;
  }
}

/** Settings of the app on this computer, not of the server that its window shows. */
export function DesktopSection() {
  const state = useDesktop((desktop) => desktop.state);
  if (state === null) return null;
  const { startAtLogin, updates } = state;
  const { available, checkedAt, problem } = updates;
  return (
    <FormSection title="Desktop app" description="Applies to the app on this computer.">
      {startAtLogin.supported && (
        <SwitchSetting
          isLocal
          label="Start at login"
          hint="Starts Signalbox when you log in, so that no delivery is missed."
          value={startAtLogin.enabled}
          onSave={(enabled) => attempt(changeDesktop('desktop.setStartAtLogin', { enabled }))}
        />
      )}
      <TextSetting
        isLocal
        label="Update feed"
        hint={
          updates.feed === '' ? (
            'Address of a JSON file with the newest version. Leave empty to turn off update checks.'
          ) : available !== null ? (
            <>
              Signalbox {available.version} is available:{' '}
              <a href={available.url} target="_blank" rel="noreferrer">
                {available.url}
              </a>
            </>
          ) : problem !== null ? (
            problem
          ) : (
            <>
              Checked at start and once a day. Nothing is downloaded.
              {checkedAt !== null && (
                <>
                  {' '}
                  Up to date, checked <TimeAgo at={checkedAt} />.
                </>
              )}
            </>
          )
        }
        placeholder={exampleText('https://example.com/signalbox/latest.json')}
        mono
        value={updates.feed}
        onSave={(feed) => attempt(changeDesktop('desktop.setUpdateFeed', { feed }))}
      />
    </FormSection>
  );
}
