import { expect, test } from 'vitest';
import { printAddress } from '../../shared/contract/app.ts';

test.each([
  ['127.0.0.1', '127.0.0.1:8787'],
  ['localhost', 'localhost:8787'],
  ['::1', '[::1]:8787'],
  ['fe80::1', '[fe80::1]:8787'],
])('the address %s is printed as in a URL', (host, printed) => {
  expect(printAddress({ host, port: 8787 })).toBe(printed);
  expect(new URL(`http://${printed}`).port).toBe('8787');
});
