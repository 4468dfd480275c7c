// Every page in every language: axe finds nothing in light and dark, nothing is wider than the window, targets are large
// enough; pictures go to shots/.
import { mkdirSync } from 'node:fs';

import { accessible, expect, test } from './stage-fixture.js';
import { LANGUAGES, claimName, claimPassword, claimQuestions, next, openPortal, signIn } from './steps.js';

const SIZES = { chromebook: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
const shots = new URL('../shots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

/** Looks at the page as it stands. */
async function look(page, language, name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} in ${language} is too wide for the ${size}`).toBeLessThanOrEqual(0);
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${shots}${name}-${language}-${size}-${scheme}.png`, fullPage: size === 'phone' });
    }
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(narrow, `${name} in ${language} reflows at 320 px`).toBeLessThanOrEqual(0);
  await page.setViewportSize(SIZES.chromebook);
  const small = await page.evaluate(() => [...document.querySelectorAll('main button, main select, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), main a.button, nav.doors a')]
    .filter((element) => element.checkVisibility() && !element.matches('.off, .skip'))
    .map((element) => [element.getBoundingClientRect(), element])
    .filter(([box]) => box.width > 0 && (box.height < 43.5 || box.width < 24))
    .map(([box, element]) => `${element.outerHTML.slice(0, 80)} is ${Math.round(box.width)}x${Math.round(box.height)}`));
  expect(small, `targets of ${name}`).toEqual([]);
  await accessible(page, `${name} (${language})`);
}

for (const [index, language] of LANGUAGES.entries()) {
  test(`pages of a claim (${language})`, async ({ page, stage }) => {
    test.setTimeout(180_000);
    const person = stage.people.claimants[7 + index];
    await openPortal(page, stage, language);
    await look(page, language, 'landing');
    await next(page).evaluate((button) => (button.form.noValidate = true));
    await next(page).click();
    await look(page, language, 'landing-wrong');

    await page.goto(`${stage.portal}/claim`);
    await look(page, language, 'claim-name');
    await claimName(page, { ...person, lastName: 'Nobody' });
    await expect(page.locator('[role="alert"]')).toBeVisible();
    await look(page, language, 'claim-name-refused');
    await page.goto(`${stage.portal}/claim`);
    await claimName(page, person);
    await look(page, language, 'claim-password');
    await claimPassword(page, 'password');
    await expect(page.locator('[role="alert"]')).toBeVisible();
    await look(page, language, 'claim-password-refused');
    await claimPassword(page, 'six-tall-silos-12');
    await look(page, language, 'claim-questions');
    await next(page).click();
    await expect(page.locator('[role="alert"]')).toBeVisible();
    await look(page, language, 'claim-questions-wrong');
    await claimQuestions(page);
    await look(page, language, 'claim-done');
  });

  test(`pages of a signed-in person (${language})`, async ({ page, stage }) => {
    test.setTimeout(180_000);
    const person = stage.people.activated[8 + index];
    await openPortal(page, stage, language);
    await page.locator('#username').fill(person.username);
    await next(page).click();
    await look(page, language, 'password');
    await page.locator('#password').fill('not the password');
    await next(page).click();
    await expect(page.locator('[role="alert"]')).toBeVisible();
    await look(page, language, 'password-wrong');
    await page.locator('#password').fill('quiet-harbor-lantern-42');
    await next(page).click();
    await expect(page.locator('.tiles').first()).toBeVisible();
    await look(page, language, 'launchpad');
    const menu = page.locator('details.menu').first();
    await menu.locator('summary').click();
    await look(page, language, 'launchpad-menu');
    await menu.locator('button[value="star"]').click();
    await look(page, language, 'launchpad-favorite');
    await page.locator('#q').fill('zzzz');
    await page.locator('#q').press('Enter');
    await look(page, language, 'launchpad-nothing-found');
    await page.goto(`${stage.portal}/`);
    await page.goto(`${stage.portal}${await page.locator('a[href^="/apps/"]').first().getAttribute('href')}`);
    await look(page, language, 'app-data');
    await page.goto(`${stage.portal}/help`);
    await look(page, language, 'help');
    await page.goto(`${stage.portal}/no-such-page`);
    await look(page, language, 'not-found');
    await page.goto(`${stage.portal}/authorize?client_id=nobody`);
    await look(page, language, 'authorize-refused');
    await page.goto(`${stage.portal}/end_session`);
    await look(page, language, 'end-session');
    await next(page).click();
    await look(page, language, 'signed-out');
  });
}

test('pages of the vendor apps', async ({ page, stage }) => {
  const person = stage.people.activated[11];
  for (const app of ['library', 'gradebook']) {
    await page.goto(`${stage[app]}/`);
    await look(page, 'en', `${app}-front`);
    await page.goto(`${stage[app]}/login/start`);
    if (app === 'library') await signIn(page, person.username);
    await expect(page.locator('#who')).toBeVisible();
    await look(page, 'en', `${app}-home`);
    await page.goto(`${stage[app]}/about-you`);
    await look(page, 'en', `${app}-about`);
    await page.goto(`${stage[app]}/callback?state=unknown`);
    if (app === 'library') await look(page, 'en', `${app}-notice`);
  }
});
