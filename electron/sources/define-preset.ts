import { z } from 'zod';
import type { ChallengeSpec, ResponseSpec } from '../../shared/contract/source-answers.ts';
import type { PresetField, PresetInfo, RateLimit, SourceSpec } from '../../shared/contract/sources.ts';
import { compileChallenge, ownSecret } from './answer/challenge.ts';
import { createRedaction, type Redaction, redactField, redactSchema } from './redact/redaction.ts';
import type { PreparedSource, Preset, ReadSecret } from './source-types.ts';
import type { VerifyChoice } from './verify/verify-choice.ts';
import type { PreparedVerify } from './verify/verify-scheme.ts';

type Defaults = PresetInfo['defaults'];

/** What a preset has of its own; the rest is the same for all of them. */
export interface PresetDefinition<E extends z.ZodObject> {
  /** Of the preset, its system and its folder in shared/vendors. */
  id: string;
  label: string;
  description: string;
  /** Its settings under `event`, beside `redact`. */
  settings: E;
  /** In the order of the form, of which some are made for every preset; without it, those alone. */
  fields?: (common: { verification: readonly PresetField[]; redact: PresetField }) => PresetField[];
  verification: VerifyChoice;
  /** POST, and the first scheme of `verification`, unless these say otherwise. */
  defaults: Pick<Defaults, 'answerStatus'> & { rateLimit: RateLimit } & Partial<Pick<Defaults, 'methods' | 'verify'>>;
  /** A body that its sender would post: JSON unless it is text. */
  sample: { contentType?: string; document: unknown };
  /** Fields that are masked in every delivery, whatever the source's settings. */
  secretFields?: readonly string[] | undefined;
  /** False: nothing is masked in what it stores, and it has no setting for that. */
  masks?: false;
  maxBodyBytes?: number | undefined;
  response?: ResponseSpec | undefined;
  /** How its sender checks the address; a function where that depends on the source's settings. */
  challenge?: ChallengeSpec | ((spec: SourceSpec) => ChallengeSpec | null) | undefined;
  prepare(source: {
    spec: SourceSpec;
    event: z.output<E>;
    redaction: Redaction;
    /** The fields that the operator wants masked. */
    maskedFields: readonly string[];
    verify: PreparedVerify;
    readSecret: ReadSecret;
  }): Pick<PreparedSource, 'read'> & Partial<Omit<PreparedSource, keyof PreparedVerify>> & Partial<PreparedVerify>;
}

/** For presets without settings of their own. */
export const noSettings = z.strictObject({});

const maskSchema = z.object({ redact: redactSchema.optional() });

export function definePreset<E extends z.ZodObject>(definition: PresetDefinition<E>): Preset {
  const { id, label, description, settings, verification, defaults, sample, secretFields = [] } = definition;
  const masks = definition.masks ?? true;
  const fields = definition.fields ?? (({ verification: proof, redact }) => [...proof, ...(masks ? [redact] : [])]);
  return {
    info: {
      id,
      label,
      system: id,
      description,
      fields: fields({ verification: verification.fields, redact: redactField }),
      defaults: {
        methods: defaults.methods ?? ['POST'],
        answerStatus: defaults.answerStatus,
        rateLimit: defaults.rateLimit,
        event: {},
        verify: defaults.verify ?? { scheme: verification.defaultScheme },
      },
      sample: {
        contentType: sample.contentType ?? 'application/json',
        body: typeof sample.document === 'string' ? sample.document : JSON.stringify(sample.document, null, 2),
      },
    },
    maxBodyBytes: definition.maxBodyBytes,
    response: definition.response,
    eventSchema: masks ? settings.extend(maskSchema.shape) : settings,
    verifySchema: verification.schema,

    prepare(spec, readSecret) {
      const { redact, ...own } = spec.event ?? {};
      const maskedFields = maskSchema.parse({ redact }).redact ?? [];
      const redaction = createRedaction([...secretFields, ...maskedFields]);
      const verify = verification.prepare(spec.verify ?? {}, readSecret);
      const challenge = typeof definition.challenge === 'function' ? definition.challenge(spec) : definition.challenge;
      const context = {
        slug: spec.slug,
        readSecret,
        verify: verify.verify,
        isOpen: verify.isOpen,
        secret: ownSecret(spec),
      };
      return {
        ...verify,
        ...(challenge ? { handshake: compileChallenge(challenge, context) } : {}),
        ...(masks ? { redact: redaction.delivery } : {}),
        ...definition.prepare({ spec, event: settings.parse(own), redaction, maskedFields, verify, readSecret }),
      };
    },
  };
}
