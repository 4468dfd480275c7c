// Signs in at a provider by relying parties that others wrote, and prints a table.
//
//   ISSUER=http://localhost:8080 node run.js [name]
//
// The clients `peer-…` of ../../clients.toml must exist there, and the person of settings.js.

import * as apache from './mod_auth_openidc.js';
import * as authlib from './authlib.js';
import * as express from './express-openid-connect.js';
import * as inBrowser from './oidc-client-ts.js';
import * as library from './openid-client.js';
import { close } from './browser.js';
import { version } from './settings.js';

const parties = [
  ['openid-client', () => version('openid-client'), library.tests],
  ['oidc-client-ts', () => version('oidc-client-ts'), inBrowser.tests],
  ['express-openid-connect', () => version('express-openid-connect'), express.tests],
  ['Authlib', authlib.version, authlib.tests],
  ['mod_auth_openidc', apache.version, apache.tests],
];

const counts = { PASS: 0, FAIL: 0, SKIPPED: 0 };
for (const [name, itsVersion, tests] of parties.filter(([name]) => name.includes(process.argv[2] ?? ''))) {
  for (const [what, run] of tests) {
    let word = 'PASS', said;
    try {
      const result = await run();
      if (result?.skipped) word = 'SKIPPED';
      said = result?.skipped ?? result;
    } catch (error) {
      word = 'FAIL';
      said = `${error.message}${error.cause ? ` (${error.cause.message ?? JSON.stringify(error.cause)})` : ''}`;
    }
    counts[word] += 1;
    let number = '?';
    try { number = itsVersion(); } catch { /* said by the test already */ }
    console.log(`${word.padEnd(8)}${name.padEnd(24)}${number.padEnd(22)}${what}: ${said}`);
  }
}
await close();
console.log(`\n${counts.PASS} passed, ${counts.FAIL} failed, ${counts.SKIPPED} skipped`);
process.exit(counts.FAIL ? 1 : 0);
