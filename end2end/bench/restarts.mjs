// A server that is killed and started again, over and over, under one wall that is never loaded anew and goes through all of its scenes.
// The district moves all the while; now and then it stands still, and then every figure of the wall is what the API says, and others than
// the last time.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finish, launch, OUT, PORT, QUICK, quantile, rounded, SCREEN } from './common.mjs';
import { changed, compare, figuresOf, firstOf, hold, turn, turnToFirst } from './wall-figures.mjs';

const TIMES = Number(process.env.FENGTU_RESTARTS ?? (QUICK ? 10 : 200));
/** After so many restarts the district stands still and the figures are compared, and after the last; between two looks it moves. */
const LOOK_EVERY = 20;
/** Changes a second of the district, and how many are written before a server that moves it is killed. */
const [PACE, CHANGES] = [20, 5];
/** Every scene, streets one by one: with each restart the next is on, as it asks for what it shows; else each for as short as a wall takes it. */
const SCENES = ['district', 'heat', 'stations', 'mediation', 'warnings', 'psychological', 'streets'];
const SECONDS = 5;
const BASE = `http://127.0.0.1:${PORT}`;
const DATA = `${OUT}/restarts`;
const CONFIG = `${OUT}/restarts.json`;
const DIST = process.env.FENGTU_DIST ?? 'dist';
const isLook = (nth) => nth === TIMES || (nth % LOOK_EVERY === 0 && nth < TIMES - 1);

await rm(DATA, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await writeFile(CONFIG, await config());
// Whatever stops this script stops the server that it left running: a signal alone would not.
let server;
process.on('exit', () => server?.kill('SIGKILL'));
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) process.once(signal, () => process.exit(code));
await start(0);
const browser = await launch();
const context = await browser.newContext({ viewport: SCREEN, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
const signed = await context.request.post(`${BASE}/api/v1/session`, { headers: { 'x-fengtu': '1' }, data: { name: 'wall', password: 'fengtu-demo' } });
if (!signed.ok()) throw new Error(`signing in: ${signed.status()}`);
const page = await context.newPage();
let loads = 0;
page.on('domcontentloaded', () => (loads += 1));
const broken = [];
page.on('pageerror', (error) => broken.push(error.message));
const heard = { snapshots: 0, streams: 0 };
page.on('response', (response) => {
  const { pathname } = new URL(response.url());
  if (!response.ok()) return;
  if (pathname === '/api/v1/snapshot') Object.assign(heard, { snapshots: heard.snapshots + 1, streams: 0 });
  if (pathname === '/api/v1/events') heard.streams += 1;
});
const devtools = await context.newCDPSession(page);
await devtools.send('Performance.enable');
await page.goto(`${BASE}/wall`);
await page.locator('.wall-fresh.live').waitFor();

const looks = [await look(0)];
const back = [];
const on = new Map();
let heap = 0;
for (let nth = 1; nth <= TIMES; nth += 1) {
  await turn(page);
  const name = await scene();
  on.set(name, (on.get(name) ?? 0) + 1);
  server.kill('SIGKILL');
  await new Promise((done) => server.once('exit', done));
  heard.snapshots = 0;
  const began = Date.now();
  await start(isLook(nth) ? 0 : PACE);
  await isBack(nth);
  back.push((Date.now() - began) / 1000);
  if (isLook(nth)) looks.push(await look(nth));
  else await moved();
  if (nth === Math.ceil(TIMES / 10)) heap = await used();
}
const growth = ((await used()) / heap - 1) * 100;
await browser.close();
server.kill('SIGKILL');
const others = looks.slice(1).map((one, n) => changed(looks[n].shown, one.shown));
if (others.includes(0)) throw new Error('the district did not move: nothing is proven');
const wrong = looks.flatMap((one) => one.wrong);
const slowest = rounded(Math.max(...looks.map((one) => one.seconds)), 1);
finish([
  {
    what: 'Restarts of the server under one wall, without loading its page: pages loaded, errors',
    ours: loads - 1 + broken.length,
    unit: 'times',
    better: 'less',
    promised: 0,
    note: `${TIMES} restarts, each a kill without warning, ${TIMES - looks.length + 1} of them of a server that writes${firstOf(broken)}`,
  },
  {
    what: 'Figures on the wall that are not what the API says, between them and after the last',
    ours: wrong.length,
    unit: 'figures',
    better: 'less',
    promised: 0,
    note: `${looks.length} looks at ${figuresOf(looks[0])} figures, rows and drawings of a wall that calls itself live, each while the district stands still; ${wrong.length ? 'looked at for' : 'all right within'} ${slowest} s at most, as the wall asks every 20 s${firstOf(wrong)}`,
  },
  {
    what: 'Figures of them that had become others from one look to the next, the fewest',
    ours: Math.min(...others),
    unit: 'figures',
    better: 'more',
    note: `${changed(looks[0].shown, looks.at(-1).shown)} from the first look to the last; with none the run fails, as it has proven nothing`,
  },
  {
    what: 'Start of the server until the wall has the state anew and the stream after it, median',
    ours: rounded(quantile(back, 0.5)),
    unit: 's',
    better: 'less',
    note: `p95 ${rounded(quantile(back, 0.95))} s`,
  },
  {
    what: 'Scenes of the wall that were on as the server was killed, streets one by one',
    ours: on.size,
    unit: 'scenes',
    better: 'more',
    note: [...on].map(([name, times]) => `${name} ${times}`).join(', '),
  },
  { what: 'Growth of the JavaScript heap from the first tenth of the restarts to the last', ours: rounded(Math.max(0, growth)), unit: '%', better: 'less' },
]);

/** The client's configuration with every scene; a look waits for the first one, so that each is at the same figures. */
async function config() {
  const file = JSON.parse(await readFile(resolve(process.env.FENGTU_ROOT ?? '.', DIST, 'config.json'), 'utf8'));
  return JSON.stringify({ ...file, wall: { ...file.wall, playlist: SCENES.map((scene) => ({ scene, seconds: SECONDS })) } });
}

/** What the wall speaks of: of a place that has turned red, that it has. */
async function scene() {
  return (await page.locator('.wall-scene').textContent()).split('：')[0];
}

async function look(nth) {
  await turnToFirst(page);
  const one = await compare(page);
  console.log(`${nth} restarts, ${loads - 1} pages loaded anew; ${one.wrong.length} figures wrong after ${rounded(one.seconds, 1)} s`);
  one.wrong.forEach((figure) => console.log(figure));
  return one;
}

/** Waits for the stream that goes on from a snapshot of the new server: the first one is told that its position is of another history. */
async function isBack(nth) {
  for (const began = Date.now(); heard.snapshots === 0 || heard.streams === 0; await page.waitForTimeout(20)) {
    if (Date.now() - began > 60_000) throw new Error(`the wall did not come back after restart ${nth}`);
  }
}

/** Waits until some changes are written since now. */
async function moved() {
  const from = await position();
  for (const began = Date.now(); (await position()) < from + CHANGES; await page.waitForTimeout(50)) {
    if (Date.now() - began > 60_000) throw new Error('the district does not move');
  }
}

async function position() {
  const answer = await context.request.get(`${BASE}/api/v1/snapshot`);
  return Number((await answer.json()).position.split(':')[1]);
}

/** The heap after a collection, always of the same scene: another one has other rows. */
async function used() {
  await turnToFirst(page);
  await hold(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'JSHeapUsedSize').value;
}

async function start(pace) {
  const district = ['--demo', 'guangming', '--seed', '7', '--cases', '3000', '--live', String(pace)];
  const args = ['--listen', `127.0.0.1:${PORT}`, '--data', DATA, '--dist', DIST, '--config', CONFIG, ...district];
  server = spawn(process.env.FENGTU_SERVER, args, { cwd: process.env.FENGTU_ROOT, stdio: 'ignore' });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`);
    if (await fetch(`${BASE}/api/v1/health`).then((answer) => answer.ok, () => false)) return;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
