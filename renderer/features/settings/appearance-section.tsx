import { SegmentedControl, Switch } from '@mantine/core';
import { densities, densityNames, setPreference, usePreferences } from '../../model/app/preferences.ts';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';

const schemes = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** Kept in this window, for this person: not one of the app's settings. */
export function AppearanceSection() {
  const scheme = usePreferences((state) => state.scheme);
  const density = usePreferences((state) => state.density);
  const singleKeys = usePreferences((state) => state.singleKeys);
  return (
    <FormSection title="Appearance" description="Applies to this window.">
      <FormRow label="Theme">
        <SegmentedControl
          aria-label="Theme"
          data={[...schemes]}
          value={scheme}
          onChange={(value) => {
            const next = schemes.find((one) => one.value === value);
            if (next !== undefined) setPreference('scheme', next.value);
          }}
        />
      </FormRow>
      <FormRow label="Rows">
        <SegmentedControl
          aria-label="Rows"
          data={densities.map((one) => ({ value: one, label: densityNames[one] }))}
          value={density}
          onChange={(value) => {
            const next = densities.find((one) => one === value);
            if (next !== undefined) setPreference('density', next);
          }}
        />
      </FormRow>
      <FormRow
        label="Single-key shortcuts"
        hint="When off, only shortcuts with Ctrl, ⌘ or a named key such as Esc work."
      >
        <Switch
          aria-label="Single-key shortcuts"
          checked={singleKeys}
          onChange={(event) => setPreference('singleKeys', event.currentTarget.checked)}
        />
      </FormRow>
    </FormSection>
  );
}
