// deck.gl's heat layer on typed arrays, its quickest way in; a redraw ends when its picture has been drawn.
import { CENTRE, RADIUS, ZOOM, drawn, points, script } from './points.js';

export async function open(count) {
  await script('/deck.js');
  const { lon, lat } = points(count);
  const positions = new Float32Array(2 * count);
  for (let n = 0; n < count; n += 1) positions.set([lon[n], lat[n]], 2 * n);
  const attributes = { getPosition: { value: positions, size: 2 }, getWeight: { value: new Float32Array(count).fill(1), size: 1 } };
  const viewState = { longitude: CENTRE.lon, latitude: CENTRE.lat, zoom: ZOOM - 1 };
  const [width, height] = [innerWidth, innerHeight];
  const world = () => new deck.WebMercatorViewport({ ...viewState, width, height });
  let gl;
  const layer = new deck.HeatmapLayer({ id: 'heat', data: { length: count, attributes }, radiusPixels: RADIUS, debounceTimeout: 0, aggregation: 'SUM' });
  const view = new deck.Deck({ parent: document.querySelector('#map'), width, height, viewState, controller: false, layers: [layer], onDeviceInitialized: (device) => (gl = device.gl) });
  await new Promise((done) => view.setProps({ onLoad: done }));
  await new Promise((done) => setTimeout(done, 2000));
  const pixels = new Uint8Array(4 * width * height);
  view.redraw('first');
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  if (!pixels.some((value) => value)) throw new Error('nothing drawn');

  async function redraw(dx, dy) {
    const began = performance.now();
    [viewState.longitude, viewState.latitude] = world().unproject([width / 2 + dx, height / 2 + dy]);
    view.setProps({ viewState: { ...viewState } });
    view.redraw('bench');
    const main = performance.now() - began;
    drawn(gl);
    return { ms: performance.now() - began, main };
  }
  return { redraw };
}
