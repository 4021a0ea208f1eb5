// Plain Leaflet on the same grids, stations and circles: a page as its tutorials make it, served from here.
import { createServer } from 'node:http';
import { readFile, readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { PORT, ask } from './common.mjs';

const HERE = new URL('.', import.meta.url);
const FILES = {
  '/': ['peer/leaflet.html', 'text/html; charset=utf-8'],
  '/heat': ['peer/heat.html', 'text/html; charset=utf-8'],
  '/leaflet.js': ['node_modules/leaflet/dist/leaflet.js', 'text/javascript'],
  '/leaflet.css': ['node_modules/leaflet/dist/leaflet.css', 'text/css'],
  '/leaflet-heat.js': ['node_modules/leaflet.heat/dist/leaflet-heat.js', 'text/javascript'],
  '/supercluster.js': ['node_modules/supercluster/dist/supercluster.min.js', 'text/javascript'],
  '/heatmap.js': ['node_modules/heatmap.js/build/heatmap.js', 'text/javascript'],
  '/leaflet-heatmap.js': ['node_modules/heatmap.js/plugins/leaflet-heatmap/leaflet-heatmap.js', 'text/javascript'],
};
/** Folders of which every script is served. */
const FOLDERS = { '/heat/': 'peer/heat/', '/maplibre/': 'node_modules/maplibre-gl/dist/' };
const TYPES = { wasm: 'application/wasm', js: 'text/javascript', json: 'application/json', txt: 'text/plain' };

/** Serves the peer's pages with the district's own things; returns its address and how to end it. */
export async function servePeer(cookie, more = {}) {
  const answers = new Map();
  const put = (path, type, body) => answers.set(path, { type, body: gzipSync(body) });
  for (const [path, [file, type]] of Object.entries(FILES)) put(path, type, await readFile(new URL(file, HERE)));
  for (const [path, folder] of Object.entries(FOLDERS)) {
    const scripts = (await readdir(new URL(folder, HERE))).filter((name) => /\.m?js$/.test(name));
    for (const name of scripts) put(`${path}${name}`, 'text/javascript', await readFile(new URL(`${folder}${name}`, HERE)));
  }
  for (const [path, body] of Object.entries(more)) put(path, TYPES[path.split('.').at(-1)], body);
  if (cookie) {
    put('/data.json', 'application/json', JSON.stringify(await things(cookie)));
    put('/buildings.json', 'application/json', JSON.stringify(await ask('/buildings/points', cookie)));
  }
  const server = createServer((request, response) => {
    const answer = answers.get(new URL(request.url, 'http://peer').pathname);
    if (!answer) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': answer.type, 'content-encoding': 'gzip' }).end(answer.body);
  });
  await new Promise((done, fail) => server.once('error', fail).listen(PORT, '127.0.0.1', done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { base: `http://127.0.0.1:${PORT}`, stop };
}

async function things(cookie) {
  const [grids, stations, snapshot, config] = await Promise.all(
    ['/grids', '/stations', '/snapshot', '/config'].map((path) => ask(path, cookie)),
  );
  const levels = Object.fromEntries(snapshot.warnings.map((warning) => [warning.place, warning.level]));
  const radii = Object.fromEntries(config.circles.map((rule) => [rule.kind, rule.radius_m]));
  return { grids, stations, levels, radii, bounds: config.bounds };
}
