import type { Refusal } from '../answer/answer.ts';

export const tooLarge = (maxBytes: number): Refusal => ({
  status: 413,
  code: 'body_too_large',
  message: `the body is larger than the ${maxBytes} bytes that this source takes`,
});

export const overBudget: Refusal = {
  status: 503,
  code: 'overloaded',
  message: 'too many bodies are being received at this moment; try again later',
  retryAfterSeconds: 2,
};
