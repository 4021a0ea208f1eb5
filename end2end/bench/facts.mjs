// Signs in, finds what to ask for, weighs answers, and leaves the snapshot's own bytes in a file for the peer to serve.
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { BASE, OUT, ask, finish, rounded, signIn } from './common.mjs';

const SNAPSHOT = '/api/v1/snapshot';
const cookie = await signIn();
const snapshot = await bytes(SNAPSHOT);
await keep(SNAPSHOT, snapshot);

const places = await ask('/places', cookie);
const ids = (level) => places.features.map((f) => f.properties).filter((p) => p.level === level).map((p) => p.id);
const [district, streets, communities] = [ids('district')[0], ids('street'), ids('community')];
const grids = every(ids('grid'), 100);
const now = new Date();
const period = (days) => `from=${new Date(now - days * 86_400_000).toISOString()}&to=${now.toISOString()}`;
const statistics = (days) => (place) => `/api/v1/statistics?place=${place}&${period(days)}`;

finish({
  headers: [`Cookie: ${cookie}`, 'Accept-Encoding: br', 'Accept: application/vnd.fengtu.points, application/json'],
  sizes: [await size(), await points()],
  statistics: [district, ...streets, ...communities, ...grids].map(statistics(28)),
  statistics_year: [district, ...streets, ...communities].map(statistics(365)),
  board: [district, ...streets].map((place) => `/api/v1/warnings?limit=100&place=${place}`),
  history: ['/api/v1/warnings/history'],
  heat: [`/api/v1/heat/points?${period(365)}`],
});

/** The snapshot beside the same state as GeoJSON features, which is what a WFS or OGC API server's client loads. */
async function size() {
  const state = JSON.parse(brotliDecompressSync(snapshot).toString());
  const levels = new Map(state.warnings.map((warning) => [warning.place, warning]));
  const shapes = (await ask('/grids', cookie)).features;
  const areas = shapes.map((f) => ({ ...f, properties: { ...f.properties, ...levels.get(f.properties.id) } }));
  const cases = state.recent.map(({ at, ...properties }) => ({ type: 'Feature', geometry: at && { type: 'Point', coordinates: at }, properties }));
  const geojson = JSON.stringify({ type: 'FeatureCollection', features: [...areas, ...cases] });
  return {
    what: '`GET snapshot` of the district, compressed with brotli',
    ours: rounded(snapshot.length / 1000),
    unit: 'kB',
    promised: 300,
    peer: 'the same grids, levels and cases as GeoJSON features, gzip',
    theirs: rounded(gzipSync(geojson).length / 1000),
    note: `${state.warnings.length} warnings and the newest ${state.recent.length} cases; shapes come once, with the grids`,
  };
}

/** What a real answer weighs, its head and its names of categories with it. */
async function points() {
  const answer = await fetch(`${BASE}/api/v1/heat/points?${period(365)}`, { headers: { cookie, accept: 'application/vnd.fengtu.points' } });
  const body = Buffer.from(await answer.arrayBuffer());
  const count = body.readUInt32LE(4);
  return {
    what: 'Bytes of a case of `GET heat/points` as columns, a year of the district, uncompressed',
    ours: rounded(body.length / count),
    unit: 'bytes',
    promised: 12,
    note: `${body.length.toLocaleString('en')} bytes for ${count.toLocaleString('en')} cases, head and names of categories among them`,
  };
}

/** The body as it travels: fetch would decompress it. */
function bytes(path) {
  return new Promise((done, fail) => {
    const asked = request(`${BASE}${path}`, { headers: { cookie, 'accept-encoding': 'br' } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => (answer.headers['content-encoding'] === 'br' ? done(Buffer.concat(parts)) : fail(new Error(`${path} is not compressed`))));
    });
    asked.on('error', fail);
    asked.end();
  });
}

async function keep(path, body) {
  const file = join(OUT, 'files', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, body);
}

/** About `count` of them, evenly. */
function every(all, count) {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0).slice(0, count);
}
