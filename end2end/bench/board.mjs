// The leaders' board over a million cases: from the start of loading until its figures stand; from a hand's touch to the first
// picture that answers it, and to the picture with all figures anew.
import { BASE, finish, launch, median, open, quantile, rounded, runs, signIn } from './common.mjs';

const DAY_S = 86_400;
const cookie = await signIn();
const midnight = Math.floor((Date.now() / 1000 + 28_800) / DAY_S) * DAY_S - 28_800;
/** Periods that end with yesterday: what comes meanwhile changes none of their cases. */
const period = (days) => ({ from: instant(midnight - days * DAY_S), to: instant(midnight) });
const PERIODS = [['28 days', period(28)], ['a year', period(365)]];

/** What a hand does, by what it chooses. */
const plot = (id) => (at) => async (page, round) => {
  const target = page.locator(id);
  await target.scrollIntoViewIfNeeded();
  await at(page, await target.boundingBox(), round);
};
const press = (find) => async (page, round) => {
  const button = find(page, round);
  await button.scrollIntoViewIfNeeded();
  await button.click();
};
const BRUSHES = {
  'a cause': press((page, round) => page.locator('.cause').nth(round)),
  'a cause and a place': press((page, round) => page.locator('.cross td button').nth(round + 1)),
  'a place': press((page, round) => page.locator('.ranking tbody tr').nth(round).locator('.button.small')),
  'an hour': plot('#week-plot')((page, box, round) => page.mouse.click(box.x + box.width * (0.4 + 0.1 * round), box.y + 30)),
  'days': plot('#days-plot')(async (page, box, round) => {
    await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * (0.5 + 0.1 * round), box.y + 60, { steps: 4 });
    await page.mouse.up();
  }),
  'an area': plot('#areas-plot')(async (page, box, round) => {
    const [x, y, side] = [box.x + box.width * (0.3 + 0.05 * round), box.y + box.height * 0.35, box.width * 0.2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const [dx, dy] of [[side, 0], [side, side], [0, side]]) await page.mouse.move(x + dx, y + dy, { steps: 3 });
    await page.mouse.up();
  }),
};

const cube = [];
for (const [name, of] of PERIODS) cube.push({ name, times: await answers(of) });
const browser = await launch();
try {
  const first = await views('');
  const year = await views(`?${new URLSearchParams(PERIODS[1][1])}`);
  const brushes = [];
  for (const [name, of] of PERIODS) brushes.push(...(await brushing(name, of)));
  finish([...rowsOfViews(first, year), ...rowsOfBrushes(brushes), ...cube.map(rowOfCube)]);
} finally {
  await browser.close();
}

function instant(seconds) {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

/** How long the server takes for one answer after another, each with another brush. */
async function answers(of) {
  const all = ['', 'category=mediation', 'weekday=1', 'hour=9', 'weekday=2&hour=15', 'level=grid', 'level=community&category=complaints'];
  const times = [];
  for (let round = 0; round < runs(5, 1); round += 1) {
    for (const brush of all) {
      const began = performance.now();
      const answer = await fetch(`${BASE}/api/v1/statistics/cube?${new URLSearchParams(of)}&${brush}`, { headers: { cookie } });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`cube: ${answer.status}`);
      times.push(performance.now() - began);
    }
  }
  return times;
}

/** From the start of loading, with an empty cache, until the figures have been painted. */
async function views(query) {
  const times = [];
  for (let run = 0; run <= runs(7, 2); run += 1) {
    const page = await open(browser, { cookie });
    await page.addInitScript(watchFigures);
    await page.goto(`${BASE}/board${query}`, { waitUntil: 'commit' });
    times.push(await page.evaluate(() => globalThis.benchFirst));
    await page.context().close();
  }
  return times.slice(1);
}

/** Runs in the page before anything else does: tells when the figures are on the screen. */
function watchFigures() {
  globalThis.benchFirst = new Promise((done) => {
    const look = () => {
      const value = document.querySelector('.hero-value')?.textContent ?? '';
      if (!/\d/.test(value)) return requestAnimationFrame(look);
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(performance.now());
      return requestAnimationFrame(() => painted.port2.postMessage(0));
    };
    requestAnimationFrame(look);
  });
}

/** Each brush a few times, put on and taken off. */
async function brushing(name, of) {
  const page = await open(browser, { cookie });
  await page.addInitScript(watchHands);
  await page.goto(`${BASE}/board?${new URLSearchParams(of)}`);
  await page.locator('.cause').first().waitFor();
  await page.locator('#areas').scrollIntoViewIfNeeded();
  await page.locator('#areas-plot').waitFor();
  const all = Object.entries(BRUSHES).map(([what, touch]) => ({ what: `${what}, ${name}`, touch, first: [], whole: [], off: [] }));
  for (let round = 0; round < runs(4, 1); round += 1) {
    for (const one of all) await once(page, one, round);
  }
  await page.context().close();
  return all;
}

async function once(page, { touch, first, whole, off }, round) {
  const time = async (hand) => {
    await page.evaluate(() => globalThis.benchArm());
    await hand(page, round);
    return page.evaluate(() => globalThis.benchSeen);
  };
  const put = await time(touch);
  first.push(put.first);
  whole.push(put.whole);
  off.push((await time((page) => page.locator('#chips-clear').click())).first);
}

/**
 * Runs in the page before anything else does: from the touch to the first picture in which something answers it, and to the one with
 * all figures. Where nothing does within `LATEST_MS` there is no figure, and the bench fails.
 */
function watchHands() {
  const LATEST_MS = 5_000;
  const afterPaint = (then) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now());
    channel.port2.postMessage(0);
  };
  const painted = (then) => requestAnimationFrame(() => afterPaint(then));
  // What answers: the chips of what is chosen, that figures are on their way, and whether what was touched is pressed. It may be made
  // anew meanwhile, and is found by its name then.
  const answerTo = (touched) => {
    const id = touched?.id;
    return () => {
      const [brush, button] = [document.querySelector('.board-brush'), id ? document.getElementById(id) : touched];
      return [brush.textContent, brush.getAttribute('aria-busy'), button?.getAttribute('aria-pressed'), button?.getAttribute('aria-busy')].join('|');
    };
  };
  globalThis.benchArm = () => {
    globalThis.benchSeen = new Promise((done, fail) => {
      const heard = (event) => {
        // What is drawn ends when it is let go, and a click that follows is no second touch; a button answers to the click.
        const isDrawn = event.target.closest('#days-plot, #areas-plot') !== null;
        if (isDrawn !== (event.type === 'pointerup')) return;
        for (const name of ['click', 'pointerup']) removeEventListener(name, heard, true);
        // Before the page has heard of it: what it changes at once counts too.
        const answer = answerTo(event.target.closest('[aria-pressed]'));
        const before = answer();
        const late = setTimeout(() => fail(new Error(`nothing answered ${event.type} on ${event.target.outerHTML.slice(0, 80)}`)), LATEST_MS);
        const busy = document.querySelector('.board-brush');
        const finished = (first) => {
          const whole = (at) => done({ first: first - event.timeStamp, whole: at - event.timeStamp });
          const look = () => (busy.getAttribute('aria-busy') === 'true' ? requestAnimationFrame(look) : painted(whole));
          look();
        };
        // Each picture that is about to be drawn is looked at; the first that shows something else is waited for.
        const watch = () => {
          if (answer() === before) return requestAnimationFrame(watch);
          clearTimeout(late);
          return afterPaint(finished);
        };
        requestAnimationFrame(watch);
      };
      for (const name of ['click', 'pointerup']) addEventListener(name, heard, true);
    });
  };
}

function rowsOfViews(first, year) {
  const seconds = (times) => rounded(median(times) / 1000);
  const spread = (times) => `${rounded(quantile(times, 0) / 1000)}–${rounded(quantile(times, 1) / 1000)} s in ${times.length} runs`;
  return [
    { what: 'Board of 1 million cases: first view of 28 days, 1080p, empty cache', ours: seconds(first), unit: 's', promised: 1, note: spread(first) },
    { what: 'The same of a year', ours: seconds(year), unit: 's', promised: 1, note: spread(year) },
  ];
}

function rowsOfBrushes(all) {
  const slowest = (which) => all.reduce((a, b) => (median(a[which]) >= median(b[which]) ? a : b));
  const told = all.map((one) => `${one.what} ${rounded(median(one.first), 0)}/${rounded(median(one.whole), 0)}`).join('; ');
  const [first, whole] = [slowest('first'), slowest('whole')];
  const [every, taken] = [all.flatMap((one) => one.first), all.flatMap((one) => one.off)];
  return [
    { what: 'Any brush: from the touch to the first picture that answers it, the slowest', ours: rounded(median(first.first), 0), unit: 'ms', promised: 100, note: `${first.what}, by the median of its ${first.first.length}; of all ${every.length} p95 ${rounded(quantile(every, 0.95), 0)} ms, longest ${rounded(quantile(every, 1), 0)} ms; taken off again: median ${rounded(median(taken), 0)} ms, longest ${rounded(quantile(taken, 1), 0)} ms; what answers first is what was touched, the chips of what is chosen, or that figures are on their way; medians, first/all figures: ${told}` },
    { what: 'The same to the picture with all figures anew', ours: rounded(median(whole.whole), 0), unit: 'ms', note: whole.what },
  ];
}

function rowOfCube({ name, times }) {
  return { what: `\`GET statistics/cube\` of the district, ${name}, median`, ours: rounded(median(times), 0), unit: 'ms', note: `p95 ${rounded(quantile(times, 0.95), 0)} ms of ${times.length}, one after another` };
}
