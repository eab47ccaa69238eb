import { userInfo } from 'node:os';

/** Who an operator's deed is ascribed to: the name in the settings, else the system's user. */
export function operatorName(configured: string): string {
  if (configured !== '') return configured;
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number without a name.
    return 'operator';
  }
}
