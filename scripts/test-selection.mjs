import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';

/** Options of the runners that take a value, which is no file then. */
const valued = ['-t', '--testNamePattern', '-g', '--grep'];

/**
 * What `npm test -- <file or folder> …` asks for: `{files, specs, flags}`, files for Vitest and specs (below test/e2e) for
 * Playwright, relative to the checkout. `from` is the folder the paths start in. Options are passed on. Throws SetupError for
 * a path that does not exist.
 */
export function selectTests(args, from = process.env.INIT_CWD ?? process.cwd()) {
  const selection = { files: [], specs: [], flags: [] };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg.startsWith('-')) {
      selection.flags.push(arg);
      if (valued.includes(arg) && index + 1 < args.length) selection.flags.push(args[++index]);
      continue;
    }
    const [path] = [resolve(from, arg), resolve(root, arg)].filter((each) => existsSync(each));
    if (path === undefined) throw new SetupError(`There is no test file or folder ${arg}.`);
    const name = relative(root, path).split(sep).join('/');
    const isEndToEnd = name === 'test/e2e' || name.startsWith('test/e2e/');
    (isEndToEnd ? selection.specs : selection.files).push(name);
  }
  return selection;
}
