import type { PresetField, PresetInfo } from '../../../../shared/contract/sources.ts';
import { type SourceDraft, settingAt, shownFields } from './source-draft.ts';

/** The schemes a preset knows; none of its fields may name them when it has one only. */
const schemesOf = (preset: PresetInfo): readonly string[] => {
  const choices = preset.fields.find((field) => field.path === 'verify.scheme')?.choices;
  const own = preset.defaults.verify.scheme;
  return choices?.map((choice) => choice.value) ?? (typeof own === 'string' ? [own] : []);
};

/**
 * The same source read by another preset: address, name and limits stay, and so does how it verifies where the other
 * preset can verify like that. Else its secrets are kept for the other preset's own way.
 */
export function switchPreset(draft: SourceDraft, from: PresetInfo | undefined, to: PresetInfo): SourceDraft {
  const scheme = settingAt(draft, 'verify.scheme') ?? from?.defaults.verify.scheme;
  const keepsScheme = typeof scheme === 'string' && schemesOf(to).includes(scheme);
  const known = new Set(
    to.fields.filter((field) => field.path.startsWith('verify.')).map((field) => field.path.slice('verify.'.length)),
  );
  const kept = Object.fromEntries(
    Object.entries(draft.verify).filter(([name]) =>
      keepsScheme ? known.has(name) || name === 'secrets' : name === 'secret' || name === 'secrets',
    ),
  );
  return {
    ...draft,
    preset: to.id,
    methods: null,
    answerStatus: '',
    hasResponseStatus: false,
    event: to.defaults.event,
    verify: { ...to.defaults.verify, ...kept, ...(keepsScheme ? { scheme } : {}) },
  };
}

/** Settings that the preset wants and the draft lacks; such a draft is completed by hand before it is saved. */
export const missingSettings = (draft: SourceDraft, preset: PresetInfo): PresetField[] =>
  shownFields(draft, preset).filter(
    (field) =>
      field.required === true &&
      field.kind !== 'choice' &&
      field.kind !== 'boolean' &&
      (settingAt(draft, field.path) ?? '') === '' &&
      !(field.path === 'verify.secret' && settingAt(draft, 'verify.secrets') !== undefined),
  );
