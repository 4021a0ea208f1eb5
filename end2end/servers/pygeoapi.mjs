// pygeoapi over GeoJSON files: OGC API Features as many open-data portals offer it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bounds, writeGeoJson } from './lib/district.mjs';
import { run, start } from './lib/process.mjs';

const TEXTS = { grids: '网格', stations: '站点', cases: '案件' };

/** Starts it in a folder of its own. */
export async function pygeoapi({ district, folder, port, environment }) {
  const files = await writeGeoJson(district, folder);
  const [config, openapi] = [join(folder, 'pygeoapi.yml'), join(folder, 'openapi.yml')];
  const base = `http://127.0.0.1:${port}`;
  await writeFile(config, JSON.stringify(settings(base, port, files, bounds(district))));
  const program = join(environment, 'bin/pygeoapi');
  const env = { PYGEOAPI_CONFIG: config, PYGEOAPI_OPENAPI: openapi };
  await run(program, ['openapi', 'generate', config, '--output-file', openapi], { env });
  const { stop } = await start(program, ['serve'], { env, cwd: folder, until: `${base}/conformance` });
  return { base, stop };
}

// JSON is YAML.
function settings(base, port, files, bbox) {
  const resources = Object.entries(files).map(([name, data]) => [name, collection(name, data, bbox)]);
  return {
    server: {
      bind: { host: '127.0.0.1', port },
      url: base,
      mimetype: 'application/json; charset=UTF-8',
      encoding: 'utf-8',
      languages: ['en-US'],
      limits: { default_items: 20, max_items: 100 },
      map: { url: 'https://tile.example/{z}/{x}/{y}.png', attribution: 'none' },
    },
    logging: { level: 'ERROR' },
    metadata: {
      identification: { title: 'GIS', description: 'GIS', keywords: ['gis'], keywords_type: 'theme', terms_of_service: 'none', url: base },
      license: { name: 'CC0', url: 'https://example.org' },
      provider: { name: 'GIS', url: 'https://example.org' },
      contact: { name: 'GIS', position: 'GIS', address: 'GIS', city: 'GIS', stateorprovince: 'GIS', postalcode: '0', country: 'CN', phone: '0', fax: '0', email: 'a@example.org', url: 'https://example.org', hours: 'GIS', instructions: 'GIS', role: 'pointOfContact' },
    },
    resources: Object.fromEntries(resources),
  };
}

function collection(name, data, bbox) {
  const provider = { type: 'feature', name: 'GeoJSON', data, id_field: 'id' };
  return {
    type: 'collection',
    title: TEXTS[name],
    description: TEXTS[name],
    keywords: [name],
    links: [],
    extents: { spatial: { bbox, crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' } },
    providers: [name === 'cases' ? { ...provider, time_field: 'reported_at' } : provider],
  };
}
