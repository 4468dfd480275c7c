// The same with the keyboard alone, always seeing where one is.
import { expect, test } from './stage-fixture.js';
import { ACTIVATED_PASSWORD } from '../stage/stage.js';

/** Tabs on until the focused element fits; on the way every stop must be visible and wear a ring. */
async function tabTo(page, selector, most = 40) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return {
        fits: element.matches(wanted),
        what: `${element.tagName} ${element.id || element.textContent.trim().slice(0, 30)}`,
        body: element === document.body,
        ring: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      };
    }, selector);
    if (!focus.body) {
      expect(focus.seen, `${focus.what} is on the screen when focused`).toBe(true);
      expect(focus.ring, `${focus.what} shows that it is focused`).toBe(true);
    }
    if (focus.fits) return;
  }
  throw new Error(`${selector} is not reached by Tab`);
}

test('sign in, search, favorite and open an app by keyboard', async ({ page, stage }) => {
  const person = stage.people.activated[7];
  await page.goto(`${stage.portal}/`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement.className), 'the first stop skips to the content').toBe('skip');
  await page.keyboard.press('Enter');
  await tabTo(page, '#username');
  await page.keyboard.type(person.username);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/sign-in\/password/);
  await tabTo(page, '#password');
  await page.keyboard.type(ACTIVATED_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.locator('.tiles').first()).toBeVisible();

  await page.keyboard.press('/');
  await expect(page.locator('#q')).toBeFocused();
  await page.keyboard.press('Escape');
  await tabTo(page, 'details.menu summary');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button[value="star"]');
  await page.keyboard.press('Enter');
  await expect(page.locator('.tile-star').first()).toBeVisible();

  await page.goto(`${stage.portal}/`);
  await tabTo(page, 'a.tile-open[href$="/library"]', 60);
  await page.keyboard.press('Enter');
  await expect(page.locator('#who')).toHaveText(person.fullName);
});
