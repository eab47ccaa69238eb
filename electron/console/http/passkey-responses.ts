import { z } from 'zod';

const base64Url = z
  .string()
  .max(4096)
  .regex(/^[A-Za-z0-9_-]*$/);
const attachment = z.enum(['platform', 'cross-platform']).optional();
const transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);

const credential = {
  id: base64Url.min(1).max(1400),
  rawId: base64Url.min(1).max(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: attachment.catch(undefined),
  /** Nothing is asked of extensions. */
  clientExtensionResults: z.unknown().transform(() => ({})),
};

/** A browser's answer to `navigator.credentials.create`, as JSON. */
export const registrationResponseSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64Url,
    attestationObject: base64Url.max(16_384),
    /** Those that later browsers add are left out. */
    transports: z
      .array(z.unknown())
      .transform((all) => all.flatMap((one) => transport.safeParse(one).data ?? []))
      .optional(),
  }),
});

/** A browser's answer to `navigator.credentials.get`, as JSON. */
export const authenticationResponseSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64Url,
    authenticatorData: base64Url,
    signature: base64Url,
    userHandle: base64Url.optional(),
  }),
});
