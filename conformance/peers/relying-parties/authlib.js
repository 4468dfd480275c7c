// PyPI Authlib, in a virtual environment of its own; see authlib_client.py.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freshTab, goThrough } from './browser.js';
import { client, settings } from './settings.js';

const own = client('peer-authlib');
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = here('./.venv/bin/python');

function prepare() {
  if (existsSync(here('./.venv/ready'))) return;
  const steps = [['python3', '-m', 'venv', here('./.venv')], [python, '-m', 'pip', 'install', '-q', '-r', here('./requirements.txt')],
    ['touch', here('./.venv/ready')]];
  for (const [program, ...rest] of steps) {
    const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr.slice(-300)}`);
  }
}

async function whole() {
  prepare();
  const server = createServer((_request, response) => response.end('here'));
  await new Promise((done) => server.listen(new URL(own.redirectUri).port, '127.0.0.1', done));
  const page = await freshTab();
  const child = spawn(python, [here('./authlib_client.py'), settings.issuer, own.id, own.secret, own.redirectUri, own.returnUri, settings.scope]);
  let errors = '';
  child.stderr.on('data', (text) => { errors += text; });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [word, ...rest] = line.split(' ');
      // What a server sees of the address: no fragment, not even the empty one.
      if (word === 'GO') child.stdin.write(`${(await goThrough(page, rest[0])).split('#')[0]}\n`);
      if (word === 'DONE') return `name ${JSON.parse(rest.join(' ')).name ?? '-'}`;
    }
    throw new Error(errors.trim().split('\n').slice(-2).join(' '));
  } finally { child.kill(); server.closeAllConnections(); server.close(); }
}

export const version = () => {
  prepare();
  return spawnSync(python, ['-c', 'import authlib; print(authlib.__version__)'], { encoding: 'utf8' }).stdout.trim();
};
export const tests = [['code flow, PKCE, userinfo, refresh, sign-out', whole]];
