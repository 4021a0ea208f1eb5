// Loaded before a program whose answers are random: they are other ones each time, and the same in every run. (Prism's own --seed
// begins anew with each answer, so that all of them are one.)
const { FENGTU_SEED: seed = 'fengtu' } = process.env;
let state = 2166136261;
for (const letter of seed) state = Math.imul(state ^ letter.codePointAt(0), 16777619) >>> 0;
// Mulberry32.
Math.random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
