import { describe, expect, it } from 'vitest';
import { sameRunOf } from '../../../../renderer/features/runs/model/original-run.ts';

const run = (id: string, listener: string | null, job: string) => ({ id, listener, job, state: 'completed' as const });

describe('the run that a replayed one is compared with', () => {
  it('is the latest of the same listener and job', () => {
    const runs = [run('run_1', 'a', 'import'), run('run_3', 'a', 'import'), run('run_2', 'b', 'import')];
    expect(sameRunOf({ listener: 'a', job: 'import' }, runs)).toBe('run_3');
  });
  it('is of the same job when that listener had none', () => {
    expect(
      sameRunOf({ listener: 'c', job: 'import' }, [run('run_1', 'a', 'import'), run('run_2', 'a', 'export')]),
    ).toBe('run_1');
  });
  it('is none when nothing did the same', () => {
    expect(sameRunOf({ listener: 'a', job: 'import' }, [run('run_2', 'a', 'export')])).toBeNull();
  });
});
