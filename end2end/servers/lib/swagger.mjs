// The community's own Swagger file of GeoReport v2 (../open311). It differs from the standard's pages: a jurisdiction and a key with
// every report are needed, one thing is not in a list, it stands below /request, and coordinates have no bounds.
import { readFileSync } from 'node:fs';

const FILE = new URL('../open311/georeport-v2.swagger.json', import.meta.url);

/** What an address of it needs: any will do. */
export const QUERY = 'jurisdiction_id=city';

/**
 * The file as Prism can serve it: its examples are of XML, which Prism would give as JSON and then refuse as such; and it has a
 * report's parts in the address, while it takes forms alone.
 */
export function officialDescription() {
  const told = JSON.parse(readFileSync(FILE, 'utf8'));
  for (const path of Object.values(told.paths)) {
    for (const call of Object.values(path)) for (const response of Object.values(call.responses)) delete response.examples;
    for (const part of path.post?.parameters ?? []) if (part.in === 'query') part.in = 'formData';
  }
  return told;
}
