// A server that is killed and started again, over and over, under one wall that is never loaded anew: its figures are the same afterwards.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { finish, launch, OUT, PORT, QUICK, quantile, rounded, SCREEN } from './common.mjs';

const TIMES = Number(process.env.FENGTU_RESTARTS ?? (QUICK ? 10 : 200));
const BASE = `http://127.0.0.1:${PORT}`;
const DATA = `${OUT}/restarts`;

await rm(DATA, { recursive: true, force: true });
let server = await start();
const browser = await launch();
const context = await browser.newContext({ viewport: SCREEN, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
const signed = await context.request.post(`${BASE}/api/v1/session`, { headers: { 'x-fengtu': '1' }, data: { name: 'wall', password: 'fengtu-demo' } });
if (!signed.ok()) throw new Error(`signing in: ${signed.status()}`);
const page = await context.newPage();
let loads = 0;
page.on('domcontentloaded', () => (loads += 1));
const broken = [];
page.on('pageerror', (error) => broken.push(error.message));
let opened = 0;
page.on('response', (response) => {
  if (response.url().includes('/api/v1/events') && response.ok()) opened += 1;
});
const devtools = await context.newCDPSession(page);
await devtools.send('Performance.enable');
await page.goto(`${BASE}/wall`);
await page.locator('.wall-fresh.live').waitFor();
await page.waitForFunction(() => document.querySelectorAll('.wall-waiting').length === 0);
await page.keyboard.press('Shift');
const before = await figures();
const back = [];
let heap = 0;
for (let turn = 1; turn <= TIMES; turn += 1) {
  const was = opened;
  server.kill('SIGKILL');
  await new Promise((done) => server.once('exit', done));
  const began = Date.now();
  server = await start();
  while (opened === was) {
    await page.waitForTimeout(50);
    if (Date.now() - began > 60_000) throw new Error(`the wall did not come back after restart ${turn}`);
  }
  back.push((Date.now() - began) / 1000);
  if (turn % 20 === 0) console.log(`${turn} restarts, ${loads - 1} pages loaded anew`);
  if (turn === Math.ceil(TIMES / 10)) heap = await used();
}
// The district stands still here: when all has been asked again, every figure is what it was.
await page.waitForTimeout(25_000);
const after = await figures();
const growth = ((await used()) / heap - 1) * 100;
await browser.close();
server.kill('SIGKILL');
const other = before.filter((figure, n) => figure !== after[n]).length + Math.abs(before.length - after.length);
finish([
  { what: `Restarts of the server under one wall, without loading its page: pages loaded, errors`, ours: loads - 1 + broken.length, unit: 'times', better: 'less', promised: 0, note: `${TIMES} restarts, each a kill without warning` },
  { what: 'Figures on the wall that were another after them', ours: other, unit: 'figures', better: 'less', promised: 0, note: `of ${before.length}` },
  { what: 'Start of the server until the wall’s stream is back, median', ours: rounded(quantile(back, 0.5)), unit: 's', better: 'less', note: `p95 ${rounded(quantile(back, 0.95))} s` },
  { what: 'Growth of the JavaScript heap from the first tenth of the restarts to the last', ours: rounded(Math.max(0, growth)), unit: '%', better: 'less' },
]);

/** Every figure of the wall, as people read it. What the clock moves is none. */
function figures() {
  return page.locator('.wall-hero:not(:first-child) .wall-value, .wall-panel:not([aria-labelledby=wall-stations]) .wall-figure').allTextContents();
}

async function used() {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'JSHeapUsedSize').value;
}

async function start() {
  const args = ['--listen', `127.0.0.1:${PORT}`, '--data', DATA, '--dist', process.env.FENGTU_DIST ?? 'dist', '--demo', 'guangming', '--seed', '7', '--cases', '3000'];
  const child = spawn(process.env.FENGTU_SERVER, args, { cwd: process.env.FENGTU_ROOT, stdio: 'ignore' });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    if (await fetch(`${BASE}/api/v1/health`).then((answer) => answer.ok, () => false)) return child;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
