// Everything works without scripts.
import { expect, test } from './stage-fixture.js';
import { claim, openPortal, signIn, tile } from './steps.js';

// Without scripts a button is waited for until nothing moves.
test.use({ javaScriptEnabled: false, contextOptions: { reducedMotion: 'reduce' } });

test('claim, sign in and open an app without scripts', async ({ page, stage }) => {
  const person = stage.people.claimants[6];
  await openPortal(page, stage, 'es');
  const username = await claim(page, person, 'one-red-canoe-55');
  await page.locator('main a.primary').click();
  await signIn(page, username, 'one-red-canoe-55');
  await expect(page.locator('.corner-who')).toContainText(person.firstName);

  await test.step('search', async () => {
    await page.locator('input[name="q"]').fill('zzzz');
    await page.locator('form[role="search"] button').click();
    await expect(page.locator('a.tile-open')).toHaveCount(0);
    await page.goto(`${stage.portal}/`);
  });

  await test.step('favorites', async () => {
    const menu = page.locator('details.menu').first();
    await menu.locator('summary').click();
    await menu.locator('button[value="star"]').click();
    await expect(page.locator('.group-favorites, .tile-star').first()).toBeVisible();
  });

  await tile(page, 'library').click();
  await expect(page.locator('#who')).toHaveText(person.fullName);
});

test('an answer by form post needs one press without scripts', async ({ page, stage }) => {
  const person = stage.people.activated[6];
  await page.goto(`${stage.gradebook}/login/start`);
  await signIn(page, person.username);
  await page.locator('form[method="post"] button').last().click();
  await expect(page).toHaveURL(`${stage.gradebook}/`);
  await expect(page.locator('#who')).toHaveText(person.fullName);
});
