// What every relying party here needs to know; all of it can be changed by variables, for another provider or another port.

import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The clients of ../../clients.toml by id: only the three values that are used here. */
const clients = Object.fromEntries(
  read('../../clients.toml').split('[[clients]]').slice(1).map((text) => {
    const value = (name) => text.match(new RegExp(`^${name} = \\[?"([^"]*)"`, 'm'))?.[1];
    return [value('client_id'), { id: value('client_id'), secret: value('client_secret'), redirectUri: value('redirect_uris'),
      returnUri: value('post_logout_redirect_uris') }];
  }),
);

export const settings = {
  issuer: process.env.ISSUER ?? 'http://localhost:8080',
  username: process.env.PERSON ?? 's1000001',
  password: process.env.PASSWORD ?? 'Quiet-river-1000001',
  scope: process.env.SCOPE ?? 'openid profile offline_access',
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
};

export const client = (id) => clients[id] ?? (() => { throw new Error(`clients.toml has no ${id}`); })();

export const version = (name) => JSON.parse(read(`./node_modules/${name}/package.json`)).version;
