// Playback by the desk's own button: a year of days at thirty a second, each in a month of a million cases, and the heat of each.
import { BASE, SCREEN, finish, launch, median, open, quantile, QUICK, rounded, runs, signIn } from './common.mjs';
import { settled, watchDrawing } from './drawing.mjs';
import { watchFrames } from './frames.mjs';
import { million, serve } from './million.mjs';
import { servePeer } from './peer.mjs';

// The middle of the district, at a zoom at which it fills the screen.
const CAMERA = 'map=113.93,22.76,13';
/** So long after the last day its picture is waited for. */
const END_MS = 1000;

const cookie = await signIn();
const cases = million();
const browser = await launch();
try {
  const heat = await play('heat');
  const all = await play('warnings.heat');
  const theirs = await recolour();
  finish([
    row('Playback of a year of 1 million cases by the desk’s own button', heat, { promised: 30 }),
    { what: 'Main thread of the desk for each of these pictures, all that it does meanwhile', ours: rounded(heat.busy / heat.heat.length, 2), unit: 'ms', note: 'every task of the page: the day, the slider, the address, the message, the canvas' },
    row('The same with the levels of 1,734 grids, which follow it', all, { peer: 'plain Leaflet, canvas: setStyle of each grid, as often as it can', theirs: rounded(theirs, 1) }),
  ]);
} finally {
  await browser.close();
}

/** How many times a second plain Leaflet gives every grid another level, with heat nowhere. */
async function recolour() {
  const peer = await servePeer(cookie);
  const page = await open(browser);
  await page.goto(`${peer.base}/?renderer=canvas&lon=113.93&lat=22.76&zoom=13`);
  await page.waitForFunction(() => globalThis.benchReady);
  const ms = await page.evaluate(async (times) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const began = performance.now();
    for (let n = 0; n < times; n += 1) {
      benchLevels(n);
      await frame();
    }
    return (performance.now() - began) / times;
  }, runs(60, 10));
  await page.context().close();
  await peer.stop();
  return 1000 / ms;
}

/** A step counts with its picture: of pictures and days the fewer. */
function row(what, { days, heat }, more) {
  const seconds = (days.at(-1) - days[0]) / 1000;
  const painted = heat.filter((at) => at > days[0] && at <= days.at(-1) + END_MS);
  const steps = Math.min(painted.length, days.length - 1);
  const apart = painted.slice(1).map((at, n) => at - painted[n]);
  const note = `${SCREEN.width}×${SCREEN.height}, 30 days a second chosen; ${days.length} days and ${painted.length} frames with another picture of heat in ${rounded(seconds, 1)} s; from picture to picture median ${rounded(median(apart), 1)} ms, p95 ${rounded(quantile(apart, 0.95), 1)} ms, longest ${rounded(quantile(apart, 1), 0)} ms`;
  return { what, ours: rounded(steps / seconds, 1), unit: 'steps/s', better: 'more', note, ...more };
}

/** Plays the year, a quarter of it for a quick look, and returns when each day was said and each picture of heat painted. */
async function play(layers) {
  const page = await open(browser, { cookie });
  await serve(page, cases);
  await page.addInitScript(watchDrawing);
  await page.addInitScript(watchFrames);
  await page.addInitScript(watchHeat);
  await page.goto(`${BASE}/?level=grid&layers=${layers}&${CAMERA}`);
  await page.waitForSelector('[data-picture=Heat]:not([hidden])', { state: 'attached' });
  await settled(page);
  if (!QUICK) {
    await page.locator('.time-slider').press('Home');
    await settled(page);
  }
  await page.getByText('30 天/秒').click();
  await page.locator('.time-word').evaluate((output) => {
    const said = () => globalThis.benchPlay.days.push(performance.now());
    new MutationObserver(said).observe(output, { childList: true, characterData: true, subtree: true });
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  const before = await busy();
  await page.getByRole('button', { name: '播放', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('.time-word').textContent === '实时' && globalThis.benchPlay.days.length > 80, null, { timeout: 180_000 });
  const after = await busy();
  await page.waitForTimeout(END_MS);
  const { heat, days, times } = await page.evaluate(() => ({ ...globalThis.benchPlay, times: globalThis.benchFrames.times }));
  await page.context().close();
  // What was painted last may be for a frame that has not come yet.
  return { heat: heat.flatMap((frame) => times[frame] ?? []), days, busy: after - before };
}

/** Runs in the page after `watchFrames`: notes each frame of the screen that has another picture of heat. */
function watchHeat() {
  const seen = { heat: [], days: [] };
  globalThis.benchPlay = seen;
  const paint = CanvasRenderingContext2D.prototype;
  for (const name of ['drawImage', 'putImageData']) {
    const own = paint[name];
    paint[name] = function (...args) {
      const frame = globalThis.benchFrames.current();
      // Of two in one people see the second.
      if (this.canvas.dataset.picture === 'Heat' && seen.heat.at(-1) !== frame) seen.heat.push(frame);
      return own.apply(this, args);
    };
  }
}
