import { z } from 'zod';
import type { PresetField } from '../../../../shared/contract/sources.ts';
import { headerNameSchema } from '../header-name.ts';
import { checkSecretShape, secretFields, secretShape } from '../secret-list.ts';
import { signatureEncodings } from '../signature-text.ts';
import { parseSigned } from './signed-content.ts';
import { signedTimeSchema } from './signed-time.ts';

export const hmacAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;

const maxTemplateLength = 500;

export const hmacSchema = z
  .strictObject({
    scheme: z.literal('hmac'),
    header: headerNameSchema,
    algorithm: z.enum(hmacAlgorithms).default('sha256'),
    encoding: z.enum(signatureEncodings).default('hex'),
    prefix: z.string().max(100, 'must be at most 100 characters').default(''),
    /** What the signature covers, such as `{header:x-ts}:{body}`. */
    signed: z.string().max(maxTemplateLength, `must be at most ${maxTemplateLength} characters`).default('{body}'),
    time: signedTimeSchema.optional(),
    id: z.strictObject({ header: headerNameSchema }).optional(),
    /** Between several signatures, or pairs, in the header. */
    separator: z.string().min(1, 'must not be empty').max(5, 'must be at most 5 characters').default(','),
    pair: z.string().min(1, 'must not be empty').max(30, 'must be at most 30 characters').optional(),
    /** The address as the sender has it, where a proxy changes it. */
    url: z.url('must be a whole address such as https://hooks.example.com/in/crm').optional(),
    /** How the secret's text is made the key. */
    secretEncoding: z.enum(['utf8', 'base64', 'hex']).default('utf8'),
    ...secretShape,
  })
  .superRefine((settings, context) => {
    checkSecretShape(settings, context);
    for (const { name, message } of signedProblems(settings)) {
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** What a template and the settings beside it lack. */
function signedProblems({
  signed,
  time,
  id,
  pair,
}: Pick<z.output<typeof hmacSchema>, 'signed' | 'time' | 'id' | 'pair'>) {
  const parsed = parseSigned(signed);
  if (!parsed.ok) return [{ name: 'signed', message: parsed.problem }];
  const names = new Set(
    parsed.parts.map((part) => ('text' in part ? '' : `${part.name}:${part.argument?.toLowerCase() ?? ''}`)),
  );
  const problems: { name: string; message: string }[] = [];
  const problem = (name: string, message: string): void => void problems.push({ name, message });
  if (!names.has('body:')) problem('signed', 'has no {body}: anyone could change the body. Add {body}');
  if (names.has('timestamp:') && time === undefined) {
    problem('time', 'is missing: "signed" has {timestamp}, so say where the time is, such as {header: x-timestamp}');
  }
  if (names.has('id:') && id === undefined) {
    problem('id', 'is missing: "signed" has {id}, so say where the id is, such as {header: x-id}');
  }
  if (time !== undefined && !names.has('timestamp:') && !names.has(`header:${time.header ?? ''}`)) {
    problem('time', 'is not covered by the signature, so anyone could change it: add {timestamp} to "signed"');
  }
  if (time?.pair !== undefined && pair === undefined) {
    problem('pair', 'is missing: the time is in a pair of the header, so say which pairs are signatures, such as v1');
  }
  return problems;
}

export const hmacFields: readonly PresetField[] = [
  { path: 'verify.header', label: 'Header', kind: 'text', example: 'x-signature', required: true },
  {
    path: 'verify.algorithm',
    label: 'Algorithm',
    kind: 'choice',
    choices: hmacAlgorithms.map((value) => ({ value, label: value.toUpperCase().replace('SHA', 'SHA-') })),
  },
  {
    path: 'verify.encoding',
    label: 'Encoding',
    kind: 'choice',
    choices: [
      { value: 'hex', label: 'Hexadecimal' },
      { value: 'base64', label: 'Base64' },
      { value: 'base64url', label: 'Base64 for URLs' },
    ],
  },
  {
    path: 'verify.prefix',
    label: 'Prefix',
    kind: 'text',
    example: 'sha256=',
    help: 'Text before the signature in the header, such as sha256=. Optional.',
  },
  {
    path: 'verify.signed',
    label: 'Signed content',
    kind: 'text',
    defaultValue: '{body}',
    example: '{header:x-timestamp}:{body}',
    help:
      'What the signature covers, in order. Placeholders: {body}, {timestamp}, {id}, {method}, {url}, {header:NAME} and ' +
      '{query:NAME}. Write {{ for a brace before a letter.',
  },
  {
    path: 'verify.time.header',
    label: 'Time header',
    kind: 'text',
    example: 'x-timestamp',
    help: 'Header of the time that the signature covers. Seconds, milliseconds, microseconds or ISO 8601.',
  },
  {
    path: 'verify.time.tolerance',
    label: 'Tolerance',
    kind: 'duration',
    defaultValue: '5m',
    help: "How far the sender's clock may differ from this one, either way. Needs a time header.",
  },
  { path: 'verify.id.header', label: 'Id header', kind: 'text', help: 'Header that {id} stands for.' },
  {
    path: 'verify.pair',
    label: 'Signature pair',
    kind: 'text',
    example: 'v1',
    help: 'For headers such as t=1769846400,v1=…: the name of the pairs that are signatures.',
  },
  ...secretFields('Secret'),
];
