// supercluster, Mapbox's clustering, with the same distance on the screen.
import { points, script, wantedDegrees } from './points.js';

const ZOOMS = { minZoom: 0, maxZoom: 20 };

export async function open(count) {
  await script('/supercluster.js');
  const { lon, lat } = points(count);
  const features = Array.from({ length: count }, (_, n) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lon[n], lat[n]] } }));
  let index;

  /** Makes its hierarchy of all zooms, which it needs before it can answer anything, and after every change. */
  async function load(times) {
    const all = [];
    for (let n = 0; n < times; n += 1) {
      const began = performance.now();
      index = new Supercluster({ ...ZOOMS, radius: 60, extent: 256 }).load(features);
      all.push(performance.now() - began);
      await new Promise((done) => setTimeout(done));
    }
    return all;
  }

  /** Asks for the clusters of what a map wants at whole zooms, one after another. */
  async function gather(zooms) {
    return zooms.map((zoom) => {
      const began = performance.now();
      const found = index.getClusters(wantedDegrees(zoom), zoom);
      return { zoom, ms: performance.now() - began, items: found.length };
    });
  }

  return { load, gather };
}
