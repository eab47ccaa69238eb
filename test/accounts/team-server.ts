import { localCaller } from '../../shared/contract/access/caller.ts';
import type { Role } from '../../shared/contract/access/roles.ts';
import { type CallInput, type CallName, contract, type Input, type Output } from '../../shared/contract/index.ts';
import { replySchema } from '../../shared/contract/reply.ts';
import { type OpenApp, openApp } from '../runtime/open-app.ts';

const inputs: { [N in CallName]: { input: { parse(value: unknown): Input<N> } } } = contract;

export interface Asked {
  status: number;
  value: unknown;
  code: string | null;
  message: string;
}

/** A browser, as far as the console sees one: it keeps its cookie, and says where its page is from. */
export interface Browser {
  cookie: string;
  /** `Set-Cookie` of the last response that had one. */
  setCookie: string;
  post(path: string, body: unknown): Promise<Asked>;
  call(name: CallName, input: unknown): Promise<Asked>;
}

export interface TeamServer {
  app: OpenApp;
  url: string;
  /** As the administrator of the machine, on the local socket. */
  local<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  /** `host`: the name under which it opens the console. */
  browser(host?: string): Browser;
  /** With a Bearer token. */
  withToken(token: string, name: string, input: unknown): Promise<Asked>;
  /** Adds an account, sets its password by its link, and gives its browser. */
  join(name: string, role: Role, mayApprove?: boolean, host?: string): Promise<Browser>;
}

export const password = 'correct horse battery';

export const codeOf = (url: string | null): string => /#\/join\/(.+)$/.exec(url ?? '')?.[1] ?? '';

async function read(response: Response): Promise<Asked> {
  const text = await response.text();
  const { status } = response;
  const reply = replySchema.safeParse(text.startsWith('{') ? JSON.parse(text) : null);
  if (!reply.success) return { status, value: text, code: null, message: '' };
  if (reply.data.ok) return { status, value: reply.data.value, code: null, message: '' };
  return { status, value: null, code: reply.data.error.code, message: reply.data.error.message };
}

/** The header `Cookie` after a response's `Set-Cookie`, as browsers keep it. */
function withCookie(cookie: string, set: string): string {
  const [pair = ''] = set.split(';');
  const [name = '', value = ''] = pair.split('=');
  const others = cookie.split('; ').filter((one) => one !== '' && !one.startsWith(`${name}=`));
  return (value === '' ? others : [...others, pair]).join('; ');
}

/** The whole app with its console, in this process. */
export async function openTeam(dataDir?: string): Promise<TeamServer> {
  const app = await openApp(dataDir, { console: { host: '127.0.0.1', port: 0 } });
  const url = app.runtime.consoleUrl ?? '';
  const local: TeamServer['local'] = async (name, input) =>
    app.runtime.handlers[name](inputs[name].input.parse(input), localCaller('http', 'command'));

  const browser = (host = '127.0.0.1'): Browser => {
    const origin = url.replace('127.0.0.1', host);
    const self: Browser = {
      cookie: '',
      setCookie: '',
      async post(path, body) {
        const response = await fetch(`${origin}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin, cookie: self.cookie, 'user-agent': 'a browser' },
          body: JSON.stringify(body),
        });
        for (const set of response.headers.getSetCookie()) {
          self.setCookie = set;
          self.cookie = withCookie(self.cookie, set);
        }
        return read(response);
      },
      call: (name, input) => self.post(`/api/${name}`, input),
    };
    return self;
  };

  return {
    app,
    url,
    local,
    browser,
    async withToken(token, name, input) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      return read(await fetch(`${url}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) }));
    },
    async join(name, role, mayApprove = false, host = undefined) {
      const { link } = await local('operators.add', { name, role, mayApprove });
      const joined = browser(host);
      await joined.post('/session/join', { code: codeOf(link.url), password });
      return joined;
    },
  };
}
