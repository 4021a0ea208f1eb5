// What each part of the engine costs as wasm: node crates/heat/examples/profile.mjs MODULE.wasm [CASES…]
import { readFile } from 'node:fs/promises';

const [module, ...sizes] = process.argv.slice(2);
const bytes = await readFile(module);
for (const cases of sizes.length ? sizes.map(Number) : [0, 100_000, 1_000_000, 4_000_000]) {
  const { instance } = await WebAssembly.instantiate(bytes);
  profile(instance.exports, cases);
}

function profile({ invent, fill, settle, choose, redraw, live, recolour, near, forget, memory }, cases) {
  const DAY = 86_400;
  invent(cases);
  const filled = median(5, () => fill());
  const settled = median(5, () => settle());
  forget();
  choose(0, 0xffffffff, 0);
  const draw = (step, px) => redraw(960, 540, -2400 - step * 40, 22_000, px, 12.5);
  const [wide, close] = [50, 8].map((px) => median(20, (step) => draw(step, px)));
  // There and back by whole bins, as a hand moves the map.
  const slid = median(20, (step) => redraw(960, 540, -2400 - (step % 2) * 1000, 22_000 + (step % 3) * 500, 50, 12.5));
  const period = median(20, (step) => { choose(step * DAY, (step + 30) * DAY, 0); draw(0, 50); });
  const fading = median(20, (step) => { choose(0, (step + 300) * DAY, 30 * DAY); draw(0, 50); });
  choose(0, 0xffffffff, 0);
  const lived = median(20, () => { live(167); draw(0, 50); });
  const colour = median(20, () => recolour());
  const found = median(20, (step) => near(step * 20, 200, 12.5));
  const ms = (value) => value.toFixed(2);
  console.log(`${cases}: fill ${ms(filled)}  settle ${ms(settled)}  pan ${ms(wide)}, close ${ms(close)}  slide ${ms(slid)}  period ${ms(period)}  fading ${ms(fading)}  live ${ms(lived)}  colour ${ms(colour)}  near ${found.toFixed(3)} ms  memory ${memory.buffer.byteLength >> 20} MiB`);
}

function median(times, what) {
  const all = Array.from({ length: times + 2 }, (_, step) => {
    const began = performance.now();
    what(step);
    return performance.now() - began;
  }).slice(2);
  return all.sort((a, b) => a - b)[all.length >> 1];
}
