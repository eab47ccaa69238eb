import { useState } from 'react';
import {
  caddyConsoleSnippet,
  haproxyConsoleSnippet,
  nginxConsoleSnippet,
} from '../../../shared/proxy/console-snippets.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { FormRow } from '../../ui/forms/form-layout.tsx';
import { SegmentTabs } from '../../ui/layout/segment-tabs.tsx';

const snippets = { nginx: nginxConsoleSnippet, caddy: caddyConsoleSnippet, haproxy: haproxyConsoleSnippet };
type Proxy = keyof typeof snippets;

/** Configuration of a reverse proxy in front of the console, for the configured URL. */
export function ConsoleProxyLines({ consoleUrl, publicUrl }: { consoleUrl: string; publicUrl: string }) {
  const [proxy, setProxy] = useState<Proxy>('nginx');
  return (
    <FormRow label="Proxy configuration">
      <SegmentTabs
        id="console-proxy"
        label="Reverse proxy"
        tabs={[
          { value: 'nginx', label: 'nginx' },
          { value: 'caddy', label: 'Caddy' },
          { value: 'haproxy', label: 'HAProxy' },
        ]}
        value={proxy}
        onChange={(value: Proxy) => setProxy(value)}
      />
      <div id="console-proxy-panel" role="tabpanel" aria-labelledby={`console-proxy-tab-${proxy}`}>
        <CodeBlock text={snippets[proxy]({ consoleUrl, publicUrl })} />
      </div>
    </FormRow>
  );
}
