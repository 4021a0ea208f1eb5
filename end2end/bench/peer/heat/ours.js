// Our layer as the product has it: the engine in its worker, the picture at half resolution, handed over as a bitmap.
import { RADIUS, SOUTH, WEST, WIDE, HIGH, YEAR_S, leaflet, points, wanted } from './points.js';

const COARSE = 2;
const APART_PX = 60;
const WORLD_M = 2 * Math.PI * 6_378_137;
const BASE_S = 1_760_000_000;
const [LOAD, CHOOSE, DRAW, GATHER] = [1, 3, 5, 6];
const [LOADED, REFUSED, PICTURED] = [2, 3, 4];
const CATEGORIES = Array.from({ length: 16 }, (_, n) => `c${n}`);
// The points' box with room for those that lie beyond it.
const BOX = [WEST - WIDE / 2, SOUTH - HIGH / 2, WEST + 1.5 * WIDE, SOUTH + 1.5 * HIGH];

export async function open(count) {
  const map = await leaflet();
  const engine = await worker();
  const canvas = document.createElement('canvas');
  Object.assign(canvas.style, { position: 'fixed', inset: 0, width: '100%', height: '100%', pointerEvents: 'none', zIndex: 999 });
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  let job = 0;
  let sent = columns(points(count));
  await engine.ask([LOAD, 1, 0], sent.slice());
  engine.tell([CHOOSE, BASE_S - 1, NaN, BASE_S + YEAR_S, NaN, NaN]);

  async function redraw(dx, dy, margin) {
    map.panBy([dx, dy], { animate: false });
    return draw(margin);
  }

  /** The view, wider by a margin of so much of it on each side, as the desk draws it once it has drawn what is seen. */
  async function draw(margin = 0) {
    const began = performance.now();
    const { x, y } = map.getSize();
    const [wide, high] = [x, y].map((side) => side * (1 + 2 * margin));
    const [left, top] = [x, y].map((side) => -side * margin);
    const corner = L.CRS.EPSG3857.project(map.containerPointToLatLng([left, top]));
    const far = L.CRS.EPSG3857.project(map.containerPointToLatLng([left + wide, top]));
    const perPixel = ((far.x - corner.x) / wide) * COARSE;
    const [width, height] = [Math.ceil(wide / COARSE), Math.ceil(high / COARSE)];
    const ground = Math.cos((map.getCenter().lat * Math.PI) / 180);
    const radius = (RADIUS / COARSE) * perPixel * ground;
    job += 1;
    const answer = engine.ask([DRAW, job, width, height, corner.x, corner.y, perPixel, ground, radius, 0, 0, width, height]);
    const asked = performance.now() - began;
    const { numbers, more } = await answer;
    const got = performance.now();
    if (numbers[0] !== PICTURED || !(numbers[2] > 0)) throw new Error(`no picture: ${numbers}`);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.clearRect(0, 0, width, height);
    context.drawImage(more, 0, 0);
    more.close();
    const done = performance.now();
    return { ms: done - began, main: asked + (done - got) };
  }

  /** Days of a year one after another, a month of cases each; with a half-life, cases cool as well. */
  async function play(steps, halfLife) {
    const began = performance.now();
    for (let step = 0; step < steps; step += 1) {
      const to = BASE_S + Math.round((YEAR_S * (step + 1)) / steps);
      engine.tell([CHOOSE, to - 30 * 86_400, to, to, halfLife ?? NaN, NaN]);
      await draw();
    }
    return (steps * 1000) / (performance.now() - began);
  }

  /** Loads the same cases anew and returns how long until they stand in the columns. */
  async function load(form, times) {
    const source = form === 'columns' ? sent : geojson(points(count));
    sent = form === 'columns' ? sent : undefined;
    const all = [];
    for (let n = 0; n < times; n += 1) {
      const bytes = source.slice();
      const began = performance.now();
      const { numbers } = await engine.ask([LOAD, n + 2, form === 'columns' ? 0 : 1], bytes);
      if (numbers[0] !== LOADED || numbers[2] !== count) throw new Error(`not loaded: ${numbers}`);
      all.push(performance.now() - began);
    }
    return { all, bytes: source.byteLength };
  }

  /** Gathers all cases into clusters for whole zooms, one after another, and has those come back that a map wants. */
  async function gather(zooms) {
    const all = [];
    for (const zoom of zooms) {
      const began = performance.now();
      job += 1;
      const { more } = await engine.ask([GATHER, job, (APART_PX * WORLD_M) / (256 * 2 ** zoom), ...wanted(zoom)]);
      all.push({ zoom, ms: performance.now() - began, bytes: more.byteLength });
    }
    return all;
  }

  return { redraw, play, load, gather };
}

async function worker() {
  const worker = new Worker(await (await fetch('/heat-worker.txt')).text());
  const waiting = [];
  const heard = () => new Promise((done) => waiting.push(done));
  worker.onmessage = ({ data: [numbers, more] }) => {
    if (numbers[0] === REFUSED) throw new Error(new TextDecoder().decode(more));
    waiting.shift()?.({ numbers, more });
  };
  worker.onerror = (event) => { throw new Error(event.message); };
  await heard();
  const tell = (numbers, bytes = new Uint8Array()) => worker.postMessage([Float64Array.from(numbers), bytes.buffer], [bytes.buffer]);
  const ask = (numbers, bytes) => {
    const answer = heard();
    tell(numbers, bytes);
    return answer;
  };
  return { tell, ask };
}

/** The wire's columns, as crates/wire/src/heat/columns.rs describes them. */
export function columns({ count, lon, lat, second }, base = BASE_S) {
  const table = new TextEncoder().encode(JSON.stringify({ categories: CATEGORIES }));
  const padded = new Uint8Array(Math.ceil(table.length / 4) * 4).fill(32);
  padded.set(table);
  const head = 52 + padded.length;
  const bytes = new Uint8Array(head + 10 * count);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('FTP2'));
  view.setUint32(4, count, true);
  view.setBigInt64(8, BigInt(base), true);
  BOX.forEach((side, n) => view.setFloat64(16 + 8 * n, side, true));
  view.setUint32(48, padded.length, true);
  bytes.set(padded, 52);
  const part = (value, low, high) => Math.min(65_535, Math.max(0, Math.round(((value - low) / (high - low)) * 65_535)));
  const at = [0, 4, 6, 8, 9].map((offset) => head + offset * count);
  for (let n = 0; n < count; n += 1) {
    view.setUint32(at[0] + 4 * n, second[n], true);
    view.setUint16(at[1] + 2 * n, part(lon[n], BOX[0], BOX[2]), true);
    view.setUint16(at[2] + 2 * n, part(lat[n], BOX[1], BOX[3]), true);
    bytes[at[3] + n] = n % CATEGORIES.length;
    bytes[at[4] + n] = 1;
  }
  return bytes;
}

/** The same as GeoJSON, as the contract has it for a server without columns. */
export function geojson({ count, lon, lat, second }) {
  const parts = [];
  const encoder = new TextEncoder();
  for (let from = 0; from < count; from += 50_000) {
    let text = '';
    for (let n = from; n < Math.min(count, from + 50_000); n += 1) {
      text += `${n ? ',' : '{"type":"FeatureCollection","features":['}{"type":"Feature","geometry":{"type":"Point","coordinates":[${lon[n].toFixed(6)},${lat[n].toFixed(6)}]},"properties":{"number":"GM20261126${n}","category":"${CATEGORIES[n % CATEGORIES.length]}","place":null,"t":${BASE_S + second[n]},"weight":1}}`;
    }
    parts.push(encoder.encode(text));
  }
  parts.push(encoder.encode(']}'));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (bytes.set(part, offset), offset + part.length), 0);
  return bytes;
}
