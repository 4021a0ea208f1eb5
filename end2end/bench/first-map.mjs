// First map with every layer: from the start of loading, with an empty cache, until the last layer is on the screen.
import { BASE, finish, launch, median, open, quantile, rounded, runs, signIn } from './common.mjs';
import { settled, watchDrawing } from './drawing.mjs';
import { servePeer } from './peer.mjs';

// Every layer of the panel (doors and single cases are drawn from nearer on, and asked for all the same); the grid level, so that all 1,734 are drawn.
const LAYERS = 'warnings.stations.appeal.legal.psychological.coverage.heat.cases.buildings.labels';
const PICTURES = ['Base', 'Areas', 'Heat', 'Coverage', 'Circles', 'Names', 'Stations'];

const cookie = await signIn();
const peer = await servePeer(cookie);
const browser = await launch();
try {
  const ours = await times(() => firstMap(`${BASE}/?level=grid&layers=${LAYERS}`, allPictures, cookie));
  const usual = await times(() => firstMap(`${BASE}/?level=grid`, somePictures, cookie));
  const svg = await times(() => firstMap(`${peer.base}/?renderer=svg`, peerReady));
  const canvas = await times(() => firstMap(`${peer.base}/?renderer=canvas`, peerReady));
  const seconds = (all) => rounded(median(all.map((one) => one.ms)) / 1000);
  const spread = (all) => `${rounded(quantile(all.map((one) => one.ms), 0) / 1000)}–${rounded(quantile(all.map((one) => one.ms), 1) / 1000)} s in ${all.length} runs`;
  const carried = ours.at(-1);
  finish([
    {
      what: 'First map with all layers on a warm server, 1080p, empty cache', ours: seconds(ours), unit: 's', promised: 2.5,
      peer: 'plain Leaflet, SVG, with grids, stations and circles only', theirs: seconds(svg), note: spread(ours),
    },
    {
      what: 'The same with the layers that are on when nobody has chosen', ours: seconds(usual), unit: 's',
      peer: 'plain Leaflet, canvas, with grids, stations and circles only', theirs: seconds(canvas), note: spread(usual),
    },
    {
      what: 'Data of that first map with all layers, as transferred', ours: rounded(carried.dataBytes / 1000), unit: 'kB',
      note: `${carried.dataAnswers} answers of the API, live stream left out; app and its files ${rounded(carried.fileBytes / 1000)} kB`,
    },
  ]);
} finally {
  await browser.close();
  await peer.stop();
}

async function times(measure) {
  const all = [];
  // The first one warms the browser and the server up.
  for (let run = 0; run <= runs(7, 2); run += 1) all.push(await measure());
  return all.slice(1);
}

async function firstMap(url, ready, cookie) {
  const page = await open(browser, { cookie });
  const weight = await weigh(page);
  await page.addInitScript(watchDrawing);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(ready, PICTURES, { polling: 50, timeout: 60_000 });
  const ms = await settled(page);
  await page.context().close();
  return { ms, ...weight };
}

function allPictures(names) {
  return names.every((name) => document.querySelector(`canvas[data-picture="${name}"]:not([hidden])`));
}

function somePictures() {
  return ['Areas', 'Stations', 'Names'].every((name) => document.querySelector(`canvas[data-picture="${name}"]:not([hidden])`));
}

function peerReady() {
  return globalThis.benchReady?.grids > 1000;
}

/** Counts what travels, in bytes on the wire. */
async function weigh(page) {
  const weight = { dataBytes: 0, dataAnswers: 0, fileBytes: 0 };
  const cdp = await page.context().newCDPSession(page);
  const urls = new Map();
  cdp.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const isData = urls.get(requestId)?.includes('/api/');
    weight[isData ? 'dataBytes' : 'fileBytes'] += encodedDataLength;
    if (isData) weight.dataAnswers += 1;
  });
  await cdp.send('Network.enable');
  return weight;
}
