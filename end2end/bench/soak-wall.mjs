// A wall that is watched: what it holds after a collection, what it shows, and whether it was loaded anew, failed, or lost its stream.
import { BASE, SCREEN, launch, signIn } from './common.mjs';
import { compare } from './wall-figures.mjs';

/** Opens a wall in a browser of its own, each scene so many seconds. */
export async function openWall(seconds) {
  const browser = await launch();
  const context = await browser.newContext({ viewport: SCREEN, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const [name, value] = (await signIn('wall')).split('=');
  await context.addCookies([{ name, value, url: BASE, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const seen = { loads: 0, failed: [], messages: 0, opened: 0, ended: 0 };
  page.on('domcontentloaded', () => (seen.loads += 1));
  page.on('pageerror', (error) => seen.failed.push(error.message));
  await page.addInitScript(keepMemory);
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    const config = await answer.json();
    for (const entry of config.wall.playlist) entry.seconds = seconds;
    await route.fulfill({ response: answer, json: config });
  });
  const devtools = await context.newCDPSession(page);
  await watchStream(devtools, seen);
  await devtools.send('Performance.enable');
  await page.goto(`${BASE}/wall`);
  await page.locator('.wall-fresh.live').waitFor();
  return {
    seen,
    look: () => look(page, devtools),
    compare: () => compare(page),
    /** Closes it, and says how often it was ill: a stream that was lost is opened anew, but for one that is lost at the end. */
    async close() {
      const { loads, failed, messages, opened, ended } = seen;
      // Before it is closed, which ends the stream too.
      const ill = loads - 1 + failed.length + Math.max(opened - 1, ended) + (messages > 0 ? 0 : 1);
      await browser.close();
      return ill;
    },
  };
}

/** Runs in the page before anything else does: keeps hold of the memory of its wasm. */
function keepMemory() {
  const { instantiateStreaming, instantiate } = WebAssembly;
  const keep = (result) => {
    const exports = (result.instance ?? result).exports;
    // Not held by the page itself: a worker's is its own.
    if (exports.memory instanceof WebAssembly.Memory) window.wasmMemory = exports.memory;
    return result;
  };
  WebAssembly.instantiateStreaming = async (...given) => keep(await instantiateStreaming.apply(WebAssembly, given));
  WebAssembly.instantiate = async (...given) => keep(await instantiate.apply(WebAssembly, given));
}

/**
 * Counts what comes by the stream, in chunks of one event and more, how often one was opened and how often one ended. The stream is a fetch
 * like any other, known by its address; when it is opened anew, it is another request. The client does that after a loss alone, and after
 * sleep, never by a timer, and the server keeps it for as long as the session lasts: in a soak the first one is to be the only one.
 */
async function watchStream(devtools, seen) {
  const streams = new Set();
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.endsWith('/events')) streams.add(requestId);
    seen.opened = streams.size;
  });
  devtools.on('Network.dataReceived', ({ requestId }) => (seen.messages += streams.has(requestId) ? 1 : 0));
  for (const end of ['loadingFinished', 'loadingFailed']) {
    devtools.on(`Network.${end}`, ({ requestId }) => (seen.ended += streams.has(requestId) ? 1 : 0));
  }
  await devtools.send('Network.enable');
}

/** Forces a collection and reads what is left, always of the same scene: another one has other rows. */
async function look(page, devtools) {
  await page.waitForFunction(() => document.querySelector('.wall-scene')?.textContent === '全区总览', undefined, { timeout: 300_000 });
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const wasm = await page.evaluate(() => window.wasmMemory.buffer.byteLength);
  return { wasm, heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
