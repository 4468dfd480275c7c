// A stage: a made-up district imported into fresh nodes, two vendor apps beside them, all on free ports of this machine.
// One node keeps everything in SQLite and memory; two nodes share PostgreSQL and Redis behind an alternating proxy.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readPeople } from './people.js';
import { answers, freePort, run, start } from './processes.js';
import { alternatingProxy } from './proxy.js';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const bin = resolve(process.env.HOMEROOM_BIN ?? join(root, 'target/debug'));

/** A password that every activated account of a stage has. */
export const ACTIVATED_PASSWORD = 'quiet-harbor-lantern-42';

/** Starts a stage in `folder` and returns where everything is, and `stop`. */
export async function startStage(name, folder) {
  await mkdir(folder, { recursive: true });
  const stops = [];
  const stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    const where = name === 'one' ? await oneNode(folder, stops) : await twoNodes(folder, stops);
    const vendors = await startVendors(where, folder, stops);
    return { name, portal: where.portal, nodes: where.nodes, ...vendors, people: where.people, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function oneNode(folder, stops) {
  const port = await freePort();
  const portal = `http://localhost:${port}`;
  const vendors = { library: `http://localhost:${await freePort()}`, gradebook: `http://localhost:${await freePort()}` };
  const config = join(folder, 'portal.toml');
  await writeFile(config, settings({ portal, port, folder }));
  const people = await fill(config, folder, vendors);
  const node = start(join(bin, 'idp'), ['--config', config, 'serve'], { log: join(folder, 'node.log') });
  stops.push(() => node.stop());
  await answers(`${portal}/healthz`, node);
  return { portal, vendors, people, nodes: [port] };
}

async function twoNodes(folder, stops) {
  const database = await freshDatabase();
  const redis = new URL(process.env.HOMEROOM_TEST_REDIS_URL);
  redis.pathname = '/7';
  const ports = [await freePort(), await freePort()];
  const front = await freePort();
  const portal = `http://localhost:${front}`;
  // Another host than the portal's, so that to the browser the apps are other sites, as in life.
  const vendors = { library: `http://127.0.0.1:${await freePort()}`, gradebook: `http://127.0.0.1:${await freePort()}` };
  const kek = join(folder, 'kek');
  const configs = [];
  for (const [index, port] of ports.entries()) {
    const own = join(folder, `node${index}`);
    await mkdir(own, { recursive: true });
    configs.push(join(own, 'portal.toml'));
    await writeFile(configs[index], settings({ portal, port, folder: own, database, redis: redis.href, kek }));
  }
  const people = await fill(configs[0], folder, vendors);
  for (const [index, port] of ports.entries()) {
    const node = start(join(bin, 'idp'), ['--config', configs[index], 'serve'], { log: join(folder, `node${index}.log`) });
    stops.push(() => node.stop());
    // A node answers to the portal's name only.
    await answers(`http://localhost:${port}/healthz`, node);
  }
  const proxy = await alternatingProxy(front, ports);
  stops.push(() => proxy.stop());
  return { portal, vendors, people, nodes: ports };
}

function settings({ portal, port, folder, database, redis, kek }) {
  const lines = [
    `public_url = "${portal}"`,
    `listen = "127.0.0.1:${port}"`,
    `data_dir = "${join(folder, 'data')}"`,
    'log = "warn"',
    '[testing]',
    'throttling = "off"',
    'outbound_loopback = true',
  ];
  if (database) lines.push('[database]', `url = "${database}"`);
  if (redis) lines.push('[ephemeral]', `url = "${redis}"`);
  if (kek) lines.push('[keys]', `kek_file = "${kek}"`);
  return `${lines.join('\n')}\n`;
}

/** Makes the district, imports it, registers the apps, activates the people whom tests sign in without a claim. */
async function fill(config, folder, vendors) {
  const idp = (...args) => run(join(bin, 'idp'), ['--config', config, ...args]);
  const [district, truth] = [join(folder, 'district.zip'), join(folder, 'truth.jsonl')];
  await idp('demo-district', '--seed', '7', '--scale', '0.02', '--version', '1.2', '--out', district, '--truth', truth);
  await idp('roster', 'import', district, '--yes');
  const registered = (await readFile(join(root, 'clients/demo-clients.toml'), 'utf8'))
    .replaceAll('http://localhost:9001', vendors.library)
    .replaceAll('http://localhost:9002', vendors.gradebook);
  await writeFile(join(folder, 'clients.toml'), registered);
  await idp('clients', 'apply', join(folder, 'clients.toml'));
  const people = await readPeople(truth);
  const rows = people.activated.map((person) => `${person.username},${ACTIVATED_PASSWORD}\n`).join('');
  await writeFile(join(folder, 'activate.csv'), `username,password\n${rows}`);
  await idp('accounts', 'activate', join(folder, 'activate.csv'));
  return people;
}

async function startVendors(where, folder, stops) {
  const secrets = await clientSecrets(join(folder, 'clients.toml'));
  for (const app of ['library', 'gradebook']) {
    const url = where.vendors[app];
    const process = start(
      join(bin, app),
      ['--issuer', where.portal, '--listen', `127.0.0.1:${new URL(url).port}`, '--public-url', url, '--client-id', app],
      { log: join(folder, `${app}.log`), env: { VENDOR_CLIENT_SECRET: secrets[app] } },
    );
    stops.push(() => process.stop());
    await answers(`${url}/healthz`, process);
  }
  return where.vendors;
}

/** `client_id` → `client_secret` of a registration file. */
async function clientSecrets(file) {
  const secrets = {};
  let id;
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [, key, value] = /^\s*(client_id|client_secret)\s*=\s*"([^"]*)"/.exec(line) ?? [];
    if (key === 'client_id') id = value;
    if (key === 'client_secret') secrets[id] = value;
  }
  return secrets;
}

async function freshDatabase() {
  const server = process.env.HOMEROOM_TEST_POSTGRES_URL;
  const name = `browser_${process.pid}_${Date.now()}`;
  await run('psql', ['-q', '-d', server, '-c', `CREATE DATABASE ${name}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
