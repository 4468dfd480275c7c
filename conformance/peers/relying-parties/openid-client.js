// npm openid-client: code flow with PKCE, claims, refresh, sign-out; PAR, DPoP and JARM where the provider offers them.

import * as oidc from 'openid-client';
import { createServer } from 'node:http';
import { freshTab, goThrough } from './browser.js';
import { client, settings } from './settings.js';

const own = client('peer-openid-client');

async function withServer(run) {
  const server = createServer((_request, response) => response.end('here'));
  await new Promise((done) => server.listen(new URL(own.redirectUri).port, '127.0.0.1', done));
  try { return await run(); } finally { server.close(); }
}

async function discover() {
  return oidc.discovery(new URL(settings.issuer), own.id, {}, oidc.ClientSecretBasic(own.secret), { execute: [oidc.allowInsecureRequests] });
}

async function flow(config, page, { push = false, more = {}, dpop } = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = { redirect_uri: own.redirectUri, scope: settings.scope, state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more };
  const options = dpop ? { DPoP: dpop } : undefined;
  const address = push ? await oidc.buildAuthorizationUrlWithPAR(config, parameters, options) : oidc.buildAuthorizationUrl(config, parameters);
  const landed = new URL(await goThrough(page, address.href));
  return oidc.authorizationCodeGrant(config, landed,
    { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, undefined, options);
}

async function code() {
  return withServer(async () => {
    const config = await discover();
    const page = await freshTab();
    const tokens = await flow(config, page);
    const { sub } = tokens.claims();
    const info = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    await oidc.fetchUserInfo(config, renewed.access_token, sub);
    const out = oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: own.returnUri, id_token_hint: tokens.id_token, state: 'bye' });
    const back = new URL(await goThrough(page, out.href));
    if (`${back.origin}${back.pathname}` !== own.returnUri || back.searchParams.get('state') !== 'bye') throw new Error(`came back at ${back}`);
    const silent = oidc.buildAuthorizationUrl(config, { redirect_uri: own.redirectUri, scope: 'openid', prompt: 'none', state: 's', nonce: 'n',
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' });
    await page.goto(silent.href);
    const error = new URL(page.url()).searchParams.get('error');
    if (error !== 'login_required') throw new Error(`prompt=none after the sign-out: ${error}`);
    return `name ${info.name ?? '-'}`;
  });
}

async function pushed() {
  return withServer(async () => {
    const config = await discover();
    if (!config.serverMetadata().pushed_authorization_request_endpoint) return { skipped: 'the provider offers no PAR' };
    await flow(config, await freshTab(), { push: true });
    return 'pushed request';
  });
}

async function bound() {
  return withServer(async () => {
    const config = await discover();
    if (!config.serverMetadata().dpop_signing_alg_values_supported) return { skipped: 'the provider offers no DPoP' };
    const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const tokens = await flow(config, await freshTab(), { dpop });
    if (tokens.token_type !== 'dpop') throw new Error(`token_type ${tokens.token_type}`);
    await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP: dpop });
    return 'tokens bound to a key';
  });
}

async function signedResponse() {
  return withServer(async () => {
    const config = await discover();
    if (!(config.serverMetadata().response_modes_supported ?? []).includes('jwt')) return { skipped: 'the provider offers no JARM' };
    oidc.useJwtResponseMode(config);
    await flow(config, await freshTab());
    return 'signed authorization response';
  });
}

export const tests = [
  ['code flow, PKCE, userinfo, refresh, sign-out', code],
  ['pushed request (PAR)', pushed],
  ['DPoP', bound],
  ['signed response (JARM)', signedResponse],
];
