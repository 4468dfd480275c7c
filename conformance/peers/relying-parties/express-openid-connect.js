// npm express-openid-connect: an Express application that wants a sign-in for its pages.

import express from 'express';
import { randomBytes } from 'node:crypto';
import connect from 'express-openid-connect';
import { freshTab, goThrough } from './browser.js';
import { client, settings } from './settings.js';

const own = client('peer-express');

async function whole() {
  const app = express();
  const base = new URL(own.redirectUri).origin;
  app.use(connect.auth({
    issuerBaseURL: settings.issuer, baseURL: base, clientID: own.id, clientSecret: own.secret, secret: randomBytes(32).toString('hex'),
    clientAuthMethod: 'client_secret_basic', idpLogout: true, routes: { postLogoutRedirect: own.returnUri, login: '/login' },
    authRequired: false, authorizationParams: { response_type: 'code', scope: settings.scope },
  }));
  app.get('/', (_request, response) => response.send('front'));
  app.get('/signed-out', (_request, response) => response.send('signed out'));
  app.get('/me', connect.requiresAuth(), async (request, response) => {
    const before = request.oidc.accessToken.access_token;
    await request.oidc.accessToken.refresh();
    response.json({ claims: request.oidc.idTokenClaims, info: await request.oidc.fetchUserInfo(),
      renewed: request.oidc.accessToken.access_token !== before });
  });
  const server = await new Promise((done) => { const it = app.listen(new URL(base).port, '127.0.0.1', () => done(it)); });
  try {
    const page = await freshTab();
    await goThrough(page, `${base}/login`);
    await page.goto(`${base}/me`);
    const me = JSON.parse(await page.innerText('body'));
    if (!me.claims.sub || me.info.sub !== me.claims.sub) throw new Error('sub differs');
    if (!me.renewed) throw new Error('the refresh gave the old token');
    await page.goto(`${base}/logout`);
    const landed = page.url().startsWith(own.returnUri) ? page.url() : await goThrough(page, page.url());
    if (!landed.startsWith(own.returnUri)) throw new Error(`after the sign-out at ${landed}`);
    return `name ${me.info.name ?? '-'}`;
  } finally { server.closeAllConnections(); server.close(); }
}

export const tests = [['code flow, userinfo, refresh, sign-out', whole]];
