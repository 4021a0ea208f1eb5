// Prism over the description of GeoReport v2: always the examples, or random answers that fit the schemas.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from './lib/process.mjs';

const SEEDED = fileURLToPath(new URL('lib/seeded.cjs', import.meta.url));
const DESCRIPTION = fileURLToPath(new URL('georeport.openapi.json', import.meta.url));

/** Starts it; `dynamic` makes every answer another one, the same ones in every run. */
export async function prism({ dynamic, port, packages }) {
  const program = join(packages, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const args = [...(dynamic ? ['--require', SEEDED] : []), program, 'mock', DESCRIPTION, '--host', '127.0.0.1', '--port', String(port), ...(dynamic ? ['--dynamic'] : []), '--errors', '-v', 'error'];
  const base = `http://127.0.0.1:${port}`;
  const { stop } = await start(process.execPath, args, { until: `${base}/services.json` });
  return { base, stop };
}
