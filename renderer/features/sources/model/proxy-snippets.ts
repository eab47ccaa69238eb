export interface ProxyFacts {
  /** Where the receiver listens on this machine, e.g. `http://127.0.0.1:8787`. */
  receiverUrl: string;
  /** As in the settings; empty when there is none yet. */
  publicUrl: string;
  /** The source to let through, or null for all of them. */
  slug: string | null;
  /** The largest body that is taken there. */
  maxBodyBytes: number;
}

/** Stands in for a name that nobody has given yet. */
export const exampleHost = 'hooks.example.com';

/** What senders read besides posting to `/in/…`: the public keys that answers are signed with. */
const keysPath = '/.well-known/jwks.json';

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

const mebibytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / (1024 * 1024)));

/** A prefix with `/` behind it for addresses that go on, such as `/listen.php`, and the address itself. */
export function nginxSnippet({ receiverUrl, publicUrl, slug, maxBodyBytes }: ProxyFacts): string {
  const pass = `proxy_pass http://${upstreamOf(receiverUrl)};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_http_version 1.1;
    proxy_set_header Connection "";`;
  return `server {
  listen 443 ssl;
  server_name ${publicHost(publicUrl).replace(/:\d+$/, '')};
  # ssl_certificate and ssl_certificate_key: yours
  client_max_body_size ${mebibytes(maxBodyBytes)}m;

  location ${slug === null ? '/in/' : `~ ^/in/${slug}(/|$)`} {
    ${pass}
  }
  location = ${keysPath} {
    ${pass}
  }
}`;
}

/** Caddy sets X-Forwarded-For, keeps Host and fetches the certificate by itself. */
export function caddySnippet({ receiverUrl, publicUrl, slug, maxBodyBytes }: ProxyFacts): string {
  const paths = slug === null ? '/in/*' : `/in/${slug} /in/${slug}/*`;
  return `${publicHost(publicUrl)} {
  @signalbox path ${paths} ${keysPath}
  request_body @signalbox {
    max_size ${mebibytes(maxBodyBytes)}MiB
  }
  reverse_proxy @signalbox ${upstreamOf(receiverUrl)}
}`;
}
