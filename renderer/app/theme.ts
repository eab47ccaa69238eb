import {
  ActionIcon,
  Anchor,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  Menu,
  NumberInput,
  Popover,
  Progress,
  Radio,
  SegmentedControl,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { setPreference, usePreferences } from '../model/app/preferences.ts';

/** Slate with a breath of green, light to dark: the enamel of a signal-box diagram. */
const ink: MantineColorsTuple = [
  '#f5f6f5',
  '#dfe3e4',
  '#c4cacd',
  '#a7b0b6',
  '#87919a',
  '#656c71',
  '#4d555b',
  '#353c41',
  '#22282c',
  '#14181a',
];

const control = { defaultProps: { size: 'xs' } };

/** The library's own greys, moved to ours: its fields, menus and borders take them from here. */
const dark: MantineColorsTuple = [
  '#dde2e4',
  '#b5bdc2',
  '#a7b0b6',
  '#8f99a2',
  '#3a4249',
  '#2a3137',
  '#1c2125',
  '#111416',
  '#0d1012',
  '#0a0c0e',
];
const gray: MantineColorsTuple = [
  '#f5f5f1',
  '#f0f0eb',
  '#e4e4de',
  '#d9d9d2',
  '#cbcbc3',
  '#a8aca8',
  '#8b9298',
  '#5f666b',
  '#4d555b',
  '#1b1f22',
];

/** Backgrounds of filled buttons: the main action, and what destroys. */
const filled: Record<string, string | undefined> = { ink: 'var(--sb-ink)', red: 'var(--sb-red-text)' };

export const theme = createTheme({
  fontFamily: 'var(--sb-sans)',
  fontFamilyMonospace: 'var(--sb-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '20px', xl: '24px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '4px', lg: '6px', xl: '8px' },
  defaultRadius: 'sm',
  colors: { ink, dark, gray },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  // Filled buttons have our own colors: the library works out its contrast for one scheme only.
  variantColorResolver: (input) => {
    const color = input.variant === 'filled' ? filled[input.color ?? 'ink'] : undefined;
    if (color === undefined) return defaultVariantColorsResolver(input);
    return {
      background: color,
      hover: `color-mix(in srgb, ${color} 86%, var(--sb-bg))`,
      color: 'var(--sb-on-ink)',
      border: '1px solid transparent',
    };
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' }, styles: { root: { fontWeight: 550 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 26, variant: 'subtle', color: 'gray' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    TextInput: TextInput.extend(control),
    Textarea: Textarea.extend(control),
    NumberInput: NumberInput.extend(control),
    Select: Select.extend(control),
    TagsInput: TagsInput.extend(control),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs', color: 'var(--sb-focus)' } }),
    Radio: Radio.extend({ defaultProps: { size: 'xs', color: 'var(--sb-focus)' } }),
    Progress: Progress.extend({ defaultProps: { color: 'var(--sb-blue)' } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs', color: 'var(--sb-focus)', withThumbIndicator: false } }),
    SegmentedControl: SegmentedControl.extend({ ...control, vars: () => ({ root: { '--sc-padding': '3px 10px' } }) }),
    Input: Input.extend(control),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false, offset: 6, fz: 12 } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'none', transitionProps: { duration: 0 } } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'none', transitionProps: { duration: 0 } } }),
  },
});

const surfaces = {
  '--mantine-color-body': 'var(--sb-bg)',
  '--mantine-color-text': 'var(--sb-text)',
  '--mantine-color-dimmed': 'var(--sb-text-3)',
  '--mantine-color-placeholder': 'var(--sb-text-3)',
  '--mantine-color-anchor': 'var(--sb-link)',
  '--mantine-color-default': 'var(--sb-raised)',
  '--mantine-color-default-hover': 'var(--sb-hover)',
  '--mantine-color-default-color': 'var(--sb-text)',
  '--mantine-color-default-border': 'var(--sb-border-strong)',
  '--mantine-color-error': 'var(--sb-red-text)',
  '--mantine-color-disabled': 'var(--sb-panel)',
  '--mantine-color-disabled-color': 'var(--sb-text-3)',
  '--mantine-color-disabled-border': 'var(--sb-border)',
  '--mantine-color-gray-light-color': 'var(--sb-text-2)',
  '--mantine-color-gray-light-hover': 'var(--sb-hover)',
  '--mantine-primary-color-filled': 'var(--sb-ink)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });

/** Mantine's colour scheme is one of our preferences, not a second one beside them. */
export function schemeManager(): MantineColorSchemeManager {
  let stop: (() => void) | undefined;
  return {
    get: () => usePreferences.getState().scheme,
    set: (scheme) => setPreference('scheme', scheme),
    subscribe: (onUpdate) => {
      stop = usePreferences.subscribe((state, before) => {
        if (state.scheme !== before.scheme) onUpdate(state.scheme);
      });
    },
    unsubscribe: () => stop?.(),
    clear: () => setPreference('scheme', 'auto'),
  };
}
