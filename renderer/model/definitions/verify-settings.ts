import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';

/** How a source verifies: its own settings over its preset's. */
export const verifySettings = (source: Pick<Source, 'verify'>, preset: PresetInfo | undefined) => ({
  ...preset?.defaults.verify,
  ...source.verify,
});
