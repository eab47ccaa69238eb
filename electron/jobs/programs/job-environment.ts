import type { Logger } from 'pino';
import type { JobEnvironment as ShownEnvironment } from '../../../shared/contract/jobs.ts';
import { mergeEnvironment, ownEnvironment, type SearchedPath } from '../process/child-environment.ts';
import { type JobsUser, userVariables } from '../process/jobs-user.ts';
import { readLoginShellPath } from './login-shell-path.ts';
import { readVariable, searchFolders } from './program-search.ts';

/** Variables of proxies, certificates and agents, which programs need where a machine is set up for them. */
const commonNames = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_USE_ENV_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'PIP_CERT',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'GNUPGHOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'KUBECONFIG',
  'DOCKER_HOST',
  'JAVA_HOME',
];

const loginShellTimeoutMs = 5000;

export interface JobEnvironmentDeps {
  /** Names that every job inherits. */
  inheritedNames: () => readonly string[];
  /** Jobs run as this user; null: as the app's own. */
  user?: JobsUser | null;
  /** The app's own; `process.env` but in tests. */
  env?: NodeJS.ProcessEnv;
  log: Logger;
}

/** What jobs get of the app's environment, and where their programs are looked for. */
export interface JobEnvironment {
  /** For a job that inherits `names` and sets `variables`; those count most. */
  variables(names: readonly string[], variables: Readonly<Record<string, string>>): Record<string, string>;
  /** Values among those that are a password: of a proxy's address. */
  passwords(names: readonly string[]): string[];
  searched(ownPath: string | undefined): SearchedPath;
  /** Resolves when the PATH is what it will stay, after 5 s at most. */
  readLoginShell(shell: string): Promise<void>;
  /** Null: nothing is being read. */
  reading(): Promise<void> | null;
  show(): ShownEnvironment;
}

export function createJobEnvironment({
  inheritedNames,
  user = null,
  env = process.env,
  log,
}: JobEnvironmentDeps): JobEnvironment {
  let loginShell: ShownEnvironment['loginShell'] = null;
  let loginPath: string | null = null;
  let reading: Promise<void> | null = null;

  const ofUser = user === null ? {} : userVariables(user);
  const own = (): Record<string, string> =>
    mergeEnvironment(process.platform, ownEnvironment(), loginPath === null ? {} : { PATH: loginPath }, ofUser);

  const inherited = (names: readonly string[]): Record<string, string> => {
    const values: Record<string, string> = {};
    for (const name of [...inheritedNames(), ...names]) {
      const value = readVariable(env, name, process.platform);
      if (value !== undefined) values[name] = value;
    }
    return values;
  };

  return {
    variables: (names, variables) => mergeEnvironment(process.platform, own(), inherited(names), variables),
    passwords: (names) => Object.values(inherited(names)).flatMap(passwordOf),
    searched(ownPath) {
      if (ownPath !== undefined) return { origin: "the job's own PATH", advice: 'correct the PATH the job sets' };
      if (loginPath !== null && loginShell !== null) {
        return {
          origin: `the PATH of the login shell ${loginShell.shell}`,
          advice: 'add its folder to PATH in a profile of that shell and restart Signalbox',
        };
      }
      const why = loginShell?.problem ?? null;
      return {
        origin:
          why === null ? 'the PATH Signalbox was started with' : `the PATH Signalbox was started with, since ${why}`,
        advice: 'set PATH under the variables of the job',
      };
    },
    readLoginShell(shell) {
      loginShell = { shell, state: 'reading', problem: null };
      const read = readLoginShellPath(shell, { env: ownEnvironment(), timeoutMs: loginShellTimeoutMs }).then(
        (found) => {
          reading = null;
          if ('problem' in found) {
            loginShell = { shell, state: 'failed', problem: found.problem };
            log.warn({ shell, problem: found.problem }, 'the PATH of the login shell could not be read');
            return;
          }
          loginShell = { shell, state: 'read', problem: null };
          loginPath = joinPaths(found.path, ownEnvironment().PATH ?? '');
        },
      );
      reading = read;
      return read;
    },
    reading: () => reading,
    show: () => ({
      path: searchFolders(own(), '', process.platform),
      loginShell,
      passed: Object.keys(own()).sort(),
      suggested: commonNames.filter((name) => readVariable(env, name, process.platform) !== undefined),
    }),
  };
}

/** The first with what only the second has behind it. */
function joinPaths(first: string, second: string): string {
  const folders = first.split(':');
  return [...folders, ...second.split(':').filter((folder) => folder !== '' && !folders.includes(folder))].join(':');
}

function passwordOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A lone percent sign: then it is not escaped at all.
    return [password];
  }
}
