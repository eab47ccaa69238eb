import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findProgram, type ProgramSystem, searchFolders } from '../../electron/jobs/programs/program-search.ts';
import { planStart } from '../../electron/jobs/programs/program-start.ts';
import { batchLine } from '../../electron/jobs/programs/windows-command-line.ts';
import { batchParameters, Injection, parseSpecials, splitArguments, startBatch, withoutQuotes } from './cmd-model.ts';

const windows = (...files: string[]): ProgramSystem => {
  const known = new Set(files.map((file) => file.toLowerCase()));
  return { platform: 'win32', isFile: (path) => known.has(path.toLowerCase()), isExecutable: () => true };
};
const place = {
  cwd: 'D:\\job',
  env: { Path: 'C:\\Windows\\System32;"C:\\odd;name";;C:\\Program Files\\nodejs', SystemRoot: 'C:\\Windows' },
};
const cmd = 'C:\\Windows\\System32\\cmd.exe';
const nodejs = 'C:\\Program Files\\nodejs';

describe('a program on Windows', () => {
  it('is looked for in the folders of PATH, whatever case that is written in', () => {
    expect(searchFolders(place.env, place.cwd, 'win32')).toEqual(['C:\\Windows\\System32', 'C:\\odd;name', nodejs]);
    expect(searchFolders({ PATH: 'tools;C:\\x' }, 'D:\\job', 'win32')).toEqual(['D:\\job\\tools', 'C:\\x']);
    expect(searchFolders({}, 'D:\\job', 'win32')).toEqual([]);
    expect(searchFolders({ Path: 'C:\\app', PATH: 'C:\\of-the-job' }, '', 'win32')).toEqual(['C:\\of-the-job']);
  });

  it.each([
    ['node', [`${nodejs}\\node.exe`], `${nodejs}\\node.exe`],
    ['node.exe', [`${nodejs}\\node.exe`], `${nodejs}\\node.exe`],
    ['npm', [`${nodejs}\\npm`, `${nodejs}\\npm.cmd`, `${nodejs}\\npm.ps1`], `${nodejs}\\npm.cmd`],
    ['npm.ps1', [`${nodejs}\\npm.cmd`, `${nodejs}\\npm.ps1`], `${nodejs}\\npm.ps1`],
    ['tool', [`${nodejs}\\tool.ps1`], `${nodejs}\\tool.ps1`],
    ['tool', ['C:\\odd;name\\tool.bat', `${nodejs}\\tool.exe`], 'C:\\odd;name\\tool.bat'],
    ['tool', [`${nodejs}\\tool.bat`, `${nodejs}\\tool.exe`], `${nodejs}\\tool.exe`],
    ['tool', ['D:\\job\\tool.exe', `${nodejs}\\tool.exe`], `${nodejs}\\tool.exe`],
    ['tool', ['D:\\job\\tool.exe'], 'D:\\job\\tool.exe'],
    ['my.tool', [`${nodejs}\\my.tool.exe`], `${nodejs}\\my.tool.exe`],
    ['.\\build', ['D:\\job\\build.cmd', `${nodejs}\\build.exe`], 'D:\\job\\build.cmd'],
    ['sub/build.bat', ['D:\\job\\sub\\build.bat'], 'D:\\job\\sub\\build.bat'],
    ['E:\\x\\y', ['E:\\x\\y.exe'], 'E:\\x\\y.exe'],
  ])('%s is found among %j', (program, files, expected) => {
    expect(findProgram(program, place, windows(...files))).toEqual({
      kind: 'found',
      file: expect.stringMatching(new RegExp(`^${expected.replace(/[\\.;]/g, '\\$&')}$`, 'i')),
    });
  });

  it('is found by the extensions that PATHEXT has, and by no other', () => {
    const env = { ...place.env, PATHEXT: '.EXE;.PY' };
    expect(findProgram('tool', { ...place, env }, windows(`${nodejs}\\tool.py`))).toMatchObject({ kind: 'found' });
    expect(findProgram('tool', { ...place, env }, windows(`${nodejs}\\tool.cmd`))).toEqual({
      kind: 'missing',
      tried: ['C:\\Windows\\System32', 'C:\\odd;name', nodejs],
    });
    expect(findProgram('tool', place, windows(`${nodejs}\\tool`))).toMatchObject({ kind: 'missing' });
    // What stands in PATHEXT is never taken for a part of a path.
    const odd = { ...place.env, PATHEXT: '\\..\\..\\evil.exe;;.EXE' };
    expect(findProgram('tool', { ...place, env: odd }, windows('C:\\evil.exe', `${nodejs}\\tool.exe`))).toMatchObject({
      file: `${nodejs}\\tool.exe`,
    });
  });

  it('is started as it is, through cmd.exe, through PowerShell, or refused by name', () => {
    expect(planStart(['node', 'a b'], place, windows(`${nodejs}\\node.exe`))).toEqual({
      program: `${nodejs}\\node.exe`,
      args: ['a b'],
      verbatim: false,
      env: place.env,
    });
    expect(planStart(['npm', 'run', 'a&b'], place, windows(`${nodejs}\\npm.cmd`))).toEqual({
      program: cmd,
      args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', `""${nodejs}\\npm.cmd" run "a&b""`],
      verbatim: true,
      env: place.env,
    });
    const ps1 = windows('D:\\job\\build.ps1');
    expect(planStart(['.\\build.ps1', '-Name', '$(calc)'], place, ps1)).toMatchObject({
      program: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', 'D:\\job\\build.ps1', '-Name', '$(calc)'],
      verbatim: false,
    });
    expect(planStart(['.\\build.ps1'], place, windows('D:\\job\\build.ps1', 'C:\\odd;name\\pwsh.exe'))).toMatchObject({
      program: 'C:\\odd;name\\pwsh.exe',
    });
    expect(planStart(['.\\build.js'], place, windows('D:\\job\\build.js'))).toEqual({
      problem: expect.stringMatching(/build\.js, which Windows cannot start .*\["node", "build\.js"\]/),
    });
  });

  it('meets the system’s own cmd.exe, whatever the job sets', () => {
    const env = { ...place.env, COMSPEC: 'D:\\evil.exe', ComSpec: 'D:\\evil.exe', systemroot: 'C:\\Windows' };
    expect(planStart(['npm'], { ...place, env }, windows(`${nodejs}\\npm.cmd`))).toMatchObject({ program: cmd });
  });

  it('named node is this program’s own where there is no other', () => {
    expect(planStart(['node', 'x'], place, windows())).toMatchObject({ program: process.execPath, args: ['x'] });
  });
});

describe('a batch file', () => {
  it.each([
    ['a line break', 'a\nb', /argument 1 contains a line break/],
    ['a carriage return', 'a\rb', /line break/],
    ['NUL', 'a\0b', /NUL/],
    ['more than cmd.exe takes', 'x'.repeat(9000), /longer than the 8191/],
  ])('refuses %s by a sentence', (_, arg, problem) => {
    expect(batchLine('C:\\x.cmd', [arg])).toEqual({ problem: expect.stringMatching(problem) });
    expect(planStart(['.\\x', arg], place, windows('D:\\job\\x.cmd'))).toEqual({
      problem: expect.stringMatching(problem),
    });
  });

  it('is never named by what is no name of a file', () => {
    expect(batchLine('C:\\x" & calc & ".cmd', [])).toHaveProperty('problem');
    expect(batchLine('C:\\x\\', [])).toHaveProperty('problem');
  });

  // Attacks that worked on other runtimes: https://flatt.tech/research/posts/batbadbut-you-cant-securely-execute-commands-on-windows/
  it.each([
    '" & calc',
    '"&calc.exe',
    '%CMDCMDLINE:~-1%&calc.exe',
    '%PATH%',
    '%PROGRAMFILES:~10,1%calc',
    '^& calc',
    'a^"&calc^"',
    '\\" & calc & \\"',
    '\\\\" & calc',
    '!PATH!',
    'a\tb',
    'a;b,c=d',
    '',
    '\\',
    'ends in \\',
    '(calc)',
    '> C:\\out.txt',
    '%%cd:~,%',
    '%cd:~,%PATH%cd:~,%',
    '100%',
    '%',
    '"',
    '""',
    'ünï çødé “&”',
  ])('gets %j as one argument and runs nothing else', (arg) => expectWhole([arg, 'last']));

  it('gets any arguments whole, and runs nothing else', () => {
    const piece = fc.constantFrom(
      ...['"', '""', '\\', '%', '^', '&', '|', '<', '>', '(', ')', '!', ' ', '\t', ',', ';', '=', '~', ':', "'", '`'],
      ...['PATH', 'cd', 'cd:~,', '%PATH%', '%1', '%*', '%~1', '~1,2', 'a', 'Z', 'é', '日'],
    );
    const arg = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.string().filter((text) => !/[\0\r\n]/.test(text)),
    );
    fc.assert(fc.property(fc.array(arg, { maxLength: 5 }), expectWhole), { numRuns: 3000 });
  });

  it('keeps its own name, with percent signs and operators in it', () => {
    for (const file of ['C:\\100% & more\\%PATH%\\x.cmd', "C:\\a^b (x86)\\it's.bat"]) {
      const batch = batchLine(file, ['a']);
      expect(startBatch('line' in batch ? batch.line : '', { PATH: 'C:\\x' })).toEqual({ file, rest: 'a' });
    }
  });

  it('would be tricked by lines that are not escaped like this: the model sees it', () => {
    expect(() => startBatch('""C:\\x.cmd" "" & calc""', {})).toThrow(Injection);
    expect(startBatch('""C:\\x.cmd" "%PATH%""', { PATH: 'secret' }).rest).toBe('"secret"');
    expect(() => parseSpecials('a"b"&c')).toThrow(Injection);
  });
});

/** What a batch file gets, what a program gets to which it hands `%*` on, and what it makes of "%~1". */
function expectWhole(args: string[]): void {
  const file = 'C:\\tools\\shim.cmd';
  const batch = batchLine(file, args);
  if ('problem' in batch) throw new Error(batch.problem);
  const env = { PATH: 'C:\\x" & calc & "', CMDCMDLINE: 'cmd "', PROGRAMFILES: 'C:\\Program Files', '1': '&', '*': '&' };
  const started = startBatch(batch.line, env);
  expect(started.file).toBe(file);
  const handedOn = parseSpecials(`"C:\\node.exe" "C:\\cli.js" ${started.rest}`);
  expect(splitArguments(handedOn).slice(2)).toEqual(args);
  for (const parameter of batchParameters(started.rest)) parseSpecials(`echo "${withoutQuotes(parameter)}"`);
}
