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
  const fields = new Set(layer.flatMap((one) => Object.keys(one.properties)));
  const where = clause(query.get('where') ?? '', fields);
  if (!where) return refuse(response, 400, 'Cannot perform query. Invalid query parameters.', "'where' clause is invalid");
  const order = query.get('orderByFields')?.split(' ')[0];
  if (order && !fields.has(order)) return refuse(response, 400, 'Cannot perform query. Invalid query parameters.', "'orderByFields' parameter is invalid");
  const found = sorted(layer.filter(where).filter(inBox(query.get('geometry')?.split(',').map(Number))), order);
  const from = Number(query.get('resultOffset') ?? 0);
  const page = found.slice(from, from + Math.min(MOST, Number(query.get('resultRecordCount') ?? MOST)));
  // Newer ones say it in `properties`, older ones beside the features; only where there is more.
  const more = from + page.length < found.length ? { properties: { exceededTransferLimit: true } } : {};
  json(response, 200, { type: 'FeatureCollection', crs: { type: 'name', properties: { name: 'EPSG:4326' } }, ...more, features: page });
}

const TEXT = String.raw`'(?:[^']|'')*'`;
/** A part of a condition, and whether another one follows. */
const PART = new RegExp(String.raw`^(?:1=1|(?<field>\w+) ?(?<sign><=|>=|<>|=|<|>) ?(?<stamp>TIMESTAMP )?(?<value>${TEXT})|(?<listed>\w+) IN \((?<values>${TEXT}(?:, ?${TEXT})*)\))(?:(?<and> AND )|$)`);
const SIGNS = { '=': (a, b) => a === b, '<>': (a, b) => a !== b, '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b };

/** A condition of SQL as far as mappings write one: parts that are joined by AND. What is not understood is none, as there. */
function clause(where, fields) {
  const parts = [];
  for (let rest = where, more = true; more; ) {
    const found = PART.exec(rest);
    const part = found && passes(found.groups, fields);
    if (!part) return undefined;
    parts.push(part);
    rest = rest.slice(found[0].length);
    more = found.groups.and !== undefined;
  }
  return ({ properties }) => parts.every((part) => part(properties));
}

/** One part: `1=1`, a field beside a text or an instant, or a field that is one of several texts. */
function passes({ field, sign, stamp, value, listed, values }, fields) {
  const name = field ?? listed;
  if (name === undefined) return () => true;
  // A date is no text there, nor the other way round; and what has no value passes nothing.
  if (!fields.has(name) || DATES.includes(name) !== (stamp !== undefined)) return undefined;
  const known = (test) => (properties) => properties[name] !== undefined && test(properties[name]);
  if (listed) {
    const all = new Set(values.match(new RegExp(TEXT, 'g')).map(plain));
    return known((own) => all.has(String(own)));
  }
  const other = stamp ? instant(plain(value)) : plain(value);
  return Number.isNaN(other) ? undefined : known((own) => SIGNS[sign](stamp ? own : String(own), other));
}

const plain = (quoted) => quoted.slice(1, -1).replaceAll("''", "'");

/** Milliseconds of an instant that names no zone: ArcGIS has all of them in UTC. */
const instant = (text) => (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN);
