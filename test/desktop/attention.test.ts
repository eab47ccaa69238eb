import { describe, expect, it } from 'vitest';
import { type AttentionNote, createAttention, describeAttention } from '../../electron/desktop/status/attention.ts';
import { lampOf, statusLines } from '../../electron/desktop/status/status-lines.ts';
import { fakeClock } from '../console/fake-clock.ts';
import { sampleStatus } from '../console/samples.ts';

const failed = (id: string, job = 'import') => ({
  id,
  job,
  state: 'failed' as const,
  eventType: 'file:big',
  error: 'It ended with code 3.',
});
const done = (id: string, job = 'import') => ({
  id,
  job,
  state: 'completed' as const,
  eventType: 'file:big',
  error: null,
});

const question = {
  id: 'ask_1',
  type: 'mfa',
  message: 'The code?',
  fields: [],
  askedAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-01-02T03:19:05.000Z',
};

describe('what is said of runs', () => {
  it.each([
    [[failed('1')], 'import failed', 'It ended with code 3.'],
    [[{ ...failed('1'), error: null }], 'import failed', 'for file:big'],
    [[done('1')], 'import completed', 'Needs acknowledgement, for file:big'],
    [[{ ...done('1'), state: 'pending' as const }], 'import needs approval', 'Approve or reject it, for file:big'],
    [[{ ...done('1'), state: 'interaction_required' as const, question }], 'import needs an answer', 'The code?'],
    [
      [{ ...done('1'), state: 'canceled' as const, error: 'nobody approved it in time' }],
      'import did not run',
      'nobody approved it in time',
    ],
    [[{ ...done('1'), state: 'pending' as const }, done('2')], '2 runs need attention', 'import'],
    [[failed('1'), failed('2')], '2 runs failed', 'import'],
    [[done('1'), done('2', 'mail')], '2 runs need acknowledgement', 'import, mail'],
    [
      [failed('1'), done('2', 'b'), done('3', 'c'), done('4', 'd'), done('5', 'e')],
      '5 runs need attention, 1 failed',
      'import, b, c and 2 more jobs',
    ],
  ])('%#', (runs, title, body) => {
    // A click leads to the run that is told of, and with several to the list of all that wait.
    const [run] = runs;
    expect(describeAttention(runs)).toEqual({ title, body, path: runs.length === 1 ? `/runs/${run?.id}` : '/inbox' });
  });
});

describe('notifications', () => {
  function setUp() {
    const clock = fakeClock();
    const shown: AttentionNote[] = [];
    let isWanted = true;
    const attention = createAttention({ ...clock, show: (note) => shown.push(note), isWanted: () => isWanted });
    return { clock, shown, attention, want: (wanted: boolean) => (isWanted = wanted) };
  }

  it('come at once, then at most every ten seconds, with what gathered meanwhile', () => {
    const { clock, shown, attention } = setUp();
    for (let second = 0; second < 25; second += 1) {
      attention.add([failed(`r${second}`)]);
      clock.advance(1000);
    }
    clock.advance(60_000);
    expect(shown.map((note) => note.title)).toEqual([
      'import failed',
      '9 runs failed',
      '10 runs failed',
      '5 runs failed',
    ]);
    expect(clock.timers()).toBe(0);
  });

  it('count a run once, as it was last', () => {
    const { clock, shown, attention } = setUp();
    attention.add([failed('first')]);
    attention.add([failed('r')]);
    attention.add([done('r')]);
    clock.advance(10_000);
    expect(shown.map((note) => note.title)).toEqual(['import failed', 'import completed']);
  });

  it('stay away when they are not wanted or the app ends', () => {
    const { clock, shown, attention, want } = setUp();
    want(false);
    attention.add([failed('a')]);
    want(true);
    attention.add([failed('b')]);
    attention.add([failed('c')]);
    attention.close();
    clock.advance(60_000);
    expect(shown).toHaveLength(1);
  });
});

describe('the tray', () => {
  it.each([
    [{}, 'green'],
    [{ runs: { waiting: 0, running: 0, inbox: 1 } }, 'amber'],
    [{ receiver: { accepting: false, problem: null } }, 'red'],
    [{ alerts: [{ code: 'disk', level: 'error' as const, message: '', since: '' }] }, 'red'],
    [{ alerts: [{ code: 'disk', level: 'warning' as const, message: '', since: '' }] }, 'amber'],
  ])('%# shows %j as %s', (changes, lamp) => {
    expect(lampOf({ ...sampleStatus, ...changes })).toBe(lamp);
  });

  it('says how things are in three lines', () => {
    expect(statusLines(sampleStatus)).toEqual(['Accepting deliveries', '1 running', 'Inbox is empty']);
    const busy = {
      receiver: { accepting: false, problem: null },
      runs: { waiting: 5, running: 2, inbox: 3 },
      phase: 'running' as const,
    };
    expect(statusLines(busy)).toEqual(['Not accepting deliveries', '2 running, 5 waiting', '3 in the inbox']);
    const closed = { ...busy, receiver: { accepting: false, problem: 'Another program uses it.' } };
    expect(statusLines(closed)[0]).toBe('Not listening for deliveries');
    expect(statusLines({ ...busy, phase: 'finishing' })[0]).toBe('Quitting…');
  });
});
