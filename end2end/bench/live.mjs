// Ten thousand events a second for a minute: long tasks, how long until one is on the screen, memory, and whether the page
// ends with what the server has. The reference server answers everything but the stream, which comes from here.
import { createServer, request as pass } from 'node:http';
import { BASE, PORT, ask, finish, launch, median, open, quantile, rounded, runs, signIn } from './common.mjs';

const RATE = 10_000;
const SECONDS = runs(60, 10);
/** So long before the rest is measured: a desk keeps the newest 50,000 live cases, which 3,300 new ones a second fill in 15 s. */
const WARM_SECONDS = runs(25, 2);
/** How often the memory is looked at meanwhile: single looks of the heap differ by a tenth. */
const LOOKS = 12;
/** Sent so often, milliseconds: a server writes what has gathered. */
const BEAT_MS = 10;
const STATES = ['reported', 'accepted', 'handling'];
const LEVELS = [['none', 0], ['blue', 12], ['yellow', 32], ['red', 61]];
const ADDRESS = '/?level=grid&layers=warnings.stations.appeal.heat.cases.labels&list=cases';

const cookie = await signIn();
const [grids, config, snapshot] = await Promise.all(['/grids', '/config', '/snapshot'].map((path) => ask(path, cookie)));
const places = grids.features.map((grid) => grid.properties.id);
const categories = config.categories.filter((one) => one.parent && one.sensitivity !== 'restricted').map((one) => one.id);
const [west, south, east, north] = config.bounds;
const truth = { cases: new Map(), levels: new Map(snapshot.warnings.map((one) => [one.place, one.level])) };
const recent = [];
let [epoch, sequence, stream, state, number] = ['', 0, undefined, 1, 0];
const random = () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
const pick = (list) => list[Math.floor(random() * list.length)];

const front = createServer((request, response) => {
  if (new URL(request.url, 'http://front').pathname !== '/api/v1/events') return forward(request, response);
  const after = new URL(request.url, 'http://front').searchParams.get('after') ?? snapshot.position;
  [epoch, sequence] = [after.slice(0, after.lastIndexOf(':')), Math.max(sequence, Number(after.slice(after.lastIndexOf(':') + 1)))];
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  stream = response;
  stream.write(frame('heartbeat', { server_time: new Date().toISOString() }));
});
await new Promise((done) => front.listen(PORT, '127.0.0.1', done));
const address = `http://127.0.0.1:${PORT}`;
const browser = await launch();
try {
  const page = await open(browser, { cookie });
  await page.addInitScript(hold);
  await page.addInitScript(watch);
  // The heat's worker holds its cases in a memory of its own.
  await page.route('**/heat-worker-*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `(${hold})();\n${await answer.text()}` });
  });
  await page.goto(address + ADDRESS);
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 20 && document.querySelector('[data-picture=Heat]:not([hidden])'), null, { timeout: 60_000 });
  await page.waitForTimeout(3000);
  const devtools = await page.context().newCDPSession(page);
  await pour(WARM_SECONDS, () => undefined);
  await page.evaluate(() => globalThis.benchBegin());
  const memory = [];
  const sent = await pour(SECONDS, async () => memory.push(await held(page, devtools)));
  const seen = await page.evaluate(() => globalThis.benchEnd());
  stream.write(frame('heartbeat', { server_time: new Date().toISOString() }));
  await page.waitForTimeout(2000);
  const equal = await compare(page);
  finish(rows(sent, seen, memory, equal));
} finally {
  await browser.close();
  front.closeAllConnections();
  front.close();
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

function frame(name, data) {
  sequence += name === 'heartbeat' ? 0 : 1;
  return `event: ${name}\nid: ${epoch}:${sequence}\ndata: ${JSON.stringify({ kind: name, data })}\n\n`;
}

/** A third new cases, a half steps of recent ones, the rest levels of grids. */
function event(now) {
  const kind = random();
  if (kind > 0.83) {
    const [place, [level, score]] = [pick(places), pick(LEVELS)];
    truth.levels.set(place, level);
    return frame('warning', { place, level, score });
  }
  const known = recent.length > 0 && kind > 0.33 ? pick(recent) : undefined;
  const dot = known ? { ...known, state: pick(STATES) } : fresh(now);
  truth.cases.set(dot.number, dot);
  const at = known ? recent.indexOf(known) : recent.push(dot) - 1;
  recent[at] = dot;
  if (recent.length > 200) recent.shift();
  if (truth.cases.size > 4000) for (const number of [...truth.cases.keys()].slice(0, 2000)) truth.cases.delete(number);
  return frame('case', dot);
}

function fresh(now) {
  number += 1;
  const at = [west + (0.3 + 0.4 * random()) * (east - west), south + (0.3 + 0.4 * random()) * (north - south)];
  // The number says when it was sent, to the millisecond; the time of the report orders the list.
  return {
    number: `B${now}-${String(number).padStart(7, '0')}`, category: pick(categories), class: 'ordinary', state: 'reported', place: pick(places),
    at, reported_at: new Date(now).toISOString(), weight: 1 + Math.floor(random() * 5), title: '测试',
  };
}

/** Sends at the rate for as long as it is to last; looks at the memory so often. */
async function pour(seconds, look) {
  const began = Date.now();
  let [sent, looked] = [0, 0];
  while (Date.now() - began < seconds * 1000) {
    const due = Math.min(((Date.now() - began) / 1000) * RATE, seconds * RATE) - sent;
    const now = Date.now();
    let text = '';
    for (let n = 0; n < due; n += 1) text += event(now);
    sent += Math.max(0, Math.ceil(due));
    // The browser sets the pace where it falls behind; what it has not taken would be measured as lateness.
    if (text && !stream.write(text)) await Promise.race([new Promise((done) => stream.once('drain', done)), new Promise((done) => setTimeout(done, 500))]);
    if (((Date.now() - began) * LOOKS) / (seconds * 1000) > looked + 0.95) {
      looked += 1;
      void look();
    }
    await new Promise((done) => setTimeout(done, BEAT_MS));
  }
  return { sent, seconds: (Date.now() - began) / 1000 };
}

async function held(page, devtools) {
  // A collection of everything is the measurement's own long task, not the page's.
  await page.evaluate(() => globalThis.benchPause(true));
  // Twice: what the first one ends may hold on to more.
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  await page.evaluate(() => globalThis.benchPause(false));
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const bytes = () => globalThis.benchMemories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  const worker = page.workers().find((one) => one.url().includes('/heat-worker-'));
  const [wasm, engine] = [await page.evaluate(bytes), await worker.evaluate(bytes)];
  return { js: usedSize / 1048576, wasm: wasm / 1048576, engine: engine / 1048576 };
}

/** Runs in the page and in the worker before anything else does: keeps hold of every wasm memory. */
function hold() {
  globalThis.benchMemories = [];
  const own = WebAssembly.Instance;
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const call = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...args) => {
      const made = await call(...args);
      const memory = (made instanceof own ? made : made.instance).exports.memory;
      if (memory) globalThis.benchMemories.push(memory);
      return made;
    };
  }
}

/** Runs in the page before anything else does: long tasks, and when the list's newest row came on the screen. */
function watch() {
  // What is noted for each frame lies outside of the heap, whose growth is measured.
  const noted = () => ({ count: 0, all: new Float64Array(100_000), push(value) { this.all[this.count++] = value; } });
  const seen = { long: [], apart: [], late: noted(), frames: noted(), paused: [] };
  let newest = '';
  globalThis.benchBegin = () => {
    const apart = (entry) => seen.paused.some(([from, to]) => entry.startTime < (to ?? Infinity) && entry.startTime + entry.duration > from);
    const take = (entries) => entries.forEach((entry) => (apart(entry) ? seen.apart : seen.long).push(entry.duration));
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'longtask' });
    globalThis.benchTake = () => take(observer.takeRecords());
    globalThis.benchPause = (on) => (on ? seen.paused.push([performance.now()]) : seen.paused.at(-1).push(performance.now()));
    const look = () => {
      const first = /B(\d+)-\d+/.exec(document.querySelector('tbody tr')?.textContent ?? '');
      if (first && first[0] !== newest) {
        newest = first[0];
        // What this frame has changed is on the screen when the next begins.
        requestAnimationFrame(() => seen.late.push(Date.now() - Number(first[1])));
      }
      seen.frames.push(performance.now());
      seen.next = requestAnimationFrame(look);
    };
    look();
  };
  globalThis.benchEnd = () => {
    cancelAnimationFrame(seen.next);
    globalThis.benchTake();
    const told = ({ all, count }) => [...all.subarray(0, count)];
    const frames = told(seen.frames);
    return { long: seen.long, apart: seen.apart, late: told(seen.late), frames: frames.slice(1).map((at, n) => at - frames[n]) };
  };
}

/** Compares the page's lists with what was sent. */
async function compare(page) {
  const words = { reported: '已上报', accepted: '已受理', handling: '化解中' };
  const read = () => page.locator('tbody tr').evaluateAll((all) => all.map((row) => row.textContent));
  const rows = await read();
  const wrong = rows.filter((text) => {
    const dot = truth.cases.get(/B\d+-\d+/.exec(text)?.[0]);
    return !dot || !text.includes(words[dot.state]);
  });
  const newest = [...truth.cases.values()].at(-1).number.split('-')[0];
  const has = rows.some((text) => text.includes(newest));
  const levels = await compareLevels(page, read);
  return { rows: rows.length, wrong: wrong.length + (has ? 0 : 1), example: wrong[0], levels };
}

/** Compares the levels of the list's first grids with those that were sent last. */
async function compareLevels(page, read) {
  const words = { none: '无', blue: '蓝', yellow: '黄', red: '红' };
  await page.locator('#list-tab-warnings').click();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 20);
  const ids = new Map(grids.features.map((grid) => [grid.properties.name, grid.properties.id]));
  const rows = (await read()).map((text) => ({ text, id: [...ids].find(([name]) => text.includes(name))?.[1] }));
  const wrong = rows.filter(({ text, id }) => !text.includes(words[truth.levels.get(id) ?? 'none']));
  return { rows: rows.length, wrong: wrong.length, example: wrong[0]?.text };
}

function rows({ sent, seconds }, seen, memory, equal) {
  const over = seen.long.filter((ms) => ms > 50);
  // Of the wasm, which never shrinks, from the first to the last; of the heap, whose single looks differ by a tenth, from the first
  // third to the last, whose middles are two thirds of the time apart.
  const third = (from, key) => median(memory.slice(from, from + LOOKS / 3).map((one) => one[key]));
  const part = (first, last, times) => rounded((100 * times * (last - first)) / first, 1);
  const grown = (key) => part(memory[0][key], memory.at(-1)[key], 1);
  const growth = (key) => part(third(0, key), third(memory.length - LOOKS / 3, key), 1.5);
  const note = `${sent.toLocaleString('en')} events in ${rounded(seconds, 0)} s; ${rounded(1000 / median(seen.frames), 0)} frames a second; first page of the list: ${equal.rows} rows, ${equal.wrong} not as sent${equal.example ? ` (${equal.example})` : ''}`;
  return [
    { what: 'Events taken a second, with map, heat, list and figures', ours: rounded(sent / seconds, 0), unit: 'events/s', better: 'more', promised: RATE * 0.99, note },
    { what: 'Long tasks over 50 ms meanwhile', ours: over.length, unit: 'tasks', promised: 0, note: `longest ${rounded(Math.max(0, ...seen.long), 0)} ms; beside them ${seen.apart.length} around the collections that measuring memory takes, longest ${rounded(Math.max(0, ...seen.apart), 0)} ms` },
    { what: 'From an event to its row on the screen, p95', ours: rounded(quantile(seen.late, 0.95), 0), unit: 'ms', promised: 250, note: `median ${rounded(median(seen.late), 0)} ms, longest ${rounded(Math.max(...seen.late), 0)} ms of ${seen.late.length} changes of the first row` },
    { what: 'Growth of the page’s wasm memory after warm-up', ours: grown('wasm'), unit: '%', promised: 1, note: memory.map((one) => `${rounded(one.wasm, 0)} MB`).join(', ') },
    { what: 'Growth of the heat worker’s wasm memory after warm-up', ours: grown('engine'), unit: '%', promised: 1, note: memory.map((one) => `${rounded(one.engine, 1)} MB`).join(', ') },
    { what: 'Growth of the JS heap after warm-up, last third beside first', ours: growth('js'), unit: '%', promised: 2, note: memory.map((one) => `${rounded(one.js, 1)} MB`).join(', ') },
    { what: 'Rows of the list that are not as the server has them at the end', ours: equal.wrong, unit: 'rows', promised: 0 },
    { what: 'Grids of the list whose level is not as the server has it at the end', ours: equal.levels.wrong, unit: 'rows', promised: 0, note: `of the first ${equal.levels.rows}${equal.levels.example ? ` (${equal.levels.example})` : ''}` },
  ];
}
