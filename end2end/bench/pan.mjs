// Frames while a hand drags the map at 1080p with grids, stations and circles; the same drag on plain Leaflet.
import { BASE, SCREEN, finish, launch, median, open, quantile, rounded, runs, signIn } from './common.mjs';
import { settled, watchDrawing } from './drawing.mjs';
import { million, serve } from './million.mjs';
import { servePeer } from './peer.mjs';

// The middle of the district, at a zoom at which it fills the screen.
const VIEW = { lon: 113.93, lat: 22.76, zoom: 13 };
const LAYERS = 'warnings.stations.appeal.legal.psychological.labels';
const CAMERA = `map=${VIEW.lon},${VIEW.lat},${VIEW.zoom}`;
const OURS = `${BASE}/?level=grid&layers=${LAYERS}&${CAMERA}`;
const ALL = `${BASE}/?level=grid&layers=${LAYERS}.heat.buildings.coverage.cases&${CAMERA}`;
const BUILT = `${BASE}/?level=grid&layers=${LAYERS}.buildings&${CAMERA}`;
const CROWD = `${BASE}/?level=grid&layers=${LAYERS}.cases&${CAMERA}`;
const HEAVY = `${BASE}/?level=grid&layers=${LAYERS}.heat.buildings&${CAMERA}`;
/** The cases that it is panned over are of the last days, in seconds. */
const LAST_S = 6 * 86_400;

const cookie = await signIn();
const peer = await servePeer(cookie);
const theirs = (renderer) => `${peer.base}/?renderer=${renderer}&lon=${VIEW.lon}&lat=${VIEW.lat}&zoom=${VIEW.zoom}`;
const browser = await launch();
try {
  const ours = await pans(OURS, '[data-picture=Circles]:not([hidden])', cookie);
  const all = await pans(ALL, '[data-picture=Heat]:not([hidden])', cookie);
  const heavy = await pans(HEAVY, '[data-picture=Heat]:not([hidden])', cookie, million(LAST_S));
  const crowd = await pans(CROWD, '[data-picture=Points]:not([hidden])', cookie, million(LAST_S, 100_000));
  const built = await pans(BUILT, '[data-picture=Points]:not([hidden])', cookie);
  const builtCanvas = await pans(`${theirs('canvas')}&buildings`, '.leaflet-overlay-pane canvas');
  const builtSvg = await pans(`${theirs('svg')}&buildings`, '.leaflet-overlay-pane svg');
  const canvas = await pans(theirs('canvas'), '.leaflet-overlay-pane canvas');
  const svg = await pans(theirs('svg'), '.leaflet-overlay-pane svg');
  const row = (what, mine, more) => ({ what, ours: fps(mine), unit: 'fps', better: 'more', note: spread(mine), ...more });
  finish([
    row('Pan at 1080p with grids, stations and circles, median', ours, { promised: 50, peer: 'plain Leaflet, canvas', theirs: fps(canvas) }),
    row('The same beside the SVG renderer, Leaflet’s default', ours, { peer: 'plain Leaflet, SVG', theirs: fps(svg) }),
    row('Pan at 1080p with grids, stations, circles and 60,000 buildings (ours gathered into squares, theirs as many markers), median', built, { peer: 'plain Leaflet, canvas', theirs: fps(builtCanvas) }),
    { ...longest('The same: the longest task, the end of the drag with it', built), peer: 'plain Leaflet, canvas', theirs: longest('', builtCanvas).ours },
    { ...longest('The same beside the SVG renderer: the longest task', built), peer: 'plain Leaflet, SVG', theirs: longest('', builtSvg).ours },
    row('Pan at 1080p with 100,000 cases, gathered as the zoom has it, grids, stations and circles, median', crowd, {}),
    { what: 'The same: long tasks over 50 ms', ours: crowd.long.filter((ms) => ms > 50).length, unit: 'tasks', note: `longest ${rounded(Math.max(0, ...crowd.long), 0)} ms` },
    row('Pan at 1080p with every layer on, median', all, {}),
    row('Pan at 1080p with heat of 1 million cases, grids, stations, circles and 60,000 buildings, median', heavy, { promised: 55 }),
    { what: 'The same: 95 of 100 frames are quicker than', ours: rounded(1000 / quantile(heavy.frames, 0.95), 1), unit: 'fps', better: 'more', promised: 45 },
    { what: 'The same: frames in which heat, or what lies above or below it, does not cover the whole map', ours: heavy.bare, unit: 'frames', note: `of ${heavy.frames.length}` },
    { what: 'The same: long tasks over 50 ms', ours: heavy.long.filter((ms) => ms > 50).length, unit: 'tasks', promised: 0, note: `longest ${rounded(Math.max(0, ...heavy.long), 0)} ms` },
  ]);
} finally {
  await browser.close();
  await peer.stop();
}

function fps({ frames }) {
  return rounded(1000 / median(frames), 1);
}

/** Leaflet's renderers draw all of it at the end of a drag, and stand still for as long. */
function longest(what, { frames, long }) {
  return { what, ours: rounded(Math.max(0, ...long), 0), unit: 'ms', note: `median ${rounded(1000 / median(frames), 1)} fps of ${frames.length} frames` };
}

function spread({ frames }) {
  const slow = (share) => rounded(1000 / quantile(frames, share), 1);
  return `5 of 100 frames below ${slow(0.95)} fps, longest frame ${rounded(quantile(frames, 1), 0)} ms; ${frames.length} frames`;
}

async function pans(url, ready, cookie, cases) {
  const page = await open(browser, { cookie });
  if (cases) await serve(page, cases);
  await page.addInitScript(watchDrawing);
  await page.goto(url);
  await page.waitForSelector(ready, { state: 'attached' });
  await settled(page);
  const frames = [];
  await page.evaluate(() => {
    globalThis.benchLong = [];
    new PerformanceObserver((list) => benchLong.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  let bare = 0;
  for (let run = 0; run < runs(5, 1); run += 1) {
    const seen = await pan(page);
    frames.push(...seen.frames);
    bare += seen.bare;
  }
  const long = await page.evaluate(() => benchLong);
  await page.context().close();
  return { frames, long, bare };
}

/** Drags along a rectangle and back, 600 pixels a second, and returns the time of each frame in ms, and how many showed bare ground. */
async function pan(page) {
  const middle = { x: SCREEN.width / 2, y: SCREEN.height / 2 };
  const way = [[-500, 0], [-500, -250], [300, -250], [300, 200], [0, 0]];
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.evaluate(() => {
    const times = [];
    globalThis.benchBare = 0;
    const map = document.querySelector('.leaflet-container').getBoundingClientRect();
    const covers = ({ left, top, right, bottom }) => left <= map.left + 0.5 && top <= map.top + 0.5 && right >= map.right - 0.5 && bottom >= map.bottom - 0.5;
    // A sheet has two faces, of which one is shown: either may cover the map.
    const faces = ['Under', 'Over'].map((part) => `canvas[data-sheet=${part}]`);
    const laid = [...faces, 'canvas[data-picture=Heat]'].map((each) => [...document.querySelectorAll(each)]);
    const note = (at) => {
      times.push(at);
      globalThis.benchBare += laid.every((each) => each.some((canvas) => !canvas.hidden && covers(canvas.getBoundingClientRect()))) ? 0 : 1;
      globalThis.benchFrame = requestAnimationFrame(note);
    };
    globalThis.benchFrames = times;
    globalThis.benchFrame = requestAnimationFrame(note);
  });
  let from = [0, 0];
  for (const to of way) {
    await drag(page, middle, from, to);
    from = to;
  }
  const [times, bare] = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.benchFrame);
    return [globalThis.benchFrames, globalThis.benchBare];
  });
  await page.mouse.up();
  await settled(page);
  return { frames: times.slice(1).map((at, index) => at - times[index]), bare };
}

async function drag(page, middle, from, to) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const took = (length / 600) * 1000;
  const began = performance.now();
  for (let part = 0; part < 1; ) {
    part = Math.min(1, (performance.now() - began) / took);
    const at = (axis) => from[axis] + (to[axis] - from[axis]) * part;
    await page.mouse.move(middle.x + at(0), middle.y + at(1));
  }
}
