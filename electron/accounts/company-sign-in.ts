import type { GroupRole } from '../../shared/contract/access/access-settings.ts';
import { hasRole, type Role } from '../../shared/contract/access/roles.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { accountNameSchema } from '../../shared/contract/operators.ts';
import { deleteLinks } from '../store/accounts/account-links.ts';
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

/** `before`: null for an account that was made now; absent where nothing has changed. */
export interface SignedIn {
  account: StoredAccount;
  changed?: { before: Rights | null };
}

export type CompanySignIn = (person: CompanyPerson, rules: readonly GroupRole[]) => Promise<SignedIn>;

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
    if (known !== null && isSame(known, rights)) return { account: usable(known) };
    const parsed = accountNameSchema.safeParse(name);
    if (!parsed.success)
      throw new AppError('forbidden', 'The name that the company’s sign-in gives cannot be used here.');
    const signedIn = await writer.write(({ db: tx }): SignedIn => {
      const before = findAccountBySubject(tx, subject);
      if (before !== null) {
        const account = { ...before, ...rights };
        putAccount(tx, account);
        return { account, changed: { before: rightsIn(before) } };
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
      const account: StoredAccount = { ...(namesake ?? fresh), ...rights, subject };
      putAccount(tx, account);
      // Whoever has the link of the one made by hand must not set a password for this one.
      deleteLinks(tx, account.id);
      return { account, changed: { before: namesake === null ? null : rightsIn(namesake) } };
    });
    onChanged();
    usable(signedIn.account);
    return signedIn;
  };
}

const rightsIn = ({ role, mayApprove }: StoredAccount): Rights => ({ role, mayApprove });

const isSame = (account: StoredAccount, { role, mayApprove }: Rights): boolean =>
  account.role === role && account.mayApprove === mayApprove;

function usable(account: StoredAccount): StoredAccount {
  if (account.disabledAtMs === null) return account;
  throw new AppError('forbidden', `The account "${account.name}" is disabled; ask an administrator of Signalbox.`);
}
