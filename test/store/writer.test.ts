import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import { tempStore } from '../support/temp-store.ts';

const insert = 'INSERT INTO meta (key, value) VALUES (?, ?)';

const keys = (store: ReturnType<typeof tempStore>): unknown[] =>
  statement(store.reading, 'SELECT key FROM meta ORDER BY key').all();

describe('the writer', () => {
  it('waits for the disk on every commit', () => {
    const { db } = tempStore();
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('puts what is asked for in one turn into one transaction', async () => {
    const store = tempStore();
    const changesBefore = Number(store.reading.pragma('data_version', { simple: true }));
    await Promise.all(['a', 'b', 'c'].map((key) => store.writer.write(({ db }) => statement(db, insert).run(key, ''))));
    // data_version counts what other connections committed, as this one sees it: once for all three.
    expect(Number(store.reading.pragma('data_version', { simple: true })) - changesBefore).toBe(1);
    expect(keys(store)).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  });

  it('puts what is asked for within a transaction into the same one, and tries it apart when that fails', async () => {
    const store = tempStore();
    const changes = (): number => Number(store.reading.pragma('data_version', { simple: true }));
    const before = changes();
    const unit = (key: string) => store.writer.write(({ db }) => statement(db, insert).run(key, ''));
    const added: Promise<unknown>[] = [];
    await store.writer.write(({ db }) => {
      statement(db, insert).run('a', '');
      added.push(unit('b'));
    });
    expect([changes() - before, keys(store)]).toEqual([1, [{ key: 'a' }, { key: 'b' }]]);

    const failing = store.writer.write(() => {
      if (added.length === 1) added.push(unit('c'));
      throw new Error('bad row');
    });
    await expect(failing).rejects.toThrow('bad row');
    await Promise.all(added);
    expect(keys(store)).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  });

  it('resolves only when the row can be read by another connection', async () => {
    const store = tempStore();
    await store.writer.write(({ db }) => statement(db, insert).run('seen', ''));
    expect(keys(store)).toEqual([{ key: 'seen' }]);
  });

  it('fails the one bad unit and keeps its neighbours', async () => {
    const store = tempStore();
    const results = await Promise.allSettled([
      store.writer.write(({ db }) => statement(db, insert).run('first', '')),
      store.writer.write(({ db }) => {
        statement(db, insert).run('half', '');
        throw new Error('bad row');
      }),
      store.writer.write(({ db }) => statement(db, insert).run('last', '')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(keys(store)).toEqual([{ key: 'first' }, { key: 'last' }]);
    expect(store.commitErrors).toEqual([]);
  });

  it('fails everything and says so when the commit itself fails', async () => {
    const store = tempStore();
    store.db.exec('CREATE TABLE child (parent TEXT REFERENCES meta (key) DEFERRABLE INITIALLY DEFERRED)');
    const results = await Promise.allSettled([
      store.writer.write(({ db }) => statement(db, insert).run('kept?', '')),
      store.writer.write(({ db }) => db.exec("INSERT INTO child VALUES ('nobody')")),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(store.commitErrors).toHaveLength(1);
    expect(keys(store)).toEqual([]);
  });

  it('keeps the order and finishes what is more than one transaction takes', async () => {
    const store = tempStore();
    const order: number[] = [];
    const writes = Array.from({ length: 1200 }, (_, i) =>
      store.writer.write(({ db }) => statement(db, insert).run(String(i), '')).then(() => order.push(i)),
    );
    await store.writer.drain();
    await Promise.all(writes);
    expect(order).toEqual(Array.from({ length: 1200 }, (_, i) => i));
    expect(keys(store)).toHaveLength(1200);
  });

  it('announces a commit in the order asked for, before the promise of its unit, and when it can be read', async () => {
    const store = tempStore();
    const heard: string[] = [];
    const unit = (key: string) =>
      store.writer
        .write((tx) => {
          tx.afterCommit(() => heard.push(`${key} 1, ${keys(store).length} rows`));
          statement(tx.db, insert).run(key, '');
          tx.afterCommit(() => heard.push(`${key} 2`));
        })
        .then(() => heard.push(`${key} resolved`));
    await Promise.all([unit('a'), unit('b')]);
    expect(heard).toEqual(['a 1, 2 rows', 'a 2', 'b 1, 2 rows', 'b 2', 'a resolved', 'b resolved']);
  });

  it('announces once what was tried twice, and nothing of a unit that failed', async () => {
    const store = tempStore();
    const heard: string[] = [];
    const tries = { first: 0, bad: 0 };
    const results = await Promise.allSettled([
      store.writer.write((tx) => {
        tries.first += 1;
        tx.afterCommit(() => heard.push('first'));
        statement(tx.db, insert).run('first', '');
      }),
      store.writer.write((tx) => {
        tries.bad += 1;
        tx.afterCommit(() => heard.push('bad'));
        throw new Error('bad row');
      }),
      store.writer.write((tx) => tx.afterCommit(() => heard.push('last'))),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(tries).toEqual({ first: 2, bad: 2 });
    expect(heard).toEqual(['first', 'last']);
  });

  it('announces nothing when the commit itself fails', async () => {
    const store = tempStore();
    const heard: string[] = [];
    store.db.exec('CREATE TABLE child (parent TEXT REFERENCES meta (key) DEFERRABLE INITIALLY DEFERRED)');
    await expect(
      store.writer.write((tx) => {
        tx.afterCommit(() => heard.push('never'));
        tx.db.exec("INSERT INTO child VALUES ('nobody')");
      }),
    ).rejects.toThrow('FOREIGN KEY');
    await store.writer.write((tx) => tx.afterCommit(() => heard.push('next')));
    expect(heard).toEqual(['next']);
  });

  it('goes on announcing when one announcement throws, and takes none outside of a transaction', async () => {
    const { db } = tempStore();
    const errors: unknown[] = [];
    const writer = createWriter(db, {
      onCommitError: (error) => errors.push(error),
      onAnnounceError: (error) => errors.push(String(error)),
    });
    const heard: string[] = [];
    const tx = await writer.write((transaction) => {
      transaction.afterCommit(() => {
        throw new Error('nobody listens');
      });
      transaction.afterCommit(() => heard.push('second'));
      return transaction;
    });
    expect(errors).toEqual(['Error: nobody listens']);
    expect(heard).toEqual(['second']);
    expect(() => tx.afterCommit(() => heard.push('late'))).toThrow('outside of its transaction');
  });
});
