import type { GroupRole } from '../../shared/contract/access/access-settings.ts';
import { hasRole, type Role } from '../../shared/contract/access/roles.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { accountNameSchema } from '../../shared/contract/operators.ts';
import { deleteLinks } from '../store/accounts/account-links.ts';
import { findAccountByName, findAccountBySubject, putAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import { hasPasskey } from '../store/accounts/passkeys.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb, WritableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';

/** A person who has signed in with OpenID Connect or through a reverse proxy. */
export interface CompanyPerson {
  /** Identifies the person permanently, such as `<issuer> <sub>`. */
  subject: string;
  name: string;
  groups: readonly string[];
}

interface Rights {
  role: Role;
  mayApprove: boolean;
}

/** The highest role of all matching rules, and whether any of them may approve; null: none matches. */
export function rightsOf(groups: readonly string[], rules: readonly GroupRole[]): Rights | null {
  const fitting = rules.filter(({ group }) => group === '*' || groups.includes(group));
  const [first] = fitting;
  if (first === undefined) return null;
  const role = fitting.reduce((best, rule) => (hasRole(rule.role, best) ? rule.role : best), first.role);
  return { role, mayApprove: role !== 'viewer' && fitting.some((rule) => rule.mayApprove === true) };
}

/** `onChanged` is called within the transaction that creates the account or changes its rights. */
export type CompanySignIn = (
  person: CompanyPerson,
  rules: readonly GroupRole[],
  onChanged: (db: WritableDb, account: StoredAccount, before: Rights | null) => void,
) => Promise<StoredAccount>;

export interface CompanySignInDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

/**
 * Finds or creates the person's account and sets the rights of their groups. An invited account of the same name that has
 * no password or passkey yet becomes theirs. Throws `forbidden`.
 */
export function createCompanySignIn({ db, writer, onChanged, nowMs }: CompanySignInDeps): CompanySignIn {
  return async ({ subject, name, groups }, rules, onRightsChanged) => {
    const rights = rightsOf(groups, rules);
    if (rights === null) {
      throw new AppError(
        'forbidden',
        `"${name}" is in no group with a role here. Contact an administrator of Signalbox.`,
      );
    }
    const known = findAccountBySubject(db, subject);
    if (known !== null && isSame(known, rights)) return usable(known);
    const parsed = accountNameSchema.safeParse(name);
    if (!parsed.success) throw new AppError('forbidden', 'The name from the company account cannot be used here.');
    const account = await writer.write(({ db: tx }): StoredAccount => {
      const before = findAccountBySubject(tx, subject);
      if (before !== null) {
        const account = { ...before, ...rights };
        putAccount(tx, account);
        onRightsChanged(tx, account, rightsIn(before));
        return account;
      }
      const namesake = findAccountByName(tx, parsed.data);
      if (namesake !== null && (hasCredential(tx, namesake) || namesake.subject !== null)) {
        throw new AppError(
          'forbidden',
          `Another operator is named "${namesake.name}". An administrator must remove that one first.`,
        );
      }
      const now = nowMs();
      const fresh = { id: newId('acc', now), name: parsed.data, password: null, createdAtMs: now, disabledAtMs: null };
      const account: StoredAccount = { ...(namesake ?? fresh), ...rights, subject };
      putAccount(tx, account);
      // A link from before must not set a password.
      deleteLinks(tx, account.id);
      onRightsChanged(tx, account, namesake === null ? null : rightsIn(namesake));
      return account;
    });
    onChanged();
    return usable(account);
  };
}

const rightsIn = ({ role, mayApprove }: StoredAccount): Rights => ({ role, mayApprove });

const hasCredential = (db: ReadableDb, { id, password }: StoredAccount): boolean =>
  password !== null || hasPasskey(db, id);

const isSame = (account: StoredAccount, { role, mayApprove }: Rights): boolean =>
  account.role === role && account.mayApprove === mayApprove;

function usable(account: StoredAccount): StoredAccount {
  if (account.disabledAtMs === null) return account;
  throw new AppError('forbidden', `The account "${account.name}" is disabled. Contact an administrator of Signalbox.`);
}
