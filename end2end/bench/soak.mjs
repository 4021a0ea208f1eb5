// The wall for weeks, in little: the events of two days at many times their pace, scenes in turn all the while, and after every hour
// a forced collection of garbage. What grows after the first rounds grows for ever.
import { finish, median, rounded, slope, QUICK } from './common.mjs';
import { openWall } from './soak-wall.mjs';
import { changed, figuresOf, firstOf } from './wall-figures.mjs';

/** Hours of each day that is played, and how many times faster than it passes. */
const HOURS = Number(process.env.FENGTU_SOAK_HOURS ?? (QUICK ? 2 : 24));
const SPEED = Number(process.env.FENGTU_SOAK_SPEED ?? 60);
const HOUR_MS = 3_600_000 / SPEED;
/** Scenes in turn, each as long as it takes to fly there and to draw. */
const SECONDS = 5;
/** Hours that are not counted: what is kept of each street, each scene and each map is made once, and the wall asks for stations and heat
 * anew after ten minutes of its own, when it holds the old and the new at once for the first time. */
const WARM = QUICK ? 4 : Math.ceil(11 * (SPEED / 60));
const mb = (bytes) => (bytes / 1_048_576).toFixed(2);
/** Bytes by which the memory of a wasm grows, never fewer. */
const PAGE = 65_536;

const wall = await openWall(SECONDS);
const before = await wall.compare();
/**
 * Two days one after the other. On the first, V8 still lays machine code into the heap as functions grow hot, which at 60 times the pace
 * goes on for all of it (heap snapshots of the 1st, 8th and 16th hour: objects, strings and arrays stayed within 300 bytes; with V8's
 * optimisers off the heap grew by 0.04 %). The second day shows what grows for ever.
 */
const days = [[], []];
const began = Date.now();
for (let hour = 1; hour <= WARM + HOURS * days.length; hour += 1) {
  await new Promise((done) => setTimeout(done, Math.max(0, began + hour * HOUR_MS - Date.now())));
  const sample = { ...(await wall.look()), hour: (Date.now() - began) / HOUR_MS };
  days[Math.floor((hour - WARM - 1) / HOURS)]?.push(sample);
  const { wasm, heap, nodes, listeners } = sample;
  console.log(`hour ${hour - WARM}: wasm ${mb(wasm)} MB, heap ${mb(heap)} MB, ${nodes} nodes, ${listeners} listeners, ${wall.seen.messages} messages`);
}
const after = await wall.compare();
const wrong = [...before.wrong, ...after.wrong];
wrong.forEach((figure) => console.log(figure));
const others = changed(before.shown, after.shown);
const ill = await wall.close();
if (others === 0) throw new Error('the district did not move: nothing is proven');

const DAY_H = 24;
/** Samples at either end that say from what to what: one alone may be an odd one. */
const ENDS = Math.max(1, Math.ceil(HOURS / 8));
const ends = (all, key) => [all.slice(0, ENDS), all.slice(-ENDS)].map((some) => median(some.map((one) => one[key])));
/** Growth in 24 h, percent of what there was first. */
const growth = (all, key) => ((slope(all.map((one) => [one.hour, one[key]])) * DAY_H) / ends(all, key)[0]) * 100;
const label = (key, n) => (key === 'wasm' || key === 'heap' ? `${mb(n)} MB` : String(n));
const fromTo = (all, key) => `from ${ends(all, key).map((n) => label(key, n)).join(' to ')}`;
const row = (what, all, key, promised, note = '') => ({ what, ours: rounded(Math.max(0, growth(all, key))), unit: '%', better: 'less', promised, note: `${fromTo(all, key)}${note}` });
/** Nodes and listeners differ by a handful with what is shown at the moment (a row more, a warning): of a thousand, five are half a percent.
 * A slope below that is none; what leaks with every scene is far above it after 24 h. */
const FLAT = 0.5;
const flat = (what, all, key) => {
  const grown = growth(all, key);
  const note = `${fromTo(all, key)}; ${grown.toFixed(2)} %, under ${FLAT} % is 0`;
  return { what, ours: grown < FLAT ? 0 : rounded(grown), unit: '%', better: 'less', promised: 0, note };
};
const [first, second] = days;
const played = `; ${HOURS} h at ${SPEED}×, ${second.length} collections, after a day like it and ${WARM} h to warm up; ${wall.seen.messages} messages of the stream in all`;
/** A slope over steps hides a single one: they are counted beside it. How much of them is in use nobody tells. */
const pages = (all) => {
  const [from, to] = [all[0], all.at(-1)].map((sample) => sample.wasm / PAGE);
  return `; it grows by whole pages of 64 kB, of which there were ${from} at the first collection and ${to} at the last`;
};
finish([
  row('The wall through a day: growth of the memory of its wasm in 24 h, by the slope of all samples (Theil–Sen)', second, 'wasm', 1, pages(second) + played),
  row('The same of its JavaScript heap', second, 'heap', 2),
  row('The same on the day before, its first', first, 'heap', undefined, '; with the machine code that V8 makes as functions grow hot'),
  flat('The same of the nodes of its document', second, 'nodes'),
  flat('The same of its listeners', second, 'listeners'),
  {
    what: 'Pages loaded, errors, and streams that were lost or brought nothing in that time',
    ours: ill,
    unit: 'times',
    better: 'less',
    promised: 0,
    note: `one stream, which nothing but a loss or sleep opens anew: ${wall.seen.opened} opened, ${wall.seen.ended} ended${firstOf(wall.seen.failed)}`,
  },
  {
    what: 'Figures on the wall that are not what the API says, at the beginning and at the end',
    ours: wrong.length,
    unit: 'figures',
    better: 'less',
    promised: 0,
    note: `${figuresOf(after)} figures, rows and drawings of a wall that calls itself live, ${others} of them others than at the beginning; each as the API gave it in the last 25 s, as the district moves on${firstOf(wrong)}`,
  },
]);
