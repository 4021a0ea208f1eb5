// leaflet.heat, Leaflet's usual plug-in.
import { RADIUS, ZOOM, leaflet, points, script } from './points.js';

export async function open(count) {
  const map = await leaflet();
  await script('/leaflet-heat.js');
  const { lon, lat } = points(count);
  const rows = Array.from({ length: count }, (_, n) => [lat[n], lon[n]]);
  const layer = L.heatLayer(rows, { radius: RADIUS, blur: 15, max: 50, maxZoom: ZOOM, minOpacity: 0 }).addTo(map);

  async function redraw(dx, dy) {
    map.panBy([dx, dy], { animate: false });
    // The plug-in asks for a frame of its own: here it is drawn at once, and once.
    if (layer._frame) cancelAnimationFrame(layer._frame);
    layer._frame = null;
    const began = performance.now();
    layer._redraw();
    const ms = performance.now() - began;
    return { ms, main: ms };
  }
  return { redraw };
}
