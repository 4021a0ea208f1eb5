// The wall for weeks, in little: the events of a day at many times their pace, scenes in turn all the while, and after every hour of
// that day a forced collection of garbage. What grows after the first rounds grows for ever.
import { BASE, finish, launch, median, rounded, signIn, QUICK, SCREEN } from './common.mjs';

/** Hours of the day that is played, and how many times faster than it passes. */
const HOURS = Number(process.env.FENGTU_SOAK_HOURS ?? (QUICK ? 4 : 24));
const SPEED = Number(process.env.FENGTU_SOAK_SPEED ?? 60);
const HOUR_MS = 3_600_000 / SPEED;
/** Scenes in turn, each as long as it takes to fly there and to draw. */
const SECONDS = 5;
const mb = (bytes) => (bytes / 1_048_576).toFixed(1);
/** Hours that are not counted: what is kept of each street, each scene and each map is made once, and the wall asks for stations and heat
 * anew after ten minutes of its own, when it holds the old and the new at once for the first time. */
const WARM = QUICK ? 4 : Math.ceil(11 * (SPEED / 60));

const browser = await launch();
const context = await browser.newContext({ viewport: SCREEN, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
const [name, value] = (await signIn('wall')).split('=');
await context.addCookies([{ name, value, url: BASE, httpOnly: true, sameSite: 'Strict' }]);
const page = await context.newPage();
let loads = 0;
page.on('domcontentloaded', () => (loads += 1));
const failed = [];
page.on('pageerror', (error) => failed.push(error.message));
await page.addInitScript(() => {
  const { instantiateStreaming, instantiate } = WebAssembly;
  const keep = (result) => {
    const exports = (result.instance ?? result).exports;
    // Not held by the page itself: a worker's is its own.
    if (exports.memory instanceof WebAssembly.Memory) window.wasmMemory = exports.memory;
    return result;
  };
  WebAssembly.instantiateStreaming = async (...given) => keep(await instantiateStreaming.apply(WebAssembly, given));
  WebAssembly.instantiate = async (...given) => keep(await instantiate.apply(WebAssembly, given));
});
await page.route('**/config.json', async (route) => {
  const answer = await route.fetch();
  const config = await answer.json();
  for (const entry of config.wall.playlist) entry.seconds = SECONDS;
  await route.fulfill({ response: answer, json: config });
});
const devtools = await context.newCDPSession(page);
let events = 0;
await devtools.send('Network.enable');
// What comes by the stream comes in chunks of one event and more.
devtools.on('Network.dataReceived', () => (events += 1));
await devtools.send('Performance.enable');
await page.goto(`${BASE}/wall`);
await page.locator('.wall-fresh.live').waitFor();

const samples = [];
const began = Date.now();
for (let hour = 1; hour <= HOURS + WARM; hour += 1) {
  await page.waitForTimeout(Math.max(0, began + hour * HOUR_MS - Date.now()));
  // Always of the same scene: another one has other rows.
  await page.waitForFunction(() => document.querySelector('.wall-scene')?.textContent === '全区总览', undefined, { timeout: 300_000 });
  const sample = await look();
  if (hour > WARM) samples.push(sample);
  console.log(`hour ${hour - WARM}: wasm ${mb(sample.wasm)} MB, heap ${mb(sample.heap)} MB, ${sample.nodes} nodes, ${sample.listeners} listeners, ${events} messages`);
}
const fresh = await page.locator('.wall-fresh.live').count();
await browser.close();

const note = `${HOURS} h at ${SPEED}×, ${events} messages of the stream, ${samples.length} collections after ${WARM} h to warm up`;
const row = (what, key, promised) => {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const [first, last] = [median(samples.slice(0, third).map((one) => one[key])), median(samples.slice(-third).map((one) => one[key]))];
  const growth = (last / first - 1) * 100;
  return { what, ours: rounded(Math.max(0, growth)), unit: '%', better: 'less', promised, note: `from ${label(key, first)} to ${label(key, last)}` };
};
const label = (key, n) => (key === 'wasm' || key === 'heap' ? `${mb(n)} MB` : String(n));
finish([
  { ...row('The wall through a day: growth of the memory of its wasm, last third beside first', 'wasm', 1), note },
  row('The same of its JavaScript heap', 'heap', 2),
  row('The same of the nodes of its document', 'nodes', 1),
  row('The same of its listeners', 'listeners', 1),
  { what: 'Pages loaded, errors and a stream that was lost in that time', ours: loads - 1 + failed.length + (fresh ? 0 : 1), unit: 'times', better: 'less', promised: 0, note: failed[0] ?? '' },
]);

/** Forces a collection and reads what is left. */
async function look() {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const wasm = await page.evaluate(() => window.wasmMemory.buffer.byteLength);
  return { wasm, heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
