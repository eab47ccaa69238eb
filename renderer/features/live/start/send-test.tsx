import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { testDelivery } from '../../../../shared/test-delivery.ts';
import { AppError, call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';

import { useAction } from '../../../errors/use-action.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';

/** Posts the sample of the sender to the receiver, signed as the source expects it. */
export function SendTest({ source, preset, primary }: { source: Source; preset: PresetInfo; primary: boolean }) {
  const send = useAction(async () => {
    // An id of its own: a second one would count as a repeat.
    const { body, contentType, headers } = testDelivery(preset, sampleType(preset), Date.now());
    const reply = await call('sources.sendTest', {
      slug: source.slug,
      body,
      contentType,
      headers: headers ?? {},
      sign: true,
    });
    if (reply.status >= 300) throw new AppError('conflict', `The source answered ${reply.status}: ${reply.body}`);
  });
  return (
    <>
      <PermittedButton
        needs="define"
        variant={primary ? 'filled' : 'default'}
        loading={send.busy}
        onClick={() => void send.run()}
      >
        Send test request
      </PermittedButton>
      <InlineError error={send.error} />
    </>
  );
}

/** The type of the preset's sample, as far as its body says it. */
function sampleType({ sample }: PresetInfo): string {
  return /"type"\s*:\s*"([^"]+)"/.exec(sample.body)?.[1] ?? 'test.event';
}
