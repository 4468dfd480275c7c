// From a form on our page to another origin: browsers hold `form-action` against every redirect after a post.
import { expect, test } from './stage-fixture.js';
import { ACTIVATED_PASSWORD } from '../stage/stage.js';
import { next, signIn } from './steps.js';

/** The authorization request that an app would make now, with its own state kept by the app. */
async function authorizationRequest(page, app) {
  const answer = await page.request.get(`${app}/login/start`, { maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  return new URL(answer.headers().location);
}

/** Sends the request as a form that the app's page posts (OIDC Core §3.1.2.1). */
async function postAuthorize(page, app, address) {
  await page.goto(`${app}/`);
  await page.evaluate(([action, fields]) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    for (const [name, value] of fields) {
      const input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, [address.origin + address.pathname, [...address.searchParams]]);
}

for (const app of ['library', 'gradebook']) {
  for (const method of ['GET', 'POST']) {
    test(`sign-in page to ${app}, request by ${method}, five times`, async ({ browser, page, stage }) => {
      const person = stage.people.activated[1];
      for (let round = 0; round < 5; round += 1) {
        await page.context().clearCookies();
        const address = await authorizationRequest(page, stage[app]);
        if (method === 'GET') await page.goto(address.href);
        else await postAuthorize(page, stage[app], address);
        await expect(page.locator('#username')).toBeVisible();
        await signIn(page, person.username);
        await expect(page).toHaveURL(`${stage[app]}/`);
        await expect(page.locator('#who')).toHaveText(person.fullName);
      }
    });
  }
}

test.describe('with form-action narrowed to the portal itself', () => {
  test.use({ complaintsExpected: /form-action|form action|Sending form data/i });

  test('the browser stops on the way to the app', async ({ page, stage }) => {
    await page.route(`${stage.portal}/sign-in/password*`, async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const answer = await route.fetch();
      const headers = answer.headers();
      headers['content-security-policy'] = headers['content-security-policy'].replace(/form-action [^;]*/, "form-action 'self'");
      return route.fulfill({ response: answer, headers });
    });
    await page.goto(`${stage.library}/login/start`);
    await page.locator('#username').fill(stage.people.activated[1].username);
    await next(page).click();
    await expect(page).toHaveURL(/\/sign-in\/password/);
    // A page that a redirect led to is not intercepted; the same page asked for anew is.
    await page.reload();
    await page.locator('#password').fill(ACTIVATED_PASSWORD);
    await next(page).click();
    await page.waitForTimeout(3000);
    expect(new URL(page.url()).origin, 'so the journeys above prove the wider policy').toBe(stage.portal);
  });
});
