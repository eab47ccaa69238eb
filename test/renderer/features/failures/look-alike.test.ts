import { expect, it } from 'vitest';
import { lookAlike } from '../../../../renderer/features/failures/model/look-alike.ts';

it('finds the failures that only their exit tells apart', () => {
  const failure = (id: string, job: string, message: string | null) => ({ id, job, listener: 'on', message });
  const list = [
    failure('a', 'import', 'no space'),
    failure('b', 'import', 'no space'),
    failure('c', 'export', 'no space'),
    failure('d', 'import', null),
  ];
  expect([...lookAlike(list)]).toEqual(['a', 'b']);
});
