import { indent, mebibytes, type ProxyFacts, publicHost, publicName, upstreamOf } from './proxy-facts.ts';

/** What senders read besides posting to `/in/…`: the public keys that answers are signed with. */
const keysPath = '/.well-known/jwks.json';

/** Longer than an answer that a job decides may take. */
const answerSeconds = 75;

/** While Signalbox restarts: as long as its start may take. */
const restartSeconds = 30;

/** A prefix with `/` behind it for addresses that go on, such as `/listen.php`, and the address itself. */
export function nginxSnippet({ receiverUrl, publicUrl, slug, maxBodyBytes }: ProxyFacts): string {
  const pass = `proxy_pass http://signalbox;
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_http_version 1.1;
proxy_set_header Connection "";
proxy_read_timeout ${answerSeconds}s;
error_page 502 504 = @signalbox_down;`;
  return `upstream signalbox {
  server ${upstreamOf(receiverUrl)} max_fails=0;
  keepalive 16;
}
server {
  listen 443 ssl http2;
  server_name ${publicName(publicUrl)};
  # ssl_certificate and ssl_certificate_key: yours
  client_max_body_size ${mebibytes(maxBodyBytes)}m;

  location ${slug === null ? '/in/' : `~ ^/in/${slug}(/|$)`} {
${indent(pass, 4)}
  }
  location = ${keysPath} {
${indent(pass, 4)}
  }
  # While Signalbox restarts, senders are told to retry.
  location @signalbox_down {
    add_header Retry-After 5 always;
    return 503;
  }
}`;
}

/** Caddy sets X-Forwarded-For and -Proto, keeps Host and gets the certificate. */
export function caddySnippet({ receiverUrl, publicUrl, slug, maxBodyBytes }: ProxyFacts): string {
  const paths = slug === null ? '/in/*' : `/in/${slug} /in/${slug}/*`;
  return `${publicHost(publicUrl)} {
  @signalbox path ${paths} ${keysPath}
  request_body @signalbox {
    max_size ${mebibytes(maxBodyBytes)}MiB
  }
  reverse_proxy @signalbox ${upstreamOf(receiverUrl)} {
    transport http {
      keepalive 30s
    }
  }
  # While Signalbox restarts, senders are told to retry.
  handle_errors {
    @large expression \`{err.message}.contains("too large")\`
    respond @large 413
    @down expression \`{err.status_code} in [502, 504]\`
    header @down Retry-After 5
    respond @down 503
  }
}`;
}

/** Sections for haproxy.cfg; the certificate with its key is a file in the folder after `crt`. */
export function haproxySnippet({ receiverUrl, publicUrl, slug, maxBodyBytes }: ProxyFacts): string {
  const paths = slug === null ? 'path_beg /in/' : `path_reg ^/in/${slug}(/|$)`;
  return `frontend signalbox
  mode http
  bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1
  timeout client ${answerSeconds}s
  timeout http-request 30s
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  acl signalbox_host hdr(host),field(1,:) -i ${publicName(publicUrl)}
  http-request deny status 413 if signalbox_host { req.body_size gt ${maxBodyBytes} }
  use_backend signalbox_receiver if signalbox_host { ${paths} }
  use_backend signalbox_receiver if signalbox_host { path ${keysPath} }

backend signalbox_receiver
  mode http
  timeout connect 5s
  timeout server ${answerSeconds}s
  # While Signalbox restarts, requests wait: one try a second.
  retries ${restartSeconds}
  retry-on conn-failure
  server receiver ${upstreamOf(receiverUrl)}`;
}
