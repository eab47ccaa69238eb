export interface SnoozeTime {
  label: string;
  at: Date;
}

const morningHour = 8;

const morning = (from: Date, days: number): Date =>
  new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, morningHour);

/** Times to choose from, in local time: soon, tomorrow morning, Monday morning. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const monday = 1;
  const days = (monday - now.getDay() + 7) % 7 || 7;
  return [
    { label: 'For 1 hour', at: new Date(now.getTime() + 3_600_000) },
    { label: 'For 8 hours', at: new Date(now.getTime() + 8 * 3_600_000) },
    { label: 'Until tomorrow, 08:00', at: morning(now, 1) },
    { label: 'Until Monday, 08:00', at: morning(now, days) },
  ];
}
