import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event } }
jobs:
  - { slug: broken, kind: command, command: ['false'] }
listeners:
  - { slug: all, source: crm, job: broken }
`;
const password = 'correct horse battery';

let box: Signalbox;
let removePlace: () => void;

test.beforeAll(async () => {
  const place = makePlace();
  removePlace = place.remove;
  box = await startSignalbox({ dataDir: place.dataDir, config });
});

test.afterAll(async () => {
  await box.end();
  removePlace();
});

/** A browser of a person who has just been given an account. */
async function join(browser: Browser, name: string, role: 'viewer' | 'admin'): Promise<Page> {
  const { link } = await box.call('operators.add', { name, role });
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await page.goto(link.url ?? '');
  await expect(page.getByRole('heading', { name: `Welcome, ${name}` })).toBeVisible();
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(page.getByRole('button', { name: `Signed in as ${name}` })).toBeVisible();
  return page;
}

const open = (page: Page, path: string): Promise<unknown> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, `#${path}`);

// The dark pages are the same but for their colours.
const schemes = [
  { colorScheme: 'light', rules: null },
  { colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] },
] as const;

async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const { colorScheme, rules } of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect
      .poll(
        async () => {
          // Of what is in order nothing is read: describing it takes longer than finding what is not.
          const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
          const { violations } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
        },
        { message: `${name}, ${colorScheme}` },
      )
      .toEqual([]);
  }
}

test('two people with different roles work on one server', async ({ browser }) => {
  const ada = await join(browser, 'Ada', 'admin');
  const bob = await join(browser, 'Bob', 'viewer');
  await box.accept('crm', { event: 'order.created' });

  await open(bob, '/inbox');
  const acknowledge = (page: Page) =>
    page.getByRole('article', { name: 'Run of broken' }).getByRole('button', { name: 'Acknowledge A', exact: true });
  await bob
    .getByRole('option', { name: /broken/ })
    .first()
    .click();
  await expect(acknowledge(bob)).toBeDisabled();
  await expect(acknowledge(bob)).toHaveAttribute('title', 'Needs the operator role');
  await open(bob, '/operators');
  await expect(bob.getByText('Only admins can see accounts.')).toBeVisible();
  await expect(bob.getByRole('button', { name: 'Add operator' })).toBeDisabled();

  // What Ada allows counts for Bob without signing in again.
  await open(ada, '/operators');
  await ada.getByLabel('Role of Bob').first().click();
  await ada.getByRole('option', { name: 'operator' }).click();
  await open(bob, '/inbox');
  await bob
    .getByRole('option', { name: /broken/ })
    .first()
    .click();
  await expect(acknowledge(bob)).toBeEnabled();
  await acknowledge(bob).click();
  await expect(bob.getByText('Inbox zero')).toBeVisible();
  const { items } = await box.call('runs.list', { state: 'failed' });
  expect(items).toMatchObject([{ acknowledgedBy: 'Bob' }]);

  await expectAccessible(ada, 'operators');
  await open(ada, '/audit');
  await expect(ada.getByRole('row', { name: /Bob.*runs\.acknowledge/ })).toBeVisible();
  await ada.getByLabel('Filter by name, call or target').fill('operators.update');
  const row = ada.getByRole('row', { name: /Ada.*operators\.update.*Bob/ });
  await row.getByRole('button', { name: /^Details/ }).click();
  await expect(ada.getByRole('region', { name: 'After' })).toContainText('"role": "operator"');
  await expectAccessible(ada, 'audit log');

  await open(ada, '/account');
  await ada.getByLabel('Token name').fill('nightly');
  await ada.getByRole('button', { name: 'Create token' }).click();
  await expect(ada.getByText(/sbx_/)).toBeVisible();
  await expectAccessible(ada, 'account');

  await open(ada, '/settings');
  const signIn = (page: Page) => page.getByRole('region', { name: 'Sign-in' });
  await signIn(ada).getByRole('button', { name: 'Set up' }).click();
  const openId = signIn(ada).getByRole('region', { name: 'OpenID Connect' });
  await openId.getByLabel('Issuer').fill('not an address');
  await openId.getByLabel('Client ID').fill('signalbox');
  await openId.getByRole('button', { name: 'Save' }).click();
  await expect(openId.getByRole('alert')).toContainText('URL');
  await openId.getByLabel('Issuer').fill('https://login.example.com/realms/staff');
  await openId.getByRole('button', { name: 'Save' }).click();
  const groups = signIn(ada).getByRole('region', { name: 'Roles of groups' });
  await groups.getByRole('button', { name: 'Add group' }).click();
  await groups.getByLabel('Group 1', { exact: true }).fill('on-call');
  await groups.getByRole('button', { name: 'Save' }).click();
  const access = async () => (await box.call('settings.get', {})).access;
  await expect.poll(access).toMatchObject({
    openId: { issuer: 'https://login.example.com/realms/staff', clientId: 'signalbox', clientSecret: null },
    groupRoles: [{ group: 'on-call', role: 'viewer' }],
  });
  // Saved is told before its toast is drawn, and the toast of the provider offers an undo of its own.
  const groupsToast = ada.getByRole('alert').filter({ hasText: 'The mapping of groups was changed' });
  await groupsToast.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(access).toMatchObject({ groupRoles: [] });
  await expectAccessible(ada, 'settings');
  await open(bob, '/settings');
  await expect(signIn(bob).getByLabel('Console token')).toBeDisabled();

  await bob.getByRole('button', { name: 'Signed in as Bob' }).click();
  await bob.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(bob.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
  await expectAccessible(bob, 'sign-in');
  await bob.getByRole('textbox', { name: 'Name' }).fill('Bob');
  await bob.getByLabel('Password', { exact: true }).fill('not the password');
  await bob.keyboard.press('Enter');
  await expect(bob.getByText('Name or password is wrong.')).toBeVisible();
  await bob.getByLabel('Password', { exact: true }).fill(password);
  await bob.keyboard.press('Enter');
  await expect(bob.getByRole('button', { name: 'Signed in as Bob' })).toBeVisible();
});

test('a person joins with a passkey and signs in with it', async ({ browser }) => {
  const { link } = await box.call('operators.add', { name: 'Cleo', role: 'operator' });
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(link.url ?? '');
  await expect(page.getByText('Passkeys need a host name')).toBeVisible();
  await expect(page.getByLabel('New password')).toBeVisible();
  await page.goto((link.url ?? '').replace('127.0.0.1', 'localhost'));
  await page.getByRole('button', { name: 'Create a passkey' }).click();
  await expect(page.getByRole('button', { name: 'Signed in as Cleo' })).toBeVisible();

  await open(page, '/account');
  const passkeys = page.getByRole('table', { name: 'Passkeys' });
  await expect(passkeys.getByRole('row', { name: /localhost/ })).toHaveCount(1);
  await passkeys.getByRole('button', { name: /^Rename/ }).click();
  await passkeys.getByRole('textbox').fill('Desk');
  await page.keyboard.press('Enter');
  await passkeys.getByRole('button', { name: 'Remove the passkey Desk' }).click();
  await expect(page.getByText('This is your only way to sign in.')).toBeVisible();

  await page.getByRole('button', { name: 'Signed in as Cleo' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('button', { name: 'Signed in as Cleo' })).toBeVisible();
  expect((await box.call('audit.list', { call: 'session.join', query: 'Cleo' })).items).toMatchObject([
    { after: { signIn: 'passkey' } },
  ]);
});
