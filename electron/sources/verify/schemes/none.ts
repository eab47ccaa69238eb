import { z } from 'zod';
import { defineScheme } from '../verify-scheme.ts';

const verification = { state: 'none', scheme: null, detail: null } as const;

export const none = defineScheme({
  id: 'none',
  label: 'None: anyone who knows the address',
  schema: z.strictObject({ scheme: z.literal('none') }),
  fields: [],
  prepare: () => ({
    verify: () => ({ ok: true, verification }),
    sign: () => ({}),
    problem: () => null,
    challenge: '',
    isOpen: true,
    codesWithoutBody: [],
    masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
  }),
});
