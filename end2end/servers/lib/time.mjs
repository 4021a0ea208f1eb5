// Local time of China without an offset, as most of its servers write it.
/** Writes an instant as `2026-03-01 09:30:00` of China. */
export function local(instant) {
  const shifted = new Date(Date.parse(instant) + 8 * 3600 * 1000);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}
