// A FeatureServer of ArcGIS's shape: pages cut by `exceededTransferLimit`, dates in milliseconds, errors inside a 200.
import { asGeoJson, inBox, sorted } from './lib/district.mjs';
import { json, serve } from './lib/process.mjs';

/** Most records of one answer, whatever is asked for: `maxRecordCount`. */
const MOST = 40;
const LAYERS = ['grids', 'stations', 'cases'];
const DATES = ['reported_at', 'accepted_at', 'resolved_at'];

/** Starts it; the layers are `/0`, `/1` and `/2`. */
export async function arcgis({ district, port }) {
  const collections = asGeoJson(district);
  const layers = LAYERS.map((name) => collections[name].features.map(feature));
  return serve(port, (asked, response) => answer(layers, asked, response));
}

/** Its own number for each feature, and instants as ArcGIS has them. */
function feature({ geometry, properties }, index) {
  const dated = Object.entries(properties).map(([name, value]) => [name, DATES.includes(name) ? Date.parse(value) : value]);
  return { type: 'Feature', id: index + 1, geometry, properties: { OBJECTID: index + 1, ...Object.fromEntries(dated) } };
}

const refuse = (response, code, message, ...details) => json(response, 200, { error: { code, message, details } });

function answer(layers, { path, query }, response) {
  const layer = layers[/^\/(\d+)\/query$/.exec(path)?.[1]];
  if (!layer) return refuse(response, 400, 'Invalid URL', 'Layer not found');
  if (query.get('f') !== 'geojson') return refuse(response, 400, 'Output format not supported.');
  const where = clause(query.get('where'));
  if (!where) return refuse(response, 400, 'Cannot perform query. Invalid query parameters.', "'where' clause is invalid");
  const fields = new Set(layer.flatMap((one) => Object.keys(one.properties)));
  const order = query.get('orderByFields')?.split(' ')[0];
  if (order && !fields.has(order)) return refuse(response, 400, 'Cannot perform query. Invalid query parameters.', "'orderByFields' parameter is invalid");
  const found = sorted(layer.filter(where).filter(inBox(query.get('geometry')?.split(',').map(Number))), order);
  const from = Number(query.get('resultOffset') ?? 0);
  const page = found.slice(from, from + Math.min(MOST, Number(query.get('resultRecordCount') ?? MOST)));
  // Newer ones say it in `properties`, older ones beside the features; only where there is more.
  const more = from + page.length < found.length ? { properties: { exceededTransferLimit: true } } : {};
  json(response, 200, { type: 'FeatureCollection', crs: { type: 'name', properties: { name: 'EPSG:4326' } }, ...more, features: page });
}

/** `1=1`, or a field that has a text. */
function clause(where) {
  if (where === '1=1') return () => true;
  const [, field, text] = /^(\w+)='((?:[^']|'')*)'$/.exec(where ?? '') ?? [];
  return field && ((one) => String(one.properties[field]) === text.replaceAll("''", "'"));
}
