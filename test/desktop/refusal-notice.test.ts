import { expect, it } from 'vitest';
import { createRefusalNotice } from '../../electron/desktop/status/refusal-notice.ts';
import type { Status } from '../../shared/contract/app.ts';

const status = (accepting: boolean, alerts: Status['alerts'] = [], phase: Status['phase'] = 'running') => ({
  phase,
  receiver: {
    url: 'http://127.0.0.1:1',
    accepting,
    host: '127.0.0.1',
    port: 1,
    setBy: 'default' as const,
    problem: null,
  },
  alerts,
});

it('tells once that deliveries are refused and why, and again after they were accepted', () => {
  const shown: string[] = [];
  const look = createRefusalNotice(({ title, body }) => shown.push(`${title}: ${body}`));
  const full = {
    code: 'disk_full',
    level: 'error' as const,
    message: 'The disk is full.',
    since: '2026-01-02T03:04:05Z',
  };
  look(status(true));
  look(status(false, [], 'stopping'));
  look(status(false, [full]));
  look(status(false, [full]));
  expect(shown).toEqual(['Deliveries are refused: The disk is full.']);
  look(status(true));
  look(status(false));
  expect(shown).toHaveLength(2);
});
