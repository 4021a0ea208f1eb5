// `node end2end/servers/start.mjs NAME [--port P] [--from http://127.0.0.1:8080]`: starts one of the practice servers with a
// part of the demo district in it, and keeps it until it is told to stop.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVERS, isThere, startOne } from './lib/all.mjs';
import { readDistrict } from './lib/district.mjs';
import { freePort } from './lib/process.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' }, from: { type: 'string', default: 'http://127.0.0.1:8080' } } });
const [name] = positionals;
if (!SERVERS[name]) fail(`没有这个服务 / there is no such server: ${name ?? ''}\n${Object.keys(SERVERS).join(' ')}`);
if (!isThere(name)) fail(`${name} 未安装,请先运行 / is not installed, run first: cargo xtask setup`);

const folder = await mkdtemp(join(tmpdir(), 'fengtu-servers-'));
const district = await readDistrict(values.from);
const server = await startOne(name, { district, folder, port: Number(values.port ?? (await freePort())) });
console.log(`ready ${server.base}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());

async function stop() {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
