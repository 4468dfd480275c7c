// A page of another origin tries what it can with the browser of somebody who is signed in. Nothing must happen.
import { expect, test } from './stage-fixture.js';
import { signInAtPortal } from './steps.js';

test.use({ complaintsExpected: /CORS|ERR_FAILED|frame-ancestors|X-Frame-Options|refused|blocked|Failed to load/i });

test('forms, fetches, frames and windows of another origin have no effect', async ({ page, stage }) => {
  const person = stage.people.activated[12];
  await signInAtPortal(page, stage, person.username);
  const csrf = await page.locator('form[action="/sign-out"] input[name="csrf"]').inputValue();

  // The app's origin, but a page of our own without any policy. On one node it is even the same site: cookies do come along.
  await page.route(`${stage.library}/stranger`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>stranger</title>' }));
  await page.goto(`${stage.library}/stranger`);

  const posts = ['/sign-out', '/launchpad', '/language', '/sign-in', '/sign-in/password', '/claim', '/claim/password', '/claim/questions'];
  const outcomes = await page.evaluate(async ([portal, paths, token]) => {
    const seen = [];
    for (const path of paths) {
      const body = new URLSearchParams({ csrf: token, language: 'vi', username: 's0000000', act: 'star' });
      const answer = await fetch(portal + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch((error) => error);
      seen.push(`${path} ${answer.type ?? answer.name}`);
    }
    for (const path of ['/', '/userinfo', '/claim']) {
      const answer = await fetch(portal + path, { credentials: 'include' }).catch((error) => error.name);
      seen.push(`read ${path} ${typeof answer === 'string' ? answer : 'readable'}`);
    }
    return seen;
  }, [stage.portal, posts, csrf]);
  expect(outcomes.filter((text) => text.endsWith('readable'))).toEqual([]);

  await test.step('a form that navigates', async () => {
    await page.evaluate(([portal, token]) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = `${portal}/sign-out`;
      form.innerHTML = `<input name="csrf" value="${token}">`;
      document.body.append(form);
      form.submit();
    }, [stage.portal, csrf]);
    await page.waitForURL(`${stage.portal}/sign-out`);
    await page.goto(`${stage.library}/stranger`);
  });

  await test.step('a frame', async () => {
    await page.evaluate((portal) => {
      const frame = document.createElement('iframe');
      frame.src = `${portal}/`;
      document.body.append(frame);
    }, stage.portal);
    await page.waitForTimeout(1000);
    const framed = page.frames().filter((frame) => frame !== page.mainFrame());
    for (const frame of framed) {
      const text = await frame.evaluate(() => document.body?.innerText ?? '').catch(() => '');
      expect(text).not.toContain(person.lastName);
    }
  });

  await test.step('a window', async () => {
    const reach = await page.evaluate(async (portal) => {
      const other = window.open(`${portal}/`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return other === null || other.closed ? 'cut off' : 'reachable';
    }, stage.portal);
    expect(reach, 'the portal cuts itself off from whoever opened it').toBe('cut off');
  });

  await page.goto(`${stage.portal}/`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('.corner-who'), 'still signed in').toContainText(person.firstName);
  await expect(page.locator('.tile-star'), 'nothing was starred').toHaveCount(0);
});
