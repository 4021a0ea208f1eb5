// The points and the view that every layer gets: 400 clusters over a district's box, over a year, the same for the same count.
export const WEST = 113.81, SOUTH = 22.65, WIDE = 0.22, HIGH = 0.2;
export const CENTRE = { lon: WEST + WIDE / 2, lat: SOUTH + HIGH / 2 };
/** What a map of 1440 × 900 that looks at the middle wants at a zoom of 256-pixel tiles: its view and as much on each side, in Web Mercator metres. */
export function wanted(zoom) {
  const half = (Math.PI * 6_378_137) / (256 * 2 ** zoom);
  const [x, y] = [(CENTRE.lon / 180) * Math.PI, Math.log(Math.tan(Math.PI / 4 + (CENTRE.lat / 360) * Math.PI))].map((turn) => turn * 6_378_137);
  const [wide, high] = [3 * 1440 * half, 3 * 900 * half];
  return [x - wide, y - high, x + wide, y + high];
}

/** The same box in degrees. */
export function wantedDegrees(zoom) {
  const lon = (x) => (x / 6_378_137 / Math.PI) * 180;
  const lat = (y) => (Math.atan(Math.exp(y / 6_378_137)) * 2 - Math.PI / 2) * (180 / Math.PI);
  const [west, south, east, north] = wanted(zoom);
  return [lon(west), lat(south), lon(east), lat(north)];
}

/** Leaflet's zoom, of tiles of 256 pixels; those of 512 count one less. */
export const ZOOM = Number(new URLSearchParams(globalThis.location?.search).get('zoom') ?? 12);
/** Kernel radius in CSS pixels. */
export const RADIUS = 25;
export const YEAR_S = 365 * 86_400;

/** Returns longitudes, latitudes and seconds in the year. */
export function points(count) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  const centres = Array.from({ length: 400 }, () => [random(), random(), 0.002 + 0.03 * random()]);
  const [lon, lat, second] = [new Float64Array(count), new Float64Array(count), new Uint32Array(count)];
  for (let n = 0; n < count; n += 1) {
    const [x, y, size] = centres[Math.floor(random() * 399.99)];
    const off = () => (random() + random() + random() - 1.5) * size;
    lon[n] = WEST + (x + off()) * WIDE;
    lat[n] = SOUTH + (y + off()) * HIGH;
    second[n] = Math.floor(random() * YEAR_S);
  }
  return { count, lon, lat, second };
}

export const script = (src) =>
  new Promise((done, fail) => {
    const element = Object.assign(document.createElement('script'), { src, onload: done, onerror: () => fail(new Error(src)) });
    document.head.append(element);
  });

/** A Leaflet map of nothing in that view. */
export async function leaflet() {
  await script('/leaflet.js');
  return L.map('map', { zoomAnimation: false, attributionControl: false, zoomControl: false }).setView([CENTRE.lat, CENTRE.lon], ZOOM);
}

/** Waits until all that was asked of a graphics card has been drawn. */
export function drawn(gl) {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}
