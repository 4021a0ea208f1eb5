// Drill-down: from choosing a node until its map, its drawer with figures, reasons and cases are all on the screen.
import { BASE, ask, finish, launch, median, open, quantile, rounded, runs, signIn } from './common.mjs';
import { settled, watchDrawing, watchNodes } from './drawing.mjs';

const cookie = await signIn();
const nodes = await sample();
const browser = await launch();
try {
  // In each round a page of its own, so that nothing has been asked before.
  const all = nodes.map((node) => ({ level: node.level, rounds: [] }));
  for (let round = 0; round < runs(3, 1); round += 1) {
    const page = await desk();
    for (const [index, node] of nodes.entries()) all[index].rounds.push(await drill(page, node));
    await page.context().close();
  }
  const times = all.map(({ level, rounds }) => ({ level, ms: median(rounds) }));
  finish([row(times), ...['street', 'community', 'grid'].map((level) => rowOf(level, times))]);
} finally {
  await browser.close();
}

/** The desk at rest, without motion: a flight takes its time by design, and the figure is about the work. */
async function desk() {
  const page = await open(browser, { cookie, still: true });
  await page.addInitScript(watchDrawing);
  await page.goto(`${BASE}/`);
  await page.waitForSelector('canvas[data-picture=Stations]:not([hidden])', { state: 'attached' });
  await settled(page);
  await watchNodes(page, '.desk-drawer, .desk-crumb, .desk-time');
  return page;
}

function row(all) {
  const times = all.map((one) => one.ms);
  return {
    what: 'Drill-down to any node: the slowest of the nodes', ours: rounded(quantile(times, 1), 0), unit: 'ms', promised: 200,
    note: `median ${rounded(median(times), 0)} ms, p95 ${rounded(quantile(times, 0.95), 0)} ms of ${times.length} nodes, each the median of its rounds; map, drawer, figures, reasons and cases, without the flight’s animation`,
  };
}

function rowOf(level, all) {
  const times = all.filter((one) => one.level === level).map((one) => one.ms);
  return { what: `Drill-down to a ${level}, median`, ours: rounded(median(times), 0), unit: 'ms', note: `p95 ${rounded(quantile(times, 0.95), 0)} ms of ${times.length}` };
}

/** Goes to a node the way a link, or back and forward, does. */
async function drill(page, { id, name }) {
  const began = await page.evaluate((id) => {
    history.pushState(null, '', `/?place=${id}&sel=place:${id}`);
    const at = performance.now();
    dispatchEvent(new PopStateEvent('popstate'));
    return at;
  }, id);
  await page.waitForFunction((name) => document.querySelector('.desk-drawer h2')?.textContent.includes(name), name, { polling: 20 });
  return (await settled(page, { since: began })) - began;
}

/** Every street, some communities, grids all over the district, in an order that jumps. */
async function sample() {
  const { features } = await ask('/places', cookie);
  const all = features.map((feature) => feature.properties);
  const some = (level, count) => {
    const of = all.filter((place) => place.level === level);
    const step = Math.max(1, Math.floor(of.length / count));
    return of.filter((_, index) => index % step === 0).slice(0, count);
  };
  const chosen = [...some('street', 6), ...some('community', runs(15, 3)), ...some('grid', runs(40, 4))];
  return chosen.map((place, index) => ({ place, at: (index * 7919) % chosen.length })).sort((a, b) => a.at - b.at).map(({ place }) => place);
}
