// MapLibre GL's heat layer; a redraw ends when its picture has been drawn, which without a GPU the processor does.
import { CENTRE, RADIUS, ZOOM, drawn, points } from './points.js';

export async function open(count) {
  const { Map, setWorkerUrl } = await import('/maplibre/maplibre-gl.mjs');
  setWorkerUrl('/maplibre/maplibre-gl-worker.mjs');
  const { lon, lat } = points(count);
  const feature = (_, n) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lon[n], lat[n]] } });
  const data = { type: 'FeatureCollection', features: Array.from({ length: count }, feature) };
  const map = new Map({
    container: 'map', center: [CENTRE.lon, CENTRE.lat], zoom: ZOOM - 1, attributionControl: false, fadeDuration: 0,
    style: {
      version: 8,
      sources: { cases: { type: 'geojson', data, maxzoom: ZOOM } },
      layers: [{ id: 'heat', type: 'heatmap', source: 'cases', paint: { 'heatmap-radius': RADIUS, 'heatmap-intensity': 0.02 } }],
    },
  });
  map.on('error', ({ error }) => { throw error; });
  await new Promise((done) => map.once('idle', done));
  const { gl } = map.painter.context;

  async function redraw(dx, dy) {
    const began = performance.now();
    map.panBy([dx, dy], { animate: false });
    map.redraw();
    const main = performance.now() - began;
    drawn(gl);
    return { ms: performance.now() - began, main };
  }
  return { redraw };
}
