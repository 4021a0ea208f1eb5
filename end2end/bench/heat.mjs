// A million points redrawn after a pan at 1080p: our engine as Chromium runs it, and leaflet.heat on the same points.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TARGET, finish, launch, median, open, quantile, rounded, runs } from './common.mjs';
import { servePeer } from './peer.mjs';

// With vector instructions, as the browsers that we promise have them.
const WASM = 'vectors/wasm32-unknown-unknown/worker/examples/redraw.wasm';
const POINTS = 1_000_000;

const peer = await servePeer(undefined, { '/redraw.wasm': await readFile(join(TARGET, WASM)) });
const browser = await launch();
try {
  const ours = await measure('fillOurs', 'redrawOurs');
  const theirs = await measure('fillTheirs', 'redrawTheirs');
  const of = (all, key) => all.map((one) => one[key]);
  finish([
    {
      what: 'Heat of 1,000,000 points redrawn at 1080p, to the last instruction', ours: rounded(median(of(ours, 'ms')), 1), unit: 'ms',
      peer: 'leaflet.heat 0.2.0', theirs: rounded(median(of(theirs, 'ms')), 1),
      note: `p95 ${rounded(quantile(of(ours, 'ms'), 0.95), 1)} ms against ${rounded(quantile(of(theirs, 'ms'), 0.95), 1)} ms; of ours the engine ${rounded(median(of(ours, 'engine')), 1)} ms at half resolution`,
    },
  ]);
} finally {
  await browser.close();
  await peer.stop();
}

/** Each in a page of its own: a million points of one must not be in the memory of the other. */
async function measure(fill, redraw) {
  const page = await open(browser);
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`${peer.base}/heat`);
  await page.evaluate(`${fill}(${POINTS})`);
  await page.evaluate(`series(${redraw}, 5)`);
  const all = await page.evaluate(`series(${redraw}, ${runs(60, 8)})`);
  await page.context().close();
  return all;
}
