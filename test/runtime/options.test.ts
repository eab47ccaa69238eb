import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../electron/runtime/options.ts';
import { defaultReceiver } from '../../electron/runtime/runtime-types.ts';
import { PrintAndExit, StartError } from '../../electron/upkeep/start-error.ts';

const parse = (argv: string[], env: NodeJS.ProcessEnv = {}) => parseOptions(argv, env, 'headless');

describe('options', () => {
  it('default to loopback and the platform’s own directory', () => {
    const options = parse([]);
    // Left to what the operator has chosen, and then to the default.
    expect(options.receiver).toBeNull();
    expect(defaultReceiver).toEqual({ host: '127.0.0.1', port: 8787 });
    expect(options.console).toEqual({ host: '127.0.0.1', port: 8788 });
    expect(options.configFile).toBeNull();
    expect(options.dataDir.startsWith(homedir())).toBe(true);
  });

  it('keep the console closed on the desktop unless it is asked for', () => {
    expect(parseOptions([], {}, 'desktop').console).toBeNull();
    expect(parseOptions(['--console', '127.0.0.1:0'], {}, 'desktop').console).toEqual({ host: '127.0.0.1', port: 0 });
  });

  it('take the environment, and the command line before it', () => {
    const env = { SIGNALBOX_DATA_DIR: '/from/env', SIGNALBOX_RECEIVER: '0.0.0.0:1', SIGNALBOX_LOG_LEVEL: 'debug' };
    const options = parse(['--receiver', '[::1]:2'], env);
    expect(options.dataDir).toBe(resolve('/from/env'));
    expect(options.receiver).toEqual({ host: '::1', port: 2 });
    expect(options.logLevel).toBe('debug');
  });

  it('make paths absolute', () => {
    const options = parse(['--data-dir', 'here', '--config', 'signalbox.yaml']);
    expect([options.dataDir, options.configFile].every((path) => path !== null && isAbsolute(path))).toBe(true);
  });

  it('give the demo a directory of its own, unless told otherwise', () => {
    expect(parse(['--demo']).dataDir).toMatch(/signalbox-demo-/);
    expect(parse(['--demo', '--data-dir', '/kept']).dataDir).toBe(resolve('/kept'));
  });

  it.each([
    [['--receiver', 'nonsense'], /--receiver must be HOST:PORT/],
    [['--console', '127.0.0.1:70000'], /--console must be HOST:PORT/],
    [['--log-level', 'loud'], /--log-level must be one of/],
    [['--desktop', '--headless'], /exclude each other/],
    [['--what'], /unknown option.*--help/],
    [['extra'], /--help/],
  ])('refuse %j with one sentence', (argv, message) => {
    expect(() => parse(argv)).toThrow(StartError);
    expect(() => parse(argv)).toThrow(message);
  });

  it('ask for a sign-in address without a window only', () => {
    expect(parse(['--sign-in']).signIn).toBe(true);
    expect(() => parseOptions(['--sign-in'], {}, 'desktop')).toThrow(/--headless/);
  });

  it('print the help and nothing else', () => {
    expect(() => parse(['--help'])).toThrow(PrintAndExit);
    expect(() => parse(['--help'])).toThrow(/--data-dir/);
  });
});
