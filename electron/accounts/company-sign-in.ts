import type { GroupRole } from '../../shared/contract/access/access-settings.ts';
import { hasRole, type Role } from '../../shared/contract/access/roles.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { accountNameSchema } from '../../shared/contract/operators.ts';
import { findAccountByName, findAccountBySubject, putAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';

/** A person whom the company has signed in. */
export interface CompanyPerson {
  /** Who they are for good, such as `<issuer> <sub>`. */
  subject: string;
  name: string;
  groups: readonly string[];
}

interface Rights {
  role: Role;
  mayApprove: boolean;
}

/** Of all groups that fit the highest role, and whether any may approve; null: none fits. */
export function rightsOf(groups: readonly string[], rules: readonly GroupRole[]): Rights | null {
  const fitting = rules.filter(({ group }) => group === '*' || groups.includes(group));
  const [first] = fitting;
  if (first === undefined) return null;
  const role = fitting.reduce((best, rule) => (hasRole(rule.role, best) ? rule.role : best), first.role);
  return { role, mayApprove: role !== 'viewer' && fitting.some((rule) => rule.mayApprove === true) };
}

export type CompanySignIn = (person: CompanyPerson, rules: readonly GroupRole[]) => Promise<StoredAccount>;

export interface CompanySignInDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

/**
 * The account of a person whom the company has signed in, made at the first time, with the rights that their groups give
 * now. One that was made for the name by hand and has no password yet becomes theirs. Throws `forbidden`.
 */
export function createCompanySignIn({ db, writer, onChanged, nowMs }: CompanySignInDeps): CompanySignIn {
  return async ({ subject, name, groups }, rules) => {
    const rights = rightsOf(groups, rules);
    if (rights === null) {
      throw new AppError(
        'forbidden',
        `"${name}" is in no group that has a role here; ask an administrator of Signalbox.`,
      );
    }
    const known = findAccountBySubject(db, subject);
    if (known !== null && isSame(known, rights)) return usable(known);
    const parsed = accountNameSchema.safeParse(name);
    if (!parsed.success)
      throw new AppError('forbidden', 'The name that the company’s sign-in gives cannot be used here.');
    const account = await writer.write(({ db: tx }) => {
      const before = findAccountBySubject(tx, subject);
      if (before !== null) {
        const after = { ...before, ...rights };
        putAccount(tx, after);
        return after;
      }
      const namesake = findAccountByName(tx, parsed.data);
      if (namesake !== null && (namesake.password !== null || namesake.subject !== null)) {
        throw new AppError(
          'forbidden',
          `There is another operator "${namesake.name}" here; an administrator has to remove or rename one.`,
        );
      }
      const now = nowMs();
      const fresh = { id: newId('acc', now), name: parsed.data, password: null, createdAtMs: now, disabledAtMs: null };
      const after: StoredAccount = { ...(namesake ?? fresh), ...rights, subject };
      putAccount(tx, after);
      return after;
    });
    onChanged();
    return usable(account);
  };
}

const isSame = (account: StoredAccount, { role, mayApprove }: Rights): boolean =>
  account.role === role && account.mayApprove === mayApprove;

function usable(account: StoredAccount): StoredAccount {
  if (account.disabledAtMs === null) return account;
  throw new AppError('forbidden', `The account "${account.name}" is disabled; ask an administrator of Signalbox.`);
}
