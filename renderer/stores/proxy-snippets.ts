export interface ProxyFacts {
  /** Where the receiver listens on this machine, e.g. `http://127.0.0.1:8787`. */
  receiverUrl: string;
  /** As in the settings; empty when there is none yet. */
  publicUrl: string;
  slug: string;
  /** Undefined: the receiver's own limit. */
  maxBodyBytes: number | undefined;
}

/** Stands in for a name that nobody has given yet. */
export const exampleHost = 'hooks.example.com';

const publicHost = (publicUrl: string): string => {
  try {
    return publicUrl === '' ? exampleHost : new URL(publicUrl).host;
  } catch {
    return exampleHost;
  }
};

/** A receiver on every address is reached by its loopback from a proxy on the same machine. */
function upstreamOf(receiverUrl: string): string {
  const { hostname, port } = new URL(receiverUrl);
  const host = hostname === '0.0.0.0' ? '127.0.0.1' : hostname === '[::]' ? '[::1]' : hostname;
  return port === '' ? host : `${host}:${port}`;
}

const mebibytes = (bytes: number | undefined): number => Math.max(1, Math.ceil((bytes ?? 1024 * 1024) / (1024 * 1024)));

/** A prefix with `/` behind it for addresses that go on, such as `/listen.php`, and the address itself. */
export function nginxSnippet(facts: ProxyFacts): string {
  const host = publicHost(facts.publicUrl);
  return `server {
  listen 443 ssl;
  server_name ${host.replace(/:\d+$/, '')};
  # ssl_certificate and ssl_certificate_key: yours

  location ~ ^/in/${facts.slug}(/|$) {
    proxy_pass http://${upstreamOf(facts.receiverUrl)};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    client_max_body_size ${mebibytes(facts.maxBodyBytes)}m;
  }
}`;
}

/** Caddy sets X-Forwarded-For, keeps Host and fetches the certificate by itself. */
export function caddySnippet(facts: ProxyFacts): string {
  return `${publicHost(facts.publicUrl)} {
  @${facts.slug} path /in/${facts.slug} /in/${facts.slug}/*
  request_body @${facts.slug} {
    max_size ${mebibytes(facts.maxBodyBytes)}MiB
  }
  reverse_proxy @${facts.slug} ${upstreamOf(facts.receiverUrl)}
}`;
}
