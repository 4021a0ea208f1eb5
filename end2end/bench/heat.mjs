// Heat redrawn at 1080p after a pan, ours and the usual peers' on the same points, each in a browser of its own; the wire; playback.
import { SCREEN, finish, launch, median, memoryOf, open, quantile, rounded, runs } from './common.mjs';
import { serveHeat } from './heat-page.mjs';

const PEERS = [
  { layer: 'leaflet-heat', name: 'leaflet.heat 0.2.0' },
  { layer: 'heatmap-js', name: 'heatmap.js 2.0.5' },
  { layer: 'maplibre', name: 'MapLibre GL 6.17.0', gl: true },
  { layer: 'deck', name: 'deck.gl 9.4.0', gl: true },
];
const SIZES = [10_000, 100_000, 1_000_000];
const LARGE = [4_000_000, 10_000_000];
/** After so long a peer that has drawn nothing cannot. */
const PATIENCE_MS = 180_000;
/** The desk's: of the view, on each side. */
const MARGIN = 0.2;
const words = (count) => (count >= 1_000_000 ? `${count / 1_000_000} million` : count.toLocaleString('en'));

/** A layer that would not come to an end. */
class TooSlow extends Error {}

const rows = [];
const base = await serveHeat();
const ours = new Map();
for (const count of [...SIZES, ...LARGE]) ours.set(count, await measure('ours', count));
// By half a pixel of the picture besides: nothing that was binned can be kept.
const anew = new Map();
for (const count of [1_000_000, ...LARGE]) anew.set(count, await measure('ours', count, { odd: 1 }));
// A zoom further the cases lie over twice as much of the screen each way, and over all of its height.
const near = { ours: await measure('ours', 1_000_000, { odd: 1, zoom: 13 }), theirs: await measure('leaflet-heat', 1_000_000, { zoom: 13 }) };
const wide = { panned: await measure('ours', 1_000_000, { margin: MARGIN }), anew: await measure('ours', 1_000_000, { odd: 1, margin: MARGIN }) };
for (const count of SIZES) {
  for (const peer of PEERS) rows.push(...beside(count, peer, await measure(peer.layer, count, { gl: peer.gl })));
}
rows.push(...itself(), ...(await more()));
await base.stop();
finish(rows);

/** Opens a layer in a browser of its own and lets it pan; says why where it cannot. */
async function measure(layer, count, { gl = false, odd = 0, margin = 0, zoom = 12 } = {}) {
  const browser = await launch({ gl });
  try {
    const page = await open(browser);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const late = (what) => new Promise((_, fail) => setTimeout(() => fail(new TooSlow(`${what} took more than ${PATIENCE_MS / 1000} s`)), PATIENCE_MS).unref());
    await page.goto(`${base.base}/heat?zoom=${zoom}`);
    await page.waitForFunction(() => globalThis.benchReady);
    const empty = await memoryOf(browser);
    await Promise.race([page.evaluate(([layer, count]) => benchOpen(layer, count), [layer, count]), late('loading')]);
    await Promise.race([page.evaluate((more) => benchSeries(3, 10_000, ...more), [odd, margin]), late('the first redraws')]);
    const { all, long } = await Promise.race([page.evaluate((asked) => benchSeries(...asked), [runs(60, 8), 20_000, odd, margin]), late('redraws')]);
    const memory = (await memoryOf(browser)) - empty;
    if (errors.length) throw new Error(errors[0]);
    const of = (key) => all.map((one) => one[key]);
    console.log(`${layer} ${count}${odd ? ' anew' : ''}${margin ? ' with a margin' : ''}${zoom === 12 ? '' : ` at zoom ${zoom}`}: ${rounded(median(of('ms')))} ms, main thread ${rounded(median(of('main')))} ms, ${long.length} long tasks, ${rounded(memory, 0)} MB`);
    return { ms: of('ms'), main: of('main'), long, memory };
  } catch (error) {
    // A peer that is not set up right has lost nothing.
    if (!(error instanceof TooSlow)) throw error;
    console.log(`${layer} ${count}: cannot: ${error.message.split('\n')[0]}`);
    return { cannot: error.message.split('\n')[0] };
  } finally {
    await browser.close();
  }
}

function told({ ms, main, long, memory }) {
  return `p95 ${rounded(quantile(ms, 0.95), 1)} ms, main thread ${rounded(median(main), 1)} ms, ${long.length} long tasks, ${rounded(memory, 0)} MB`;
}

/** Ours after a pan of whole pixels of its picture, which the desk's and the wall's are; and where nothing that was binned can be kept. */
function beside(count, peer, theirs) {
  const row = (how, mine) => {
    const one = { what: `Heat of ${words(count)} cases redrawn ${how}, beside ${peer.name}`, ours: rounded(median(mine.ms), 2), unit: 'ms', peer: peer.name };
    if (theirs.cannot) return { ...one, atLeast: wanted(count, peer), note: `ours ${told(mine)}; theirs cannot: ${theirs.cannot}` };
    return { ...one, theirs: rounded(median(theirs.ms), 2), note: `ours ${told(mine)}; theirs ${told(theirs)}; ${theirs.ms.length} redraws`, atLeast: wanted(count, peer) };
  };
  const panned = row('after a pan, what stays in view kept as it was binned', ours.get(count));
  return anew.has(count) ? [panned, row('with all of them binned anew', anew.get(count))] : [panned];
}

/** The promised ratio, where there is one. */
function wanted(count, peer) {
  if (count === 1_000_000 && peer.layer === 'leaflet-heat') return 10;
  return count === 100_000 && peer.gl ? 1 : undefined;
}

function itself() {
  const at = (count) => median(anew.get(count).ms);
  const perCase = (from, to) => rounded(((at(to) - at(from)) * 1e6) / (to - from), 2);
  const million = anew.get(1_000_000);
  return [
    { what: 'Heat of 1 million cases, a frame at half resolution with all of them binned anew', ours: rounded(at(1_000_000), 2), unit: 'ms', promised: 16.7, note: told(million) },
    { what: 'of it the main thread', ours: rounded(median(million.main), 2), unit: 'ms', promised: 4 },
    { what: 'The same with the desk’s margin around it, which is drawn once what is seen has been, or while a pan nears its end', ours: rounded(median(wide.anew.ms), 2), unit: 'ms', note: `${1 + 2 * MARGIN} times as wide and as high; after a pan ${rounded(median(wide.panned.ms), 1)} ms; ${told(wide.anew)}` },
    { what: 'The same a zoom further, where the cases lie over all of the height, beside leaflet.heat 0.2.0', ours: rounded(median(near.ours.ms), 2), unit: 'ms', promised: 16.7, atLeast: 10, peer: PEERS[0].name, theirs: near.theirs.cannot ? undefined : rounded(median(near.theirs.ms), 2), note: `ours ${told(near.ours)}; theirs ${near.theirs.cannot ?? told(near.theirs)}` },
    ...LARGE.map((count) => ({ what: `Heat of ${words(count)} cases, a frame with all of them binned anew`, ours: rounded(at(count), 1), unit: 'ms', note: told(anew.get(count)) })),
    ...LARGE.map((count) => ({ what: `Heat of ${words(count)} cases redrawn after a pan`, ours: rounded(median(ours.get(count).ms), 1), unit: 'ms', note: told(ours.get(count)) })),
    { what: 'Cost of a case more, 1 million to 10 million', ours: perCase(1_000_000, 10_000_000), unit: 'ns', promised: 6, note: `1 to 4 million ${perCase(1_000_000, 4_000_000)} ns, 4 to 10 million ${perCase(4_000_000, 10_000_000)} ns` },
  ];
}

async function playTenMillion() {
  const browser = await launch();
  try {
    const page = await open(browser);
    await page.goto(`${base.base}/heat`);
    await page.waitForFunction(() => globalThis.benchReady);
    await page.evaluate(() => benchOpen('ours', 10_000_000));
    return await page.evaluate((steps) => benchAsk('play', steps), runs(90, 10));
  } finally {
    await browser.close();
  }
}

/** What only ours does: a year played back, and a million cases from the wire into columns. */
async function more() {
  const browser = await launch();
  try {
    const page = await open(browser);
    await page.goto(`${base.base}/heat`);
    await page.waitForFunction(() => globalThis.benchReady);
    await page.evaluate(() => benchOpen('ours', 1_000_000));
    const ask = (...what) => page.evaluate((what) => benchAsk(...what), what);
    const steps = runs(365, 40);
    const [plain, cooling] = [await ask('play', steps), await ask('play', steps, 7 * 86_400)];
    const tenfold = await playTenMillion();
    const wire = await ask('load', 'columns', runs(11, 3));
    const json = await ask('load', 'geojson', runs(3, 1));
    const [quick, slow] = [median(wire.all), median(json.all)];
    return [
      { what: 'Playback of a year of 1 million cases, a month in each picture', ours: rounded(plain, 1), unit: 'steps/s', better: 'more', promised: 30, note: `${SCREEN.width}×${SCREEN.height}, every step drawn and laid on a canvas before the next is asked for; no frame of the screen is waited for` },
      { what: 'Cost of a case more, 1 million to 10 million, where each picture is of another month: weighed and binned anew', ours: rounded(((1000 / tenfold - 1000 / plain) * 1e6) / 9e6, 2), unit: 'ns', note: `${rounded(1000 / plain, 1)} ms and ${rounded(1000 / tenfold, 1)} ms a picture` },
      { what: 'The same year of 10 million cases', ours: rounded(tenfold, 1), unit: 'steps/s', better: 'more' },
      { what: 'A year of 1 million cases with cases that cool', ours: rounded(cooling, 1), unit: 'steps/s', better: 'more', promised: 30 },
      { what: '1 million cases from the wire into the worker’s columns, in spatial order', ours: rounded(1000 / quick, 1), unit: 'M cases/s', better: 'more', promised: 20, peer: 'the same cases as GeoJSON into the same columns', theirs: rounded(1000 / slow, 3), atLeast: 30, note: `${rounded(quick, 1)} ms against ${rounded(slow, 0)} ms` },
      { what: 'Bytes of a case on the wire, uncompressed', ours: rounded(wire.bytes / 1e6, 2), unit: 'bytes', promised: 12, peer: 'GeoJSON', theirs: rounded(json.bytes / 1e6, 1), note: `10 a case, and one head of ${wire.bytes - 10_000_000}` },
    ];
  } finally {
    await browser.close();
  }
}
