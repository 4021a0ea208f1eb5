// Cases gathered into clusters: ours for the zoom that is looked at, in the worker, whenever something has changed; supercluster,
// which has to make a hierarchy of all zooms first. Same cases, same distance on the screen.
import { finish, launch, median, open, rounded, runs } from './common.mjs';
import { serveHeat } from './heat-page.mjs';

const COUNTS = [100_000, 1_000_000];
const ZOOMS = [10, 11, 12, 13, 14, 15, 16, 17, 18];
/** Those that stand in the table: the whole district, a street, and where hardly anything is gathered any more. */
const SHOWN = [10, 14, 16, 18];

const base = await serveHeat();
const browser = await launch();
try {
  const rows = [];
  for (const count of COUNTS) rows.push(...(await beside(count)));
  finish(rows);
} finally {
  await browser.close();
  await base.stop();
}

async function beside(count) {
  const ours = await measured('ours', count, async (ask) => ({ gathered: await rounds(ask), made: [0] }));
  const theirs = await measured('supercluster', count, async (ask) => ({ made: await ask('load', runs(5, 2)), gathered: await rounds(ask) }));
  const words = count === 1_000_000 ? '1 million' : count.toLocaleString('en');
  const made = median(theirs.made);
  const peer = 'supercluster 8.0.1';
  return SHOWN.flatMap((zoom) => {
    const [mine, other] = [ours, theirs].map(({ gathered }) => median(gathered.filter((one) => one.zoom === zoom).map(({ ms }) => ms)));
    return [
      { what: `Clusters of ${words} cases after a change, zoom ${zoom}`, ours: rounded(mine, 2), unit: 'ms', peer, theirs: rounded(made + other, 1), note: `ours in the worker, message and all, without what a page then does with what comes: what the map looks at and as much on each side; theirs ${rounded(made, 0)} ms for the hierarchy, on the main thread` },
      { what: `Clusters of ${words} cases at zoom ${zoom} after another, nothing changed`, ours: rounded(mine, 2), unit: 'ms', peer, theirs: rounded(other, 2), note: 'of the view and as much on each side; here a ready hierarchy is what it is good at' },
    ];
  });
}

async function rounds(ask) {
  const all = [];
  for (let n = 0; n < runs(5, 2); n += 1) all.push(...(await ask('gather', ZOOMS)).map(({ ms }, at) => ({ zoom: ZOOMS[at], ms })));
  return all;
}

async function measured(layer, count, series) {
  const page = await open(browser);
  await page.goto(`${base.base}/heat`);
  await page.waitForFunction(() => globalThis.benchReady);
  await page.evaluate(([layer, count]) => benchOpen(layer, count), [layer, count]);
  const found = await series((...what) => page.evaluate((what) => benchAsk(...what), what));
  await page.context().close();
  return found;
}
