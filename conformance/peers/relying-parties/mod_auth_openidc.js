// Debian's mod_auth_openidc: Apache in front of a page, with a configuration and a folder of its own.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { freshTab, goThrough } from './browser.js';
import { client, settings } from './settings.js';

const own = client('peer-apache');
const modules = '/usr/lib/apache2/modules';

function configuration(folder, port) {
  return `
ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
User www-data
Group www-data
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'dir', 'auth_openidc'].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}/www
<Directory ${folder}/www>
  Require all granted
</Directory>
OIDCProviderMetadataURL ${settings.issuer}/.well-known/openid-configuration
OIDCClientID ${own.id}
OIDCClientSecret ${own.secret}
OIDCRedirectURI ${own.redirectUri}
OIDCCryptoPassphrase ${randomBytes(24).toString('hex')}
OIDCScope "${settings.scope}"
OIDCPKCEMethod S256
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRefreshAccessTokenBeforeExpiry 100000 logout_on_error
OIDCSSLValidateServer Off
<Location /protected>
  AuthType openid-connect
  Require valid-user
  Header always set X-Sub "expr=%{reqenv:OIDC_CLAIM_sub}"
  Header always set X-Name "expr=%{reqenv:OIDC_CLAIM_name}"
  Header always set X-Token "expr=%{reqenv:OIDC_access_token}"
</Location>
`;
}

async function whole() {
  if (!existsSync(`${modules}/mod_auth_openidc.so`)) throw new Error('apt-get install apache2 libapache2-mod-auth-openidc');
  const base = new URL(own.redirectUri).origin;
  const folder = mkdtempSync(join(tmpdir(), 'mod-auth-openidc-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'www', 'protected'), { recursive: true });
  writeFileSync(join(folder, 'www', 'protected', 'index.html'), 'protected');
  writeFileSync(join(folder, 'www', 'signed-out.html'), 'signed out');
  writeFileSync(join(folder, 'httpd.conf'), `${configuration(folder, new URL(base).port)}\nDirectoryIndex index.html\n`);
  const server = spawn('/usr/sbin/apache2', ['-f', join(folder, 'httpd.conf'), '-DFOREGROUND'], { stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 50; tries += 1) {
      if (await fetch(`${base}/signed-out.html`).then((answer) => answer.ok, () => false)) break;
      await sleep(100);
    }
    const page = await freshTab();
    const seen = [];
    page.on('response', (answer) => { if (answer.url() === `${base}/protected/`) seen.push(answer.headers()); });
    await goThrough(page, `${base}/protected/`);
    await page.goto(`${base}/protected/`);
    await page.goto(`${base}/protected/`);
    const shown = seen.filter((headers) => headers['x-sub'] && headers['x-sub'] !== '(null)');
    if (!shown.length) throw new Error('no sub reached the page');
    if (new Set(shown.map((headers) => headers['x-token'])).size < 2) throw new Error('the access token was never renewed');
    await page.goto(`${own.redirectUri}?logout=${encodeURIComponent(own.returnUri)}`);
    const landed = page.url().startsWith(own.returnUri) ? page.url() : await goThrough(page, page.url());
    if (!landed.startsWith(own.returnUri)) throw new Error(`after the sign-out at ${landed}`);
    return `name ${shown[0]['x-name']}`;
  } finally { server.kill(); await sleep(300); rmSync(folder, { recursive: true, force: true }); }
}

export const version = () => execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'libapache2-mod-auth-openidc'], { encoding: 'utf8' });
export const tests = [['code flow, PKCE, claims, refresh, sign-out', whole]];
