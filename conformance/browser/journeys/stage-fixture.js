// What every journey starts with: its stage, and a page that is watched. At the end of each journey the page must have broken
// no content security policy, logged no error and asked no host outside the stage for anything.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { test as base, expect } from '@playwright/test';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const test = base.extend({
  stage: [
    async ({}, use, info) => {
      await use(JSON.parse(process.env[`HOMEROOM_STAGE_${info.project.metadata.stage}`]));
    },
    { scope: 'test' },
  ],

  /** Journeys that mean to break a rule set this to the words of the complaints they expect. */
  complaintsExpected: [/^$/, { option: true }],

  context: async ({ context, stage, complaintsExpected }, use) => {
    const complaints = [];
    const origins = new Set([stage.portal, stage.library, stage.gradebook]);
    watch(context, origins, complaints);
    await use(context);
    expect(complaints.filter((text) => !complaintsExpected.test(text))).toEqual([]);
  },
});

export { expect };

/** Collects what a browser complains about, in all pages of a context. */
export function watch(context, origins, complaints) {
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
  });
  context.on('console', (message) => {
    // Chromium logs a document answered with 4xx; such pages are meant.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(`console: ${message.text()}`);
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(`policy: ${message.text()}`);
  });
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.has(origin)) complaints.push(`request to ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} from ${new URL(response.url()).pathname}`);
  });
}

/** Runs axe over the page in light and dark; there must be nothing to report. */
export async function accessible(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const session = await page.context().newCDPSession(page);
    // Through the protocol, not a script element: the page's policy stays in force.
    await session.send('Runtime.evaluate', { expression: axeSource });
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then(({ violations }) => JSON.stringify(violations.map(({ id, help, nodes }) =>
          ({ id, help, at: nodes.slice(0, 5).map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')) }))))`,
      awaitPromise: true,
      returnByValue: true,
    });
    await session.detach();
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    expect(JSON.parse(result.value), `axe on ${name}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
