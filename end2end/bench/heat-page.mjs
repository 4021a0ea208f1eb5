// The page of one layer in one browser, with the build's heat worker beside the peers.
import { readFile, readdir } from 'node:fs/promises';
import { TARGET } from './common.mjs';
import { servePeer } from './peer.mjs';

const DIST = new URL('../../dist/', import.meta.url);

/** Serves it. */
export async function serveHeat() {
  const files = {};
  for (const file of (await readdir(DIST)).filter((file) => /^heat-worker.*\.(js|wasm)$/.test(file))) files[`/${file}`] = await readFile(new URL(file, DIST));
  const page = await readFile(new URL('index.html', DIST), 'utf8');
  const [, name] = /<meta name="heat-worker" content="([^"]+)"/.exec(page) ?? [];
  if (!name) throw new Error('the build names no heat worker');
  return servePeer(undefined, { ...files, '/heat-worker.txt': name, '/deck.js': await readFile(`${TARGET}/bench/deck.gl/package/dist.min.js`) });
}
