// A build with vector instructions draws what one without draws, to the last bit: node twin.mjs PLAIN.wasm VECTORS.wasm
import { readFile } from 'node:fs/promises';

const DAY = 86_400;
const modules = await Promise.all(process.argv.slice(2, 4).map(async (path) => {
  const { instance } = await WebAssembly.instantiate(await readFile(path));
  return instance.exports;
}));

/** What is done, in this order; each is followed by a picture. */
const steps = {
  'all cases': ({ choose }) => choose(0, 0xffffffff, 0),
  'a period': ({ choose }) => choose(40 * DAY, 170 * DAY, 0),
  'a half-life': ({ choose }) => choose(0, 300 * DAY, 20 * DAY),
  'some categories': ({ mask }) => mask(5),
  'live events': ({ live }) => live(500),
  'put in order': ({ settle }) => settle(),
};
/** Width, height, west, north, metres a pixel, radius: wide, close, a kernel on a coarser grid, an odd size, and radii of a few pixels. */
const views = [[960, 540, -2400, 22_000, 50, 12.5], [700, 500, 9_000, 12_000, 3, 30], [800, 600, 5_000, 9_000, 6, 75], [333, 77, 100, 20_000, 61.7, 4.2],
  ...[3.1, 2, 0.7].map((radius) => [500, 300, 4_000, 12_000, 35, radius])];

let [passed, failed, before] = [0, 0, ''];
for (const { invent, fill } of modules) {
  invent(100_000);
  fill();
}
for (const [name, step] of Object.entries(steps)) {
  const pictures = modules.map((module) => {
    step(module);
    return views.map((view) => picture(module, view));
  });
  check(name, pictures);
}
console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored`);
process.exitCode = failed ? 1 : 0;

/** The densities and the colours of a view, as bytes. */
function picture({ redraw, densities, memory }, view) {
  const colours = redraw(...view);
  const bytes = view[0] * view[1] * 4;
  return [densities(), colours].map((at) => Buffer.from(memory.buffer.slice(at, at + bytes)));
}

function check(name, [plain, vectors]) {
  const drawn = plain.every(([density]) => density.some((byte) => byte !== 0));
  // A step that changes nothing compares nothing; what is put in order looks as it did but for rounding.
  const now = plain.map(([density]) => density.toString('base64')).join();
  const other = now !== before || name === 'put in order';
  before = now;
  const same = plain.every((picture, view) => picture.every((bytes, which) => bytes.equals(vectors[view][which])));
  if (drawn && same && other) passed += 1;
  else failed += 1;
  console.log(`test vectors draw the same picture: ${name} ... ${drawn && same && other ? 'ok' : 'FAILED'}`);
}
