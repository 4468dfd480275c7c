// npm oidc-client-ts: a page without a server of its own, in Chromium; a public client with PKCE.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { freshTab, goThrough } from './browser.js';
import { client, settings } from './settings.js';

const own = client('peer-browser');
const library = readFileSync(new URL('./node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url));

async function whole() {
  const base = new URL(own.redirectUri).origin;
  const server = createServer((request, response) => {
    const isScript = request.url.endsWith('.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? library : '<!doctype html><title>app</title><script src="/library.js"></script><p>app');
  });
  await new Promise((done) => server.listen(new URL(base).port, '127.0.0.1', done));
  const options = { authority: settings.issuer, client_id: own.id, redirect_uri: own.redirectUri, post_logout_redirect_uri: own.returnUri,
    response_type: 'code', scope: settings.scope, loadUserInfo: true, automaticSilentRenew: false };
  try {
    const page = await freshTab();
    await page.goto(`${base}/`);
    const address = await page.evaluate(async (options) => {
      const manager = new oidc.UserManager({ ...options, userStore: new oidc.WebStorageStateStore({ store: localStorage }) });
      const request = await manager._client.createSigninRequest({ request_type: 'si:r' });
      return request.url;
    }, options);
    await goThrough(page, address);
    const result = await page.evaluate(async (options) => {
      const manager = new oidc.UserManager({ ...options, userStore: new oidc.WebStorageStateStore({ store: localStorage }) });
      const user = await manager.signinRedirectCallback();
      const renewed = user.refresh_token ? await manager.signinSilent() : null;
      const out = await manager._client.createSignoutRequest({ id_token_hint: user.id_token, request_type: 'so:r' });
      return { name: user.profile.name, sub: user.profile.sub, renewed: renewed && renewed.access_token !== user.access_token, out: out.url };
    }, options);
    if (!result.sub) throw new Error('no sub');
    if (!result.renewed) throw new Error(`no new access token by refresh (${result.renewed})`);
    const landed = await goThrough(page, result.out);
    if (!landed.startsWith(own.returnUri)) throw new Error(`after the sign-out at ${landed}`);
    return `name ${result.name ?? '-'}`;
  } finally { server.closeAllConnections(); server.close(); }
}

export const tests = [['code flow in Chromium, PKCE, userinfo, refresh, sign-out', whole]];
