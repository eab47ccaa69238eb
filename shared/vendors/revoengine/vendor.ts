import { asJson, given, isFields, isText, objectIn, type Vendor } from '../vendor.ts';
import { revoengineTypes } from './types.ts';

const ownType =
  /^(?:CUSTOM_[A-Z0-9_]+|(?:ACCOUNT|USER|USER_ROLE|SERVICE_ACCOUNT|ACCOUNT_API_KEY|FILE|STORAGE|RESOURCE)_[A-Z_]+)$/;

export const revoengine: Vendor = {
  id: 'revoengine',
  types: revoengineTypes,
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, at }) => ({
    ...sample,
    metadata: { ...objectIn(sample, 'metadata'), ...given({ eventId: id, createdAt: at }) },
  }),
  setup: ({ url, proof }) => ({
    steps: [
      'In RevoEngine, open the job or event that should notify Signalbox and add an HTTP request to it.',
      `Method \`POST\`, address \`${url}\`, content type \`application/json\`.`,
      'Body: the whole event, `{"type": …, "metadata": …, "message": …}`. Any other JSON is accepted too; set the path of its type under Settings.',
      proof,
    ],
    assumptions: ['RevoEngine documents no signature. Use a static header with a token to verify the sender.'],
  }),
  recognition: {
    inFields: (fields) =>
      isText(fields.type) && isFields(fields.metadata) && 'message' in fields && ownType.test(fields.type)
        ? 'type, metadata and message in the body'
        : null,
  },
};
