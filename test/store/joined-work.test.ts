import { expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { joinFirstWrite } from '../../electron/store/write/joined-work.ts';
import { tempStore } from '../support/temp-store.ts';

it('joins nothing to what others write, in a turn of the writer that the action began', async () => {
  const { writer, reading } = tempStore();
  const put = (key: string): Promise<unknown> =>
    writer.write(({ db }) => statement(db, 'INSERT INTO meta (key, value) VALUES (?, ?)').run(key, ''));
  const joined: unknown[] = [];
  const work = { before: () => undefined, after: (_db: unknown, value: unknown) => joined.push(value) };
  const nested: Promise<unknown>[] = [];
  const others: Promise<unknown>[] = [];
  const action = joinFirstWrite(work, async () => {
    const bad = writer.write(() => {
      throw new Error('bad row');
    });
    await expect(bad).rejects.toThrow('bad row');
    await Promise.all(others);
  });
  // Runs after the bad row, while the action goes on.
  others.push(writer.write(() => void nested.push(put('nested'))));
  expect((await action).isJoined).toBe(false);
  await Promise.all(nested);
  expect(statement(reading, 'SELECT key FROM meta').all()).toEqual([{ key: 'nested' }]);
  expect(joined).toEqual([]);
});
