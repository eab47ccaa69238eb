import type { Handlers } from '../../../shared/contract/index.ts';
import type { Audit } from '../../accounts/audit.ts';

export function createAuditHandlers(audit: Audit): Pick<Handlers, 'audit.list'> {
  return {
    'audit.list': ({ query, accountId, call, outcome, from, to, limit = 100, cursor = null }) =>
      audit.list(
        {
          text: query,
          account: accountId,
          call,
          outcome,
          fromMs: from === undefined ? undefined : Date.parse(from),
          toMs: to === undefined ? undefined : Date.parse(to),
        },
        { limit, cursor },
      ),
  };
}
