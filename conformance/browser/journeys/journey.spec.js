// The main story: claim, sign in once, open two vendor apps, sign out. In every language.
import { expect, test } from './stage-fixture.js';
import { LANGUAGES, claim, openPortal, signIn, tile } from './steps.js';

const PASSWORD = 'two-blue-kites-99';

for (const [index, language] of LANGUAGES.entries()) {
  test(`claim, sign in once, two apps, sign out (${language})`, async ({ page, stage }) => {
    const person = stage.people.claimants[index];
    await openPortal(page, stage, language);
    const username = await claim(page, person, PASSWORD);
    expect(username).toBe(person.username);

    await page.locator('main a.primary').click();
    await signIn(page, username, PASSWORD);
    await expect(page).toHaveURL(`${stage.portal}/`);
    await expect(page.locator('html')).toHaveAttribute('lang', language);

    await test.step('the first app knows who came', async () => {
      await tile(page, 'library').click();
      await expect(page).toHaveURL(new RegExp(`^${stage.library}/`));
      await expect(page.locator('#who')).toHaveText(person.fullName);
    });

    await test.step('the second app asks for nothing', async () => {
      await page.goto(`${stage.portal}/`);
      const visited = [];
      page.on('framenavigated', (frame) => frame === page.mainFrame() && visited.push(new URL(frame.url()).pathname));
      await tile(page, 'gradebook').click();
      await expect(page).toHaveURL(new RegExp(`^${stage.gradebook}/`));
      await expect(page.locator('#who')).toHaveText(person.fullName);
      expect(visited.filter((path) => /sign-in|claim|questions/.test(path))).toEqual([]);
    });

    await test.step('claims arrived, and only those agreed on', async () => {
      const subjects = [];
      for (const app of ['library', 'gradebook']) {
        await page.goto(`${stage[app]}/about-you`);
        const row = (name) => page.locator(`tr[data-claim="${name}"]`);
        await expect(row('given_name').locator('td').nth(1)).toHaveText(person.firstName);
        await expect(row('iss').locator('td').first()).toHaveText(stage.portal);
        subjects.push(await row('sub').locator('td').first().innerText());
        await page.locator('#renew').click();
        await expect(page.locator('#renewals')).toHaveText('1');
        await expect(row('sub').locator('td').first()).toHaveText(subjects.at(-1));
      }
      expect(subjects[0], 'two vendors cannot join their data on a child').not.toBe(subjects[1]);
    });

    await test.step('the portal is still signed in, seen from an app without a page', async () => {
      await page.goto(`${stage.library}/login/check`);
      await expect(page).toHaveURL(`${stage.library}/about-you`);
    });

    await test.step('signing out at one app ends the session at the portal', async () => {
      await page.locator('#sign-out').click();
      const confirm = page.locator('button[name="confirm"]');
      if (await confirm.count()) await confirm.click();
      await expect(page).toHaveURL(new RegExp(`^${stage.library}/signed-out`));
      await page.goto(`${stage.library}/login/check`);
      await expect(page.locator('#error')).toHaveText('login_required');
      await page.goto(`${stage.portal}/`);
      await expect(page.locator('#username')).toBeVisible();
      await expect(page.locator('body')).not.toContainText(person.firstName);
    });
  });
}

test('an app opened first leads through sign-in and back', async ({ page, stage }) => {
  const person = stage.people.activated[0];
  await page.goto(`${stage.library}/about-you`);
  await signIn(page, person.username);
  await expect(page).toHaveURL(`${stage.library}/about-you`);
  await expect(page.locator('#who')).toHaveText(person.fullName);
});

test('an app opened first leads through a claim and sign-in and back', async ({ page, stage }) => {
  const person = stage.people.claimants[3];
  await page.goto(`${stage.gradebook}/`);
  await page.locator('#sign-in').click();
  const username = await claim(page, person, PASSWORD);
  await page.locator('main a.primary').click();
  await signIn(page, username, PASSWORD);
  await expect(page).toHaveURL(`${stage.gradebook}/`);
  await expect(page.locator('#who')).toHaveText(person.fullName);
});
