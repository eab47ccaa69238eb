import type { Alert } from '../../shared/contract/app.ts';

/** What an operator should know about the app itself; shown until it is over. */
export interface Alerts {
  raise(code: string, level: Alert['level'], message: string): void;
  clear(code: string): void;
  list(): Alert[];
}

export function createAlerts(nowMs: () => number, onChanged: () => void): Alerts {
  const alerts = new Map<string, Alert>();
  return {
    raise(code, level, message) {
      const known = alerts.get(code);
      if (known?.message === message) return;
      alerts.set(code, { code, level, message, since: known?.since ?? new Date(nowMs()).toISOString() });
      onChanged();
    },
    clear(code) {
      if (alerts.delete(code)) onChanged();
    },
    list: () => [...alerts.values()],
  };
}
