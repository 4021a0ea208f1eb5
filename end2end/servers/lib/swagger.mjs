// GeoReport v2 in the form of the community's own Swagger file, which differs from the standard's pages: a jurisdiction and a key
// with every report are needed, one thing is not in a list, it stands below /request, coordinates have no bounds, and there are no
// examples of JSON.
import { readFileSync } from 'node:fs';

/** What an address of it needs: any will do. */
export const QUERY = 'jurisdiction_id=city';

/** The description that Prism serves: the file that is named, or ours in its form. */
export function officialForm(file, ours) {
  return file ? servable(JSON.parse(readFileSync(file, 'utf8'))) : inForm(JSON.parse(readFileSync(ours, 'utf8')));
}

/**
 * What is changed in the file: its examples are of XML, which Prism would give as JSON and then refuse as such; and it has a
 * report's parts in the address, while it takes forms alone.
 */
function servable(told) {
  for (const path of Object.values(told.paths)) {
    for (const call of Object.values(path)) for (const response of Object.values(call.responses)) delete response.examples;
    for (const part of path.post?.parameters ?? []) if (part.in === 'query') part.in = 'formData';
  }
  return told;
}

function inForm({ paths: { '/requests/{service_request_id}.json': one, ...paths }, ...ours }) {
  const told = { ...ours, paths: { ...paths, '/request/{service_request_id}.json': one } };
  for (const path of Object.values(told.paths)) for (const call of Object.values(path)) ask(call);
  told.paths['/requests.json'].post.security = [{ api_key: [] }];
  told.components.securitySchemes = { api_key: { type: 'apiKey', name: 'api_key', in: 'query' } };
  for (const { get } of [one, paths['/tokens/{token}.json']]) alone(get);
  return plain(told);
}

const jurisdiction = { name: 'jurisdiction_id', in: 'query', required: true, schema: { type: 'string' } };

function ask(call) {
  call.parameters = [...(call.parameters ?? []).filter(({ name }) => name !== jurisdiction.name), jurisdiction];
}

function alone(get) {
  const answer = get.responses['200'].content['application/json'];
  answer.schema = answer.schema.items;
}

/** Nothing is null, nothing has bounds, and there are no examples. */
function plain(node) {
  if (Array.isArray(node)) return node.map(plain);
  if (node === null || typeof node !== 'object') return node;
  const left = Object.entries(node).filter(([name]) => !['example', 'examples', 'minItems', 'minLength', 'minimum', 'maximum'].includes(name));
  return Object.fromEntries(left.map(([name, value]) => [name, name === 'type' && Array.isArray(value) ? value[0] : plain(value)]));
}
