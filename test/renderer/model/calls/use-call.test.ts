import { expect, test, vi } from 'vitest';
import { exactNumber } from '../../../../shared/exact-json/exact-number.ts';

vi.mock('../../../../renderer/client/index.ts', () => ({}));
const { inputSignature } = await import('../../../../renderer/model/calls/use-call.ts');

test('a number that a double cannot hold asks for another answer than the text of its digits', () => {
  const number = { value: exactNumber('9007199254740993') };
  expect(inputSignature(number)).not.toBe(inputSignature({ value: '9007199254740993' }));
  expect(inputSignature(number)).toBe(inputSignature({ value: exactNumber('9007199254740993') }));
});
