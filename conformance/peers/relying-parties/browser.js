// The person: Debian's Chromium, filling in the provider's real pages.

import { chromium } from 'playwright-core';
import { settings } from './settings.js';

let started;

/** A fresh browser profile with one tab. */
export async function freshTab() {
  started ??= await chromium.launch({ executablePath: settings.chromium, args: ['--no-sandbox'] });
  const context = await started.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

export const close = async () => { await started?.close(); };

/** Waits until a chain of redirects has ended. */
async function settle(page) {
  for (let last = ''; last !== page.url();) {
    last = page.url();
    await page.waitForLoadState().catch(() => {});
    await page.waitForTimeout(100);
  }
}

/** Goes to an address and on through the sign-in pages, until the browser has left the provider. Gives where it is then. */
export async function goThrough(page, address) {
  const home = new URL(settings.issuer).origin;
  await page.goto(address);
  for (let step = 0; step < 8 && new URL(page.url()).origin === home; step += 1) {
    const field = async (name, value) => {
      const input = page.locator(`input[name="${name}"]:visible`).first();
      if (!(await input.count())) return false;
      await input.fill(value);
      return true;
    };
    const typed = (await field('username', settings.username)) | (await field('password', settings.password));
    const before = page.url();
    if (typed) await page.keyboard.press('Enter');
    else await page.getByRole('button', { name: /continue|sign out|yes/i }).first().click();
    for (let tries = 0; tries < 150 && page.url() === before; tries += 1) await page.waitForTimeout(100);
    await settle(page);
  }
  if (new URL(page.url()).origin === home) throw new Error(`still at ${page.url()}: ${(await page.innerText('body')).slice(0, 200)}`);
  return page.url();
}
