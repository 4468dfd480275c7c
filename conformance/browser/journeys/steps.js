// Steps that journeys are made of, found by the names of fields and by links, never by words: they work in every language.
import { expect } from '@playwright/test';

import { ACTIVATED_PASSWORD } from '../stage/stage.js';

export const LANGUAGES = ['en', 'es', 'vi'];

/** The button that goes on. */
export const next = (page) => page.locator('main form button.primary');

/** Opens the portal in a language. */
export async function openPortal(page, stage, language = 'en') {
  await page.goto(`${stage.portal}/`);
  if ((await page.locator('html').getAttribute('lang')) !== language) {
    await page.locator(`form.languages button[value="${language}"]`).click();
  }
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** Step 1 of a claim. */
export async function claimName(page, person) {
  await page.locator('#last_name').fill(person.lastName);
  await page.locator('#first_name').fill(person.firstName);
  await page.locator('#number').fill(person.number);
  const population = page.locator(`input[name="population"][value="${person.population}"]`);
  if (await population.count()) await population.check();
  await next(page).click();
}

/** Step 2. */
export async function claimPassword(page, password) {
  await page.locator('#password').fill(password);
  await page.locator('#verify').fill(password);
  await next(page).click();
}

/** Step 3: answers the first three questions, each by its kind. */
export async function claimQuestions(page) {
  const questions = page.locator('.question');
  for (let index = 0; index < 3; index += 1) {
    const question = questions.nth(index);
    const choice = question.locator('select');
    if (await choice.count()) {
      await choice.selectOption({ index: index + 1 });
    } else if ((await question.locator('input').getAttribute('maxlength')) === '4') {
      await question.locator('input').fill('2014');
    } else {
      await question.locator('input').fill(['Marigold', 'Old Mill Road', 'Pickle'][index]);
    }
  }
  await next(page).click();
}

/** A whole claim from the landing page; returns the username that the portal showed. */
export async function claim(page, person, password) {
  await page.locator('nav.doors a[href^="/claim"]').click();
  await claimName(page, person);
  await expect(page).toHaveURL(/\/claim\/password/);
  await claimPassword(page, password);
  await expect(page).toHaveURL(/\/claim\/questions/);
  const username = (await page.locator('#username').innerText()).trim();
  await claimQuestions(page);
  await expect(page).toHaveURL(/\/claim\/done/);
  return username;
}

/** Signs in from a page that shows the username field. */
export async function signIn(page, username, password = ACTIVATED_PASSWORD) {
  await page.locator('#username').fill(username);
  await next(page).click();
  await expect(page).toHaveURL(/\/sign-in\/password/);
  await page.locator('#password').fill(password);
  await next(page).click();
}

/** Signs in at the portal and waits for the launchpad. */
export async function signInAtPortal(page, stage, username, password = ACTIVATED_PASSWORD) {
  await page.goto(`${stage.portal}/`);
  await signIn(page, username, password);
  await expect(page.locator('.tiles').first()).toBeVisible();
}

/** The tile of an app, by the address that it opens. */
export const tile = (page, app) => page.locator(`a.tile-open[href$="/${app}"]`).first();
