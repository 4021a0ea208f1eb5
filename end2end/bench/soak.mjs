// The wall for weeks, in little: the events of a day at many times their pace, scenes in turn all the while, and after every hour of
// that day a forced collection of garbage. What grows after the first rounds grows for ever.
import { finish, median, rounded, slope, QUICK } from './common.mjs';
import { openWall } from './soak-wall.mjs';

/** Hours of the day that is played, and how many times faster than it passes. */
const HOURS = Number(process.env.FENGTU_SOAK_HOURS ?? (QUICK ? 4 : 24));
const SPEED = Number(process.env.FENGTU_SOAK_SPEED ?? 60);
const HOUR_MS = 3_600_000 / SPEED;
/** Scenes in turn, each as long as it takes to fly there and to draw. */
const SECONDS = 5;
/** Hours that are not counted: what is kept of each street, each scene and each map is made once, and the wall asks for stations and heat
 * anew after ten minutes of its own, when it holds the old and the new at once for the first time. */
const WARM = QUICK ? 4 : Math.ceil(11 * (SPEED / 60));
/**
 * Of three walls one has V8's optimisers off: they lay machine code into the heap as functions grow hot, which at 60 times the pace goes on
 * for all of the day (5 kB an hour, while objects, strings and arrays stayed as they were: heap snapshots of the 1st, 8th and 16th hour).
 * What the page itself keeps is seen without them. The second is as people have it on its first day, and is told beside. For the third a
 * function is hot after a thirtieth of what V8 asks for otherwise: it is as after a month, and shows that machine code ends growing.
 */
const WALLS = {
  plain: '--no-turbofan --no-maglev --no-sparkplug',
  usual: '',
  month: '--invocation-count-for-feedback-allocation=1 --invocation-count-for-maglev=4 --invocation-count-for-turbofan=100 --minimum-invocations-after-ic-update=16',
};
const mb = (bytes) => (bytes / 1_048_576).toFixed(2);

const walls = [];
for (const v8 of Object.values(WALLS)) walls.push(await openWall(v8, SECONDS));
const samples = walls.map(() => []);
const began = Date.now();
for (let hour = 1; hour <= HOURS + WARM; hour += 1) {
  await new Promise((done) => setTimeout(done, Math.max(0, began + hour * HOUR_MS - Date.now())));
  const all = await Promise.all(walls.map(async (wall) => ({ ...(await wall.look()), hour: (Date.now() - began) / HOUR_MS })));
  if (hour > WARM) all.forEach((sample, n) => samples[n].push(sample));
  const told = all.map(({ wasm, heap, nodes, listeners }) => `wasm ${mb(wasm)} MB, heap ${mb(heap)} MB, ${nodes} nodes, ${listeners} listeners`);
  console.log(`hour ${hour - WARM}: ${told.join('; ')}, ${walls[1].seen.messages} messages`);
}
const ill = (await Promise.all(walls.map((wall) => wall.close()))).reduce((sum, times) => sum + times, 0);

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
const [plain, usual, month] = samples;
const played = `; ${HOURS} h at ${SPEED}×, ${walls[1].seen.messages} messages of the stream, ${usual.length} collections after ${WARM} h to warm up`;
finish([
  row('The wall through a day: growth of the memory of its wasm in 24 h, by the slope of all samples (Theil–Sen)', usual, 'wasm', 1, played),
  row('The same of its JavaScript heap, V8’s optimisers off', plain, 'heap', 2, '; what the page itself keeps'),
  row('The same with them on, as after a month of heat', month, 'heap', 2, '; a function is hot after a thirtieth of what V8 asks for otherwise'),
  row('The same with them on, on the first day', usual, 'heap', undefined, '; with the machine code that V8 makes as functions grow hot'),
  flat('The same of the nodes of its document', usual, 'nodes'),
  flat('The same of its listeners', usual, 'listeners'),
  { what: 'Pages loaded, errors, and streams that were lost or brought nothing in that time, on all three walls', ours: ill, unit: 'times', better: 'less', promised: 0, note: walls.flatMap((wall) => wall.seen.failed)[0] ?? '' },
]);
