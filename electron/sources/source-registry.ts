import { AppError } from '../../shared/contract/errors.ts';
import { describeIssue, issueDetails } from '../../shared/contract/explain-issues.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { withAnswers } from './answer/source-answers.ts';
import type { PreparedSource, Preset, ReadSecret } from './source-types.ts';

export interface RegisteredSource {
  readonly spec: SourceSpec;
  /** Null when this version knows no preset of that name. */
  readonly preset: Preset | null;
  /** Null when the settings are not valid. */
  readonly prepared: PreparedSource | null;
  /** Why it accepts no deliveries right now, null when it does; a secret that cannot be read is read again. */
  readonly problem: string | null;
}

export interface SourceRegistry {
  /** Takes the place of everything before; `unreadable`: slugs of stored definitions that are damaged. A source that does not check is kept with its problem. */
  replaceAll(specs: readonly SourceSpec[], unreadable?: readonly string[]): void;
  /** Whether a source of this slug is stored that cannot be read: its senders are to try again. */
  isUnreadable(slug: string): boolean;
  get(slug: string): RegisteredSource | null;
  /** Throws AppError `invalid_input`, with details, for settings that the preset does not understand. */
  checkSpec(spec: SourceSpec): void;
}

function checkSettings(spec: SourceSpec, preset: Preset): void {
  const event = preset.eventSchema.safeParse(spec.event ?? {}, { error: describeIssue });
  const verify = preset.verifySchema.safeParse(spec.verify ?? {}, { error: describeIssue });
  const details = [
    ...(event.success ? [] : issueDetails(event.error.issues, ['event'])),
    ...(verify.success ? [] : issueDetails(verify.error.issues, ['verify'])),
  ];
  const [first] = details;
  if (first === undefined) return;
  throw new AppError('invalid_input', `source "${spec.slug}": ${first.path.join('.')} ${first.message}`, details);
}

export function createSourceRegistry({
  presets,
  readSecret,
}: {
  presets: ReadonlyMap<string, Preset>;
  readSecret: ReadSecret;
}): SourceRegistry {
  let sources: ReadonlyMap<string, RegisteredSource> = new Map();
  let unreadableSlugs: ReadonlySet<string> = new Set();

  function prepare(spec: SourceSpec): { preset: Preset; prepared: PreparedSource } {
    const preset = presets.get(spec.preset);
    if (preset === undefined) {
      const message = `must be one of ${[...presets.keys()].join(', ')}`;
      throw new AppError('invalid_input', `source "${spec.slug}": preset ${message}`, [{ path: ['preset'], message }]);
    }
    checkSettings(spec, preset);
    return { preset, prepared: withAnswers(preset.prepare(spec, readSecret), spec, preset, readSecret) };
  }

  function register(spec: SourceSpec): RegisteredSource {
    try {
      const { preset, prepared } = prepare(spec);
      return {
        spec,
        preset,
        prepared,
        get problem() {
          return prepared.problem?.() ?? null;
        },
      };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { spec, preset: presets.get(spec.preset) ?? null, prepared: null, problem: error.message };
    }
  }

  return {
    replaceAll(specs, unreadable = []) {
      unreadableSlugs = new Set(unreadable);
      sources = new Map(specs.map((spec) => [spec.slug, register(spec)]));
    },
    isUnreadable: (slug) => unreadableSlugs.has(slug),
    get: (slug) => sources.get(slug) ?? null,
    checkSpec(spec) {
      prepare(spec);
    },
  };
}
