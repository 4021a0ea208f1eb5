// Prism over a description of GeoReport v2: always the examples, or random answers that fit the schemas.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from './lib/process.mjs';
import { officialDescription, QUERY } from './lib/swagger.mjs';

const SEEDED = fileURLToPath(new URL('lib/seeded.cjs', import.meta.url));
const DESCRIPTION = fileURLToPath(new URL('georeport.openapi.json', import.meta.url));

/**
 * Starts it; `dynamic` makes every answer another one, the same ones in every run. `official` is the community's own Swagger file,
 * else it is ours, which has what the standard's pages say.
 */
export async function prism({ dynamic, official, port, packages, folder }) {
  const program = join(packages, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const description = official ? await written(folder) : DESCRIPTION;
  const args = [...(dynamic ? ['--require', SEEDED] : []), program, 'mock', description, '--host', '127.0.0.1', '--port', String(port), ...(dynamic ? ['--dynamic'] : []), '--errors', '-v', 'error'];
  const base = `http://127.0.0.1:${port}`;
  const { stop } = await start(process.execPath, args, { until: `${base}/services.json${official ? `?${QUERY}` : ''}` });
  return { base, stop };
}

async function written(folder) {
  const file = join(folder, 'description.json');
  await writeFile(file, JSON.stringify(officialDescription()));
  return file;
}
