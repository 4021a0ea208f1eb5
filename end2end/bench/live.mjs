// Ten thousand events a second for a minute: long tasks, how long until a case is in the list and a level on the map, memory, and
// whether the page ends with what the server has. The reference server answers everything but the stream, which comes from here.
import { createServer, request as pass } from 'node:http';
import { BASE, PORT, ask, finish, launch, median, memoryOf, open, quantile, rounded, runs, signIn, slope } from './common.mjs';
import { SCORES, Sender } from './flood.mjs';
import { SentCases } from './live-heat.mjs';
import { hold, readList, readPanel, watch, watchPixel } from './live-page.mjs';

const RATE = 10_000;
const SECONDS = runs(60, 10);
/** So long before memory is measured: a desk keeps the newest 50,000 live cases, which 3,300 new ones a second fill in 15 s; what V8
 * compiles as functions grow hot lies in the heap too, and takes about a minute. The wasm's memory, which never shrinks, takes a step of
 * 0.12 MB now and then until what is freed and what is taken fit one another: after a minute it still took three, and then none. */
const WARM_SECONDS = runs(150, 2);
/** How often the memory is looked at meanwhile: single looks of the heap differ by a tenth. */
const LOOKS = 12;
/** For so long the colour of one grid is followed, in the midst of a flood of its own: reading the map takes time from the page. */
const PIXEL_SECONDS = runs(20, 5);
/** The newest cases that a desk keeps. */
const KEPT = 500;
/** From a fixed moment on: of a period that moves with the clock, old cases would leave the counts while they are compared. */
const FROM = new Date(Date.now() - 28 * 86_400_000).toISOString().replace(/\.\d+/, '');
const ADDRESS = `/?level=grid&layers=warnings.stations.appeal.heat.cases.labels&list=cases&from=${FROM}`;

const cookie = await signIn();
const [grids, config, snapshot] = await Promise.all(['/grids', '/config', '/snapshot'].map((path) => ask(path, cookie)));
const sentCases = new SentCases();
const sentAt = [];
/** Keeps when each case was sent, and what heat is made of. */
class Flood extends Sender {
  fresh(now) {
    const dot = super.fresh(now);
    sentAt[this.total] = now;
    sentCases.push(dot);
    return dot;
  }
}
const flood = new Flood({ grids: grids.features, config }, 1);
/** The cases of each load of heat that had those that were sent; absent: loads are of what the server has. */
let loads;

const front = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://front');
  if (pathname === '/api/v1/heat/points' && loads) return void heat(request, response);
  if (pathname !== '/api/v1/events') return forward(request, response);
  flood.open(request.url, response);
});
await new Promise((done) => front.listen(PORT, '127.0.0.1', done));
const address = `http://127.0.0.1:${PORT}`;
const browser = await launch();
try {
  const page = await open(browser, { cookie });
  await page.addInitScript(hold);
  await page.addInitScript(watch);
  await page.addInitScript(watchPixel);
  // The heat's worker holds its cases in a memory of its own.
  await page.route('**/heat-worker-*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `(${hold})();\n${await answer.text()}` });
  });
  await begin(page);
  const devtools = await page.context().newCDPSession(page);
  // From the first event on: nothing but memory is promised after a warm-up alone.
  await page.evaluate(() => globalThis.benchBegin());
  const sent = await pour(SECONDS, () => undefined);
  // What was sent is not yet taken.
  await page.waitForFunction((last) => globalThis.benchTop() >= last, flood.total, { timeout: 60_000 });
  const seen = await page.evaluate(() => globalThis.benchEnd());
  // Looked at as it is afterwards: what gathers while a look keeps the page waiting, it has to hold at once.
  await pour(WARM_SECONDS, () => held(page, devtools));
  const memory = [];
  await pour(SECONDS, async () => memory.push(await held(page, devtools)));
  const pixels = await followColour(page);
  finish(rows(sent, seen, memory, pixels, await compare(page)));
} finally {
  flood.stop();
  await browser.close();
  front.closeAllConnections();
  front.close();
}

/** Opens the desk, and takes note of the levels that it begins with: they move with the clock. */
async function begin(page) {
  const told = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/v1/snapshot');
  await page.goto(address + ADDRESS);
  flood.levels = new Map((await (await told).json()).warnings.map((one) => [one.place, one]));
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 20 && document.querySelector('[data-picture=Heat]:not([hidden])'), null, { timeout: 60_000 });
  await page.waitForTimeout(3000);
}

/** Answers as a server that has all that was sent. */
async function heat(request, response) {
  const answer = await fetch(BASE + request.url, { headers: { cookie, accept: 'application/vnd.fengtu.points' } });
  const { body, count, own } = sentCases.behind(Buffer.from(await answer.arrayBuffer()), Date.parse(FROM) / 1000);
  loads.push({ count, own });
  response.writeHead(200, { 'content-type': 'application/vnd.fengtu.points', 'cache-control': 'no-store' });
  response.end(body);
}

function forward(request, response) {
  const { hostname, port } = new URL(BASE);
  const headers = { ...request.headers, host: `${hostname}:${port}` };
  const on = pass({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  on.on('error', () => response.destroy());
  request.pipe(on);
}

/** Sends at the rate for as long as it is to last; looks at the memory so often. */
async function pour(seconds, look) {
  const looks = [];
  let second = 0;
  const sent = await flood.pour(RATE, seconds, (ms) => {
    // Today's figures, which a server tells once a second: the desk takes and keeps them, and the wall shows them.
    if (ms >= second * 1000) flood.write(flood.frame('figures', { ...snapshot.today, received: flood.total }));
    second = Math.floor(ms / 1000) + 1;
    if ((ms * LOOKS) / (seconds * 1000) > looks.length + 0.95) looks.push(look());
  });
  await Promise.all(looks);
  return sent;
}

async function held(page, devtools) {
  // Twice: what the first one ends may hold on to more.
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const all = await memoryOf(browser);
  const { usedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage');
  const bytes = () => globalThis.benchMemories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  const worker = page.workers().find((one) => one.url().includes('/heat-worker-'));
  const [wasm, engine] = [await page.evaluate(bytes), await worker.evaluate(bytes)];
  return { js: usedSize / 1048576, buffers: backingStorageSize / 1048576, wasm: wasm / 1048576, engine: engine / 1048576, all };
}

/** Changes the level of the widest grid again and again in the midst of the flood, and times until a pixel of it has the colour. */
async function followColour(page) {
  // Blue is plain: a hatch has gaps.
  const [off, on] = SCORES;
  flood.spared = grids.features.reduce((widest, grid) => (extent(grid) > extent(widest) ? grid : widest)).properties.id;
  const tell = (level) => {
    flood.write(flood.level(flood.spared, level));
    return Date.now();
  };
  // At rest the margin around the view is drawn, and what differs between two looks is the grid alone.
  await page.waitForTimeout(5000);
  tell(off);
  await page.waitForTimeout(1500);
  await page.evaluate(() => globalThis.benchKeep());
  tell(on);
  await page.waitForTimeout(1500);
  await page.evaluate(() => globalThis.benchFind());
  const [late, end] = [[], Date.now() + PIXEL_SECONDS * 1000];
  const pouring = pour(PIXEL_SECONDS, () => undefined);
  for (let lit = false; Date.now() < end - 1000; lit = !lit) {
    await page.waitForTimeout(150 + 200 * flood.random());
    const shown = page.evaluate((lit) => globalThis.benchShown(lit), lit);
    const sent = tell(lit ? on : off);
    late.push((await shown) - sent);
  }
  await pouring;
  return late;
}

/** The area of a grid's box, square degrees. */
function extent({ geometry }) {
  const ring = geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0][0];
  const side = (axis) => Math.max(...ring.map((at) => at[axis])) - Math.min(...ring.map((at) => at[axis]));
  return side(0) * side(1);
}

/** Waits until the panel counts the same for a second. */
async function panel(page) {
  for (let [turn, before] = [0, '']; turn < 30; turn += 1) {
    const now = await page.evaluate(readPanel);
    if (JSON.stringify(now) === before) return now;
    before = JSON.stringify(now);
    await page.waitForTimeout(1000);
  }
  throw new Error('the panel never came to rest');
}

/**
 * Compares the state at the end of a flood with the server's. The page is opened anew over a server that has all that was sent before: heat
 * and clusters begin with it, load it again and again as live cases grow many, and what is in a load is not to be counted with the live ones.
 */
async function compare(page) {
  [loads, flood.spared] = [[], undefined];
  await begin(page);
  await pour(SECONDS, () => undefined);
  const told = await panel(page);
  const levels = flood.counts();
  const off = levels.map((count, n) => Math.abs(count - (told.levels[n] ?? 0)));
  const [all, wasLoaded] = [loads[0].own + flood.total, `${loads.length} loads, the last of ${loads.at(-1).count.toLocaleString('en')} in a year`];
  const beside = (what, key) => ({ what, ours: Math.abs(told[key] - all), unit: 'cases', promised: 0, note: `${told[key].toLocaleString('en')} of ${all.toLocaleString('en')} after ${SECONDS} s of the flood over all that was sent before; ${wasLoaded}` });
  return [
    ...(await compareLists(page)),
    beside('Cases that heat counts more or fewer than the server has', 'heat'),
    beside('The same of clusters', 'clusters'),
    { what: 'Grids by which the panel’s counts at red, yellow, blue and none are off', ours: off.reduce((sum, one) => sum + one), unit: 'grids', promised: 0, note: `${told.levels.join(', ')}; sent: ${levels.join(', ')}` },
  ];
}

/** Compares the page's lists with what was sent: all cases that it keeps, in their order, and every grid. */
async function compareLists(page) {
  const cases = await page.evaluate(readList, KEPT);
  await page.locator('#list-tab-warnings').click();
  await page.waitForFunction((most) => document.querySelector('table[aria-rowcount]')?.getAttribute('aria-rowcount') === String(most + 1), flood.places.length, { timeout: 20_000 });
  const levels = await page.evaluate(readList, Infinity);
  const wrong = [wrongCases(cases.rows), wrongLevels(levels.rows)];
  const row = (what, { length, 0: example }, note) => ({ what, ours: length, unit: 'rows', promised: 0, note: `${note}${example ? `; ${example}` : ''}` });
  return [
    row('Live cases that the list does not have at the end as they were sent', wrong[0], `of the newest ${KEPT}, which the desk keeps of ${flood.total.toLocaleString('en')} sent: number, place in the order, state, grid`),
    row('Grids of the list whose level or score is not at the end as it was sent', wrong[1], `of all ${levels.rows.length}`),
  ];
}

function wrongCases(rows) {
  const words = { reported: '已上报', accepted: '已受理', handling: '化解中' };
  // The newest number first: of those of one moment the last that came.
  const is = (dot, cells) => cells?.[1] === dot.number && cells[4] === words[dot.state] && cells[6] === flood.names.get(dot.place);
  return flood.newest(KEPT).flatMap((dot, n) => (is(dot, rows[n]) ? [] : [`${rows[n]?.join(' ')} where ${dot.number} is ${words[dot.state]}`]));
}

function wrongLevels(rows) {
  const words = { none: '无预警', blue: '蓝', yellow: '黄', red: '红' };
  return grids.features.flatMap(({ properties: { id, name } }, n) => {
    const { level, score } = flood.levels.get(id) ?? { level: 'none', score: 0 };
    const [cells, points] = [rows[n] ?? [], level === 'none' ? 0 : score];
    const is = cells[0] === name && cells[1] === words[level] && Math.abs(Number(cells[2]) - points) < 0.06;
    return is ? [] : [`${cells.slice(0, 3).join(' ')} where ${name} is ${words[level]} ${points}`];
  });
}

/**
 * From the sending of each new case to the picture whose list has it: of all, and not of the newest of each batch alone, which wait
 * least. A case that newer ones of its batch have pushed off the first page is in the list with them.
 */
function listed(tops) {
  const from = (top, n) => Array.from({ length: top - tops[n].top }, (_, more) => sentAt[tops[n].top + 1 + more]);
  return tops.slice(1).flatMap(({ top, at }, n) => from(top, n).map((sent) => at - sent));
}

function rows({ sent, seconds, began }, seen, memory, pixels, equal) {
  const taken = Math.max(seconds, (seen.tops.at(-1).at - began) / 1000);
  const over = seen.long.filter((ms) => ms > 50);
  // Of the wasm, which never shrinks, from the first to the last; of the heap, whose single looks differ by a tenth and more, by the slope
  // of all; of all memory from the first third to the last.
  const third = (from, key) => median(memory.slice(from, from + LOOKS / 3).map((one) => one[key]));
  const ends = (key) => [third(0, key), third(memory.length - LOOKS / 3, key)];
  const part = ([first, last]) => rounded((100 * (last - first)) / first, 1);
  const grown = (key) => part([memory[0][key], memory.at(-1)[key]]);
  const mb = (key, digits = 1) => memory.map((one) => `${rounded(one[key], digits)} MB`).join(', ');
  const between = (key) => ends(key).map((one) => `${rounded(one, 1)} MB`).join(' to ');
  const spread = (all) => `median ${rounded(median(all), 0)} ms, longest ${rounded(quantile(all, 1), 0)} ms`;
  const late = (what, all, note) => ({ what, ours: rounded(quantile(all, 0.95), 0), unit: 'ms', promised: 250, note: `${spread(all)}; ${note}` });
  const cases = listed(seen.tops);
  const note = `${sent.toLocaleString('en')} events, from the first one’s sending to the picture that has the last new case ${rounded(taken, 2)} s; and today’s figures once a second, which the desk keeps and does not show; ${rounded(1000 / median(seen.frames), 0)} frames a second`;
  return [
    { what: 'Events taken a second, with map, heat, clusters, list and the panel’s counts', ours: rounded(sent / taken, 0), unit: 'events/s', better: 'more', promised: RATE * 0.99, note },
    { what: 'Long tasks over 50 ms meanwhile', ours: over.length, unit: 'tasks', promised: 0, note: `longest ${rounded(Math.max(0, ...seen.long), 0)} ms; of the first minute of the flood, in which nothing else is measured` },
    late('From a case’s sending to the list that has it, p95', cases, `every one of ${cases.length.toLocaleString('en')} new cases, by the picture whose list has it or, above it, newer ones of the same batch`),
    late('From a case’s sending to its own row on the screen, p95', seen.rows, `the ${seen.rows.length.toLocaleString('en')} cases that had a row on the first page, which are the newest of each batch`),
    late('From a level’s sending to its grid’s colour on the map, p95', pixels, `${pixels.length} changes of one grid in ${PIXEL_SECONDS} s of the same flood, by a pixel of the map that is read with every frame`),
    { what: 'Growth of the page’s wasm memory after warm-up', ours: grown('wasm'), unit: '%', promised: 1, note: mb('wasm', 2) },
    { what: 'Growth of the heat worker’s wasm memory after warm-up', ours: grown('engine'), unit: '%', promised: 1, note: mb('engine') },
    { what: 'Growth of the JS heap after warm-up, by the slope of all looks (Theil–Sen)', ours: rounded(Math.max(0, (100 * slope(memory.map(({ js }, n) => [n, js])) * (LOOKS - 1)) / third(0, 'js')), 1), unit: '%', promised: 2, note: `${mb('js')}; what the page holds outside of it, as loads of heat: ${mb('buffers')}` },
    { what: 'Growth of all memory of the browser after warm-up, last third beside first', ours: part(ends('all')), unit: '%', promised: 5, note: `from ${between('all')}, all processes, shared pages by their share; 5 % because that breathes: the browser keeps and drops pictures, code and freed pages as it likes; ${mb('all', 0)}` },
    ...equal,
  ];
}
