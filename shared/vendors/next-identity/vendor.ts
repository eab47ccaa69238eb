import { asJson, given, isFields, isText, objectIn, type Vendor } from '../vendor.ts';
import { nextIdentityTypes } from './types.ts';

const jwt = /^[\w-]{10,}\.[\w-]{10,}\.[\w-]*$/;

export const nextIdentity: Vendor = {
  id: 'next-identity',
  types: nextIdentityTypes,
  forms: { claims: asJson('application/secevent+jwt') },
  rename: (sample, type) => ({ ...sample, events: { [type]: Object.values(objectIn(sample, 'events'))[0] ?? {} } }),
  stamp: (sample, { id, seconds }) => ({ ...sample, ...given({ jti: id, iat: seconds }) }),
  setup: ({ url }) => ({
    steps: [
      `In the Console, create a Workflow with the endpoint \`${url}\`.`,
      'Subscribe the Workflow to events: user data by property, transactional email and enrich by client ID.',
      'Under Settings, set the JWKS (a URL, a file or pasted), and the issuer and audience of its tokens.',
      'For enrich workflows, give the vendor the JWKS address of this installation: answers are signed with its key.',
    ],
    assumptions: [
      'Tokens are sent as `application/secevent+jwt`. Bare tokens and tokens wrapped in JSON are also accepted.',
      'The deadline of an enrich workflow is not documented. The default is 3 s; a listener can change it.',
    ],
  }),
  recognition: {
    isContentType: (contentType) => contentType.includes('secevent+jwt') || contentType.startsWith('application/jwt'),
    inFields(fields) {
      if (isFields(fields.events) && isText(fields.iss) && isText(fields.jti))
        return 'a security event token in the body';
      const wrapped = Object.values(fields);
      return wrapped.length <= 3 && wrapped.some((value) => isText(value) && jwt.test(value))
        ? 'a signed token in the body'
        : null;
    },
    inText: (text) => (jwt.test(text.trim()) ? 'the body is a signed token' : null),
  },
};
