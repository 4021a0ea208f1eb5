// A part of the demo district as files that other servers can serve: grids, stations and cases of two communities.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads a part of the district from a Fengtu server, as one of its demo accounts. */
export async function readDistrict(base, { account = 'leader', password = 'fengtu-demo', communities = 2, cases = 300 } = {}) {
  const cookie = await signIn(base, account, password);
  const get = async (path) => {
    const answer = await fetch(`${base}/api/v1/${path}`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const config = await get('config');
  const places = (await get('places?level=community')).features.slice(0, communities);
  const of = async (path) => (await Promise.all(places.map((place) => get(`${path}place=${place.properties.id}`))));
  const grids = (await of('grids?')).flatMap((all) => all.features);
  const stations = (await of('stations?')).flatMap((all) => all.features);
  const rows = (await of('cases?limit=1000&')).flatMap((all) => all.items).filter((row) => row.at && row.sensitivity !== 'restricted');
  rows.sort((a, b) => (a.reported_at < b.reported_at ? 1 : -1));
  const chosen = rows.slice(0, cases);
  // A district that stands still has nothing that waits; the newest does, so that there is something to accept.
  if (chosen[0] && !chosen.some((row) => row.state === 'reported')) Object.assign(chosen[0], { state: 'reported', resolved_at: null });
  // Nor does it always have one that was left lying; the oldest is, so that there is something open that no page of days shows.
  if (chosen.length > 1) Object.assign(chosen.at(-1), { state: 'handling', resolved_at: null });
  return { config, places, grids, stations, cases: chosen };
}

async function signIn(base, name, password) {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fengtu': '1' },
    body: JSON.stringify({ name, password }),
  });
  if (!answer.ok) throw new Error(`${base}: ${name} cannot sign in: ${answer.status}`);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0];
}

/** A feature with plain properties, as a GIS department's file has it: no lists, no objects. */
function flat(feature, more = {}) {
  const properties = Object.fromEntries(
    Object.entries({ ...feature.properties, ...more })
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(',') : value])
      .filter(([, value]) => typeof value !== 'object'),
  );
  return { type: 'Feature', id: feature.id ?? properties.id, geometry: feature.geometry, properties };
}

const collection = (features) => ({ type: 'FeatureCollection', features });

/** The district as three collections of GeoJSON. */
export function asGeoJson({ grids, stations, cases }) {
  // A layer numbers its features itself, whatever their cases are called.
  const caseOf = (row, index) => {
    const { at, clocks, holder, ...properties } = row;
    return flat({ geometry: { type: 'Point', coordinates: at }, properties }, { office: holder?.office, id: `f${index + 1}` });
  };
  return {
    grids: collection(grids.map((grid) => flat(grid, { id: grid.id ?? grid.properties.id }))),
    stations: collection(stations.map((station) => flat(station, { id: station.id ?? station.properties.id }))),
    cases: collection(cases.map(caseOf)),
  };
}

/** Writes the three collections; returns their paths. */
export async function writeGeoJson(district, folder) {
  await mkdir(folder, { recursive: true });
  const paths = {};
  for (const [name, value] of Object.entries(asGeoJson(district))) {
    paths[name] = join(folder, `${name}.geojson`);
    await writeFile(paths[name], JSON.stringify(value));
  }
  return paths;
}

/** The box around everything, a little wider. */
export function bounds({ grids }) {
  const points = grids.flatMap((grid) => flatten(grid.geometry.coordinates));
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lons) - 0.01, Math.min(...lats) - 0.01, Math.max(...lons) + 0.01, Math.max(...lats) + 0.01];
}

function flatten(coordinates) {
  return typeof coordinates[0] === 'number' ? [coordinates] : coordinates.flatMap(flatten);
}

/** Whether a feature meets a box of west, south, east, north; all do where there is none. */
export const inBox = (box) => ({ geometry }) => {
  if (!box) return true;
  const points = flatten(geometry.coordinates);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  const [west, south, east, north] = box;
  return Math.min(...lons) <= east && Math.max(...lons) >= west && Math.min(...lats) <= north && Math.max(...lats) >= south;
};

/** Features in the order of a property. */
export function sorted(features, name) {
  const key = (one) => String(one.properties[name] ?? '');
  return name ? features.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) : features;
}
