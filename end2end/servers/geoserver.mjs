// A WFS 2.0 of GeoServer's shape: axes by the way in which the reference system is named, and XML for what goes wrong.
import { asGeoJson, inBox, sorted } from './lib/district.mjs';
import { json, serve } from './lib/process.mjs';

const URN = 'urn:ogc:def:crs:EPSG::4326';
/** Its feature types: grids are in a workspace. */
const TYPES = { 'zf:wangge': 'grids', stations: 'stations', cases: 'cases' };

/** Starts it; WFS is `/ows`. */
export async function geoserver({ district, port }) {
  const collections = asGeoJson(district);
  return serve(port, (asked, response) => answer(collections, asked, response));
}

function refuse(response, text) {
  response.writeHead(400, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0"><ows:Exception exceptionCode="InvalidParameterValue"><ows:ExceptionText>${text}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>`);
}

function answer(collections, { path, query }, response) {
  const all = collections[TYPES[query.get('typeNames')]]?.features;
  if (path !== '/ows' || !all) return refuse(response, `Feature type ${query.get('typeNames')} unknown`);
  const order = query.get('sortBy')?.split(' ')[0];
  if (order && !all.some((one) => order in one.properties)) return refuse(response, `Illegal property name: ${order}`);
  const number = /<ValueReference>number<.*?<Literal>(.*?)<\/Literal>/.exec(query.get('FILTER') ?? '')?.[1];
  const isIt = (one) => !query.has('FILTER') || one.properties.number === number;
  const found = sorted(all.filter(isIt).filter(inBox(box(query.get('bbox')))), order);
  const from = Number(query.get('startIndex') ?? 0);
  const page = found.slice(from, from + Number(query.get('count') ?? 1_000_000));
  const features = query.get('srsName') === URN ? page.map((one) => ({ ...one, geometry: { ...one.geometry, coordinates: turned(one.geometry.coordinates) } })) : page;
  json(response, 200, { type: 'FeatureCollection', features, totalFeatures: found.length, numberMatched: found.length, numberReturned: page.length });
}

/** Latitude stands first where the reference system is a URN, and where none is named; longitude where it is `EPSG:4326`. */
function box(bbox) {
  if (!bbox) return undefined;
  const [a, b, c, d, crs = URN] = bbox.split(',');
  return (crs === 'EPSG:4326' ? [a, b, c, d] : [b, a, d, c]).map(Number);
}

const turned = (at) => (typeof at[0] === 'number' ? [at[1], at[0]] : at.map(turned));
