// A wall that is broken on purpose, as one that hangs for weeks is some day: how soon it says so, how soon it is back, how often it tries,
// and how soon and how quietly it takes up a new version. In real time, but for the ten minutes of a fault that stays.
import { finish, launch, median, rounded, runs, signIn } from './common.mjs';
import { takeUp } from './faults-version.mjs';
import { breakOnce, FAULTS, opensAnew, STANDING } from './faults-wall.mjs';

const TIMES = runs(8, 2);
const VERSIONS = runs(3, 1);

const cookie = await signIn('wall');
const browser = await launch();
try {
  const rows = [];
  for (const fault of FAULTS) rows.push(...rowsOf(fault, await many(TIMES, fault.what, () => breakOnce(browser, cookie, fault))));
  const anew = [];
  for (const fault of STANDING) anew.push(...(await many(1, fault.what, () => opensAnew(browser, cookie, fault))));
  const versions = await many(VERSIONS, 'a new version', () => takeUp(browser, cookie));
  finish([...rows, ofStanding(anew), ...ofVersions(versions)]);
} finally {
  await browser.close();
}

async function many(times, what, once) {
  const all = [];
  for (let run = 0; run < times; run += 1) {
    all.push(await once());
    console.log(`${what}: ${JSON.stringify(all.at(-1))}`);
  }
  return all;
}

/** A promise is one of every time: the slowest counts. */
function slowest(what, promised, all, more) {
  const note = `the slowest of ${all.length}: ${all.map((one) => rounded(one)).join(', ')} s; ${more}`;
  return { what, ours: rounded(Math.max(...all)), unit: 's', better: 'less', promised, note };
}

function rowsOf({ what, from, gone }, all) {
  const of = (key) => all.map((one) => one[key]);
  const over = of('panels').filter((panels) => panels > 0).length;
  // A page that opens has the last picture no more.
  const picture = over > 0 ? `over the last picture in ${over}` : 'in place of what says that it opens';
  return [
    slowest(`The wall after ${what}: ${from} to the first frame with a card that can be read`, 1, of('card'), picture),
    slowest(`The same, ${gone}, until it is live with its map and every figure`, 10, of('back'), `live after ${rounded(median(of('live')))} s at the median, of which 2 s are its pause`),
  ];
}

function ofStanding(anew) {
  const each = STANDING.map(({ what }, n) => `${what} ${anew[n]}`).join(', ');
  const note = `${each}; ten minutes by the page’s own clock, which was put forward`;
  return { what: 'Pages opened anew in ten minutes of a fault that stays, the most', ours: Math.max(...anew), unit: 'times', better: 'less', promised: 3, note };
}

function ofVersions(all) {
  const blank = all.reduce((sum, one) => sum + one.blank, 0);
  const [frames, least] = [all.reduce((sum, one) => sum + one.frames, 0), Math.min(...all.map((one) => one.least))];
  const note = `of ${frames}; the emptiest is drawn upon by ${Math.round(least * 100)} % of what a wall at rest has, below 90 % is blank`;
  return [
    slowest('A new version on the server, from when it is there until the wall has taken it up', 300, all.map((one) => one.seconds), 'it looks every four minutes'),
    { what: 'Frames on the way to it that were blank', ours: blank, unit: 'frames', better: 'less', promised: 0, note },
  ];
}
