import { type ConsoleFacts, indent, publicHost, publicName, upstreamOf } from './proxy-facts.ts';

/** Largest request of the console, and how long its push stream may be silent. */
const consoleBodyMebibytes = 8;
const silentStreamSeconds = 3600;

/** The path below which the console is shown, without a slash at its end; empty for a host of its own. */
const prefixOf = (publicUrl: string): string =>
  URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';

/** The path is cut off on the way: the slash after the upstream does that. */
export function nginxConsoleSnippet({ consoleUrl, publicUrl }: ConsoleFacts): string {
  const prefix = prefixOf(publicUrl);
  const redirect =
    prefix === '' ? '' : `\n  location = ${prefix} {\n    return 308 $scheme://$http_host${prefix}/;\n  }`;
  const pass = `proxy_pass http://${upstreamOf(consoleUrl)}/;
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_http_version 1.1;
proxy_set_header Connection "";
proxy_buffering off;
proxy_read_timeout ${silentStreamSeconds}s;`;
  return `server {
  listen 443 ssl http2;
  server_name ${publicName(publicUrl)};
  # ssl_certificate and ssl_certificate_key: yours
  client_max_body_size ${consoleBodyMebibytes}m;
${redirect}
  location ${prefix}/ {
${indent(pass, 4)}
  }
}`.replace(/\n\n+/g, '\n');
}

export function caddyConsoleSnippet({ consoleUrl, publicUrl }: ConsoleFacts): string {
  const prefix = prefixOf(publicUrl);
  const proxy = `reverse_proxy ${upstreamOf(consoleUrl)} {
  flush_interval -1
}`;
  const inner =
    prefix === '' ? proxy : `redir ${prefix} ${prefix}/ 308\nhandle_path ${prefix}/* {\n${indent(proxy, 2)}\n}`;
  return `${publicHost(publicUrl)} {
${indent(inner, 2)}
}`;
}

/** Lines for the frontend that has the receiver, and a backend. */
export function haproxyConsoleSnippet({ consoleUrl, publicUrl }: ConsoleFacts): string {
  const prefix = prefixOf(publicUrl);
  const host = `hdr(host),field(1,:) -i ${publicName(publicUrl)}`;
  const cut = prefix === '' ? '' : `\n  http-request replace-path ^${prefix}(/.*)$ \\1`;
  const redirect =
    prefix === '' ? '' : `\n  http-request redirect location ${prefix}/ code 308 if console_host { path ${prefix} }`;
  return `# in the frontend:
  acl console_host ${host}${redirect}
  use_backend signalbox_console if console_host { path_beg ${prefix}/ }

backend signalbox_console
  mode http
  timeout connect 5s
  timeout server ${silentStreamSeconds}s${cut}
  server console ${upstreamOf(consoleUrl)}`;
}
