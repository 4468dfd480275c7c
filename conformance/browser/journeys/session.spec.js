// What a browser keeps and shows: cookies, the way back after signing out, steps out of order, two tabs.
import { expect, test } from './stage-fixture.js';
import { claim, claimName, next, openPortal, signIn, signInAtPortal } from './steps.js';

/** The portal's cookies, by name. */
async function cookies(context, stage) {
  return Object.fromEntries((await context.cookies(stage.portal)).map((cookie) => [cookie.name, cookie]));
}

test('cookies are set and removed as promised', async ({ context, page, stage }) => {
  const person = stage.people.activated[2];
  await signInAtPortal(page, stage, person.username);
  const kept = await cookies(context, stage);
  for (const name of ['__Host-s', '__Host-d']) {
    expect(kept[name], name).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
  }
  expect(kept['__Host-s'].expires, 'ends with the browser').toBe(-1);
  const days = (kept['__Host-d'].expires - Date.now() / 1000) / 86_400;
  expect(days).toBeGreaterThan(179);
  expect(days).toBeLessThan(181);

  const session = kept['__Host-s'].value;
  await page.locator('form[action="/sign-out"] button').click();
  await expect(page.locator('#username').or(page.locator('main a[href="/"]'))).toBeVisible();
  const after = await cookies(context, stage);
  expect(after['__Host-s']?.value ?? '').not.toBe(session);
  expect(after['__Host-d'].value, 'the device stays known').toBe(kept['__Host-d'].value);

  await context.addCookies([{ ...kept['__Host-s'] }]);
  await page.goto(`${stage.portal}/`);
  await expect(page.locator('#username'), 'the old cookie opens nothing').toBeVisible();
});

test('after signing out the way back shows nobody', async ({ page, stage }) => {
  const person = stage.people.activated[3];
  await signInAtPortal(page, stage, person.username);
  const data = page.locator('a[href^="/apps/"]').first();
  const path = await data.getAttribute('href');
  await page.goto(`${stage.portal}${path}`);
  await page.goto(`${stage.portal}/`);
  await page.locator('form[action="/sign-out"] button').click();
  await expect(page.locator('form[action="/sign-out"]')).toHaveCount(0);
  for (let back = 0; back < 5; back += 1) {
    await page.goBack();
    await page.waitForLoadState();
    if (page.url().startsWith(stage.portal)) {
      await expect(page.locator('body')).not.toContainText(person.lastName);
      await expect(page.locator('form[action="/sign-out"]')).toHaveCount(0);
    }
  }
  const answer = await page.request.get(`${stage.portal}${path}`, { maxRedirects: 0 });
  expect([302, 303, 401, 403]).toContain(answer.status());
});

test('steps out of order, bookmarked, reloaded or sent twice lead nowhere', async ({ browser, page, stage }) => {
  const person = stage.people.claimants[4];
  for (const path of ['/claim/password', '/claim/questions', '/claim/done', '/sign-in/password', '/questions']) {
    const answer = await page.goto(`${stage.portal}${path}`);
    expect(answer.status(), path).toBeLessThan(500);
    expect(new URL(page.url()).pathname, `${path} needs the step before it`).not.toBe(path);
  }
  await openPortal(page, stage);
  await page.locator('nav.doors a[href^="/claim"]').click();
  await claimName(page, person);
  await expect(page).toHaveURL(/\/claim\/password/);
  await page.reload();
  await expect(page.locator('#verify')).toBeVisible();

  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(page.url());
  expect(new URL(other.url()).pathname, 'a link to a step is worth nothing in another browser').not.toBe('/claim/password');
  await stranger.close();

  await page.goto(`${stage.portal}/claim/questions`);
  expect(new URL(page.url()).pathname, 'no password yet').not.toBe('/claim/questions');

  await page.goto(`${stage.portal}/claim/password`);
  await page.locator('#password').fill('four-green-doors-7');
  await page.locator('#verify').fill('four-green-doors-7');
  await next(page).dblclick();
  await expect(page).toHaveURL(/\/claim\/questions/);
  await page.goBack();
  await page.waitForLoadState();
  await page.goto(`${stage.portal}/claim/questions`);
  await expect(page.locator('#username')).toContainText(person.username);
});

test('two tabs, two people: the last one to sign in is who is there', async ({ context, page, stage }) => {
  const [first, second] = [stage.people.activated[4], stage.people.activated[5]];
  const tab = await context.newPage();
  await page.goto(`${stage.portal}/`);
  await tab.goto(`${stage.portal}/`);
  await page.locator('#username').fill(first.username);
  await next(page).click();
  await tab.locator('#username').fill(second.username);
  await next(tab).click();
  await expect(page).toHaveURL(/\/sign-in\/password/);
  await expect(tab).toHaveURL(/\/sign-in\/password/);
  await tab.locator('#password').fill('quiet-harbor-lantern-42');
  await next(tab).click();
  await expect(tab.locator('.corner-who')).toContainText(second.firstName);
  await page.goto(`${stage.portal}/`);
  await expect(page.locator('.corner-who')).toContainText(second.firstName);
});

test('a claimed account cannot be claimed again', async ({ browser, page, stage }) => {
  const person = stage.people.claimants[5];
  await openPortal(page, stage);
  await claim(page, person, 'nine-old-oaks-31');
  const context = await browser.newContext();
  const other = await context.newPage();
  await openPortal(other, stage);
  await other.locator('nav.doors a[href^="/claim"]').click();
  await claimName(other, person);
  await expect(other.locator('[role="alert"]')).toBeVisible();
  await context.close();
  await page.locator('main a.primary').click();
  await signIn(page, person.username, 'nine-old-oaks-31');
  await expect(page.locator('.corner-who')).toContainText(person.firstName);
});
