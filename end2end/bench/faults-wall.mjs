// Walls that are broken on purpose, each in a tab of its own: attempts that one has spent are none of another's.
import { BASE, open } from './common.mjs';
import { starve, trap, watch } from './faults-page.mjs';

/** Files of the app, wherever their names come from. */
const SCRIPT = /\/fengtu-[^/]+\.js$/;
const WASM = /\/fengtu-[^/]+\.wasm$/;
/** What takes longer never comes. */
const LONGEST_MS = 60_000;
const MINUTES = 10;

const OPENING = { from: 'from when it begins to open', gone: 'from when its files are whole again' };
const RUNNING = { from: 'from the fault', gone: 'from the fault, which goes with the page' };

/** The faults. Of those that are there while a page opens, `strike` returns what mends them. */
export const FAULTS = [
  { what: 'a trap in its wasm', strike: (page) => page.evaluate(trap), ...RUNNING },
  { what: 'memory that has run out', strike: starved, ...RUNNING },
  { what: 'a script that is missing as it opens', strike: (page) => spoilt(page, SCRIPT, missing), ...OPENING },
  { what: 'wasm that is damaged as it opens', strike: (page) => spoilt(page, WASM, cutOff), ...OPENING },
];

/** Faults that stay: in its files, or of a wall that is struck whenever it `lives`. */
export const STANDING = [
  { what: 'a missing script', prepare: (page) => page.route(SCRIPT, missing) },
  { what: 'damaged wasm', prepare: (page) => page.route(WASM, cutOff) },
  { what: 'a trap whenever it lives', lives: (page) => page.evaluate(trap) },
];

async function starved(page) {
  await page.evaluate(starve);
  // What comes next asks for figures.
  await page.keyboard.press('ArrowRight');
}

async function spoilt(page, url, answer) {
  await page.route(url, answer);
  await page.reload({ waitUntil: 'commit' });
  return () => page.unroute(url);
}

const missing = (route) => route.fulfill({ status: 404, body: 'gone' });

/** Half of the file, which is fetched once: how long that takes is no matter of the wall. */
let half;
async function cutOff(route) {
  half ??= route.fetch().then((answer) => answer.body()).then((body) => body.subarray(0, body.length / 2));
  await route.fulfill({ contentType: 'application/wasm', body: await half });
}

/** Opens a wall and waits until it has its map and every figure; `next` gives what it tells, in order. */
export async function openWall(browser, cookie, prepare = () => undefined) {
  const page = await open(browser, { cookie });
  const heard = [];
  await page.exposeFunction('tell', (one) => void heard.push(one));
  await page.addInitScript(watch);
  await prepare(page);
  await page.goto(`${BASE}/wall`);
  const next = (what, longest_ms) => first(heard, what, longest_ms);
  if (!(await next('whole'))) throw new Error('the wall does not open');
  return { page, next };
}

/** The first of a kind that was not given yet, nothing where none comes; what was told before it is forgotten. */
async function first(heard, what, longest_ms = LONGEST_MS) {
  const end = Date.now() + longest_ms;
  while (Date.now() < end) {
    const at = heard.findIndex((one) => one.what === what);
    if (at >= 0) return heard.splice(0, at + 1).at(-1);
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return undefined;
}

/** Breaks a wall: seconds from the fault to the card, and from its end until the wall lives and until it has everything again. */
export async function breakOnce(browser, cookie, { strike }) {
  const { page, next } = await openWall(browser, cookie);
  const struck = Date.now();
  // What never comes takes as long as it was waited for, and fails the promise rather than all that was measured before.
  const told = async (what) => (await next(what)) ?? { at: Date.now(), opened: struck, panels: 0 };
  const mend = await strike(page);
  const fault = mend ? undefined : (await told('fault')).at;
  const card = await told('card');
  const gone = fault ?? Date.now();
  await mend?.();
  const [live, whole] = [await told('live'), await told('whole')];
  await page.context().close();
  const since = (from, { at }) => (at - from) / 1000;
  return { card: since(fault ?? card.opened, card), live: since(gone, live), back: since(gone, whole), panels: card.panels };
}

/** How often a wall is opened anew in ten minutes while a fault stays, by the page's own clock, which is put forward. */
export async function opensAnew(browser, cookie, fault) {
  const { page, opened } = await openBroken(browser, cookie, fault);
  const stopped = page.locator('#failure [data-when=stop]');
  const stops = () => stopped.waitFor({ timeout: LONGEST_MS }).then(() => true, () => false);
  let isCalm = await stops();
  for (let half = 0; half < 2 * MINUTES && isCalm; half += 1) {
    await page.clock.fastForward(30_000);
    // An attempt asks for the page before it opens it: what is asked for after that is answered after it, unless it is gone by then.
    await page.evaluate(() => fetch('/config.json').then((answer) => answer.text())).catch(() => undefined);
    isCalm = await stops();
  }
  await page.context().close();
  const times = opened.filter((at) => at - opened[0] < MINUTES * 60_000).length - 1;
  if (!isCalm && times < 4) throw new Error(`${times} times, and then neither open nor given up`);
  return times;
}

/** Opens a wall with a clock that is put on and a fault that stays; `opened` is when, by that clock, its page was opened. */
async function openBroken(browser, cookie, { prepare, lives }) {
  const page = await open(browser, { cookie });
  const opened = [];
  await page.clock.install();
  await page.exposeFunction('tell', ({ what, at }) => {
    if (what === 'opened') opened.push(at);
    if (what === 'live') void lives?.(page);
  });
  await page.addInitScript(watch);
  await prepare?.(page);
  await page.goto(`${BASE}/wall`);
  return { page, opened };
}
