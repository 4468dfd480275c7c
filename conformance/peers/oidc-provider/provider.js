// The npm package oidc-provider with its own development pages: the second provider that `conformance` is run
// against, to show that its checks are tuned to no one. Loopback only; keys are made at start; all state in memory.
//
//   node provider.js [PORT]        default 9500; any user name signs in, with any password

import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2] ?? 9500);
const issuer = `http://localhost:${port}`;

const key = (kind, options, extra) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  ...extra,
});

const person = (id) => ({
  accountId: id,
  claims: async () => ({
    sub: id,
    name: 'Ada Okafor',
    given_name: 'Ada',
    family_name: 'Okafor',
    preferred_username: id,
    locale: 'en',
    zoneinfo: 'America/New_York',
    updated_at: 1_780_000_000,
    email: `${id}@school.example`,
    email_verified: true,
    phone_number: '+17705550100',
    phone_number_verified: false,
    address: { country: 'US', locality: 'Jonesboro', region: 'GA' },
  }),
});

const isFapi = (client) => client?.dpopBoundAccessTokens === true;

const provider = new Provider(issuer, {
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, { kid: 'rsa-1' }),
      key('ec', { namedCurve: 'P-256' }, { kid: 'ec-1', alg: 'ES256' }),
      key('ed25519', {}, { kid: 'ed-1', alg: 'EdDSA' }),
    ],
  },
  cookies: { keys: [crypto.randomUUID()] },
  findAccount: async (_ctx, id) => person(id),
  claims: {
    openid: ['sub'],
    address: ['address'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
    profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale', 'zoneinfo', 'updated_at'],
  },
  acrValues: ['urn:example:password'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  responseTypes: ['code', 'id_token', 'code id_token', 'id_token token', 'code token', 'code id_token token', 'none'],
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: async (_ctx, id, client) => `${client.sectorIdentifier}.${id}`,
  pkce: { required: (_ctx, client) => isFapi(client) },
  // Keys and logout receivers of the checks are on loopback, which the package's own fetch refuses.
  fetch: (url, { dispatcher: _guarded, ...options }) => fetch(url, options),
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    encryption: { enabled: true },
    fapi: { enabled: true, profile: (_ctx, client) => (isFapi(client) ? '2.0' : undefined) },
    introspection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    requestObjects: { enabled: true },
    revocation: { enabled: true },
  },
});

provider.on('server_error', (_ctx, error) => console.error(error));
provider.listen(port, '127.0.0.1', () => console.log(`issuer ${issuer}`));
