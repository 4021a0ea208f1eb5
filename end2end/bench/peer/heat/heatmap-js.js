// heatmap.js with its plug-in for Leaflet.
import { RADIUS, leaflet, points, script } from './points.js';

export async function open(count) {
  const map = await leaflet();
  await script('/heatmap.js');
  await script('/leaflet-heatmap.js');
  const { lon, lat } = points(count);
  const data = Array.from({ length: count }, (_, n) => ({ lat: lat[n], lng: lon[n], count: 1 }));
  const layer = new HeatmapOverlay({ radius: RADIUS, maxOpacity: 0.8, scaleRadius: false, useLocalExtrema: false, latField: 'lat', lngField: 'lng', valueField: 'count' });
  layer.addTo(map);
  // Its own listener would redraw once more with every pan.
  map.off('moveend', layer._reset, layer);
  layer.setData({ max: 50, min: 0, data });

  async function redraw(dx, dy) {
    map.panBy([dx, dy], { animate: false });
    const began = performance.now();
    layer._reset();
    const ms = performance.now() - began;
    return { ms, main: ms };
  }
  return { redraw };
}
