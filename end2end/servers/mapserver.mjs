// MapServer as CGI: OGC API Features and WFS 2.0 over the same GeoJSON files.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bounds, writeGeoJson } from './lib/district.mjs';
import { serve } from './lib/process.mjs';

const TYPES = { grids: 'POLYGON', stations: 'POINT', cases: 'POINT' };

/** Starts it; OGC API is below `/ogcapi`, WFS is `/wfs`. */
export async function mapserver({ district, folder, port, program }) {
  const files = await writeGeoJson(district, folder);
  const [map, config] = [join(folder, 'fengtu.map'), join(folder, 'mapserver.conf')];
  const base = `http://127.0.0.1:${port}`;
  await writeFile(join(folder, 'none.html'), '<!-- MapServer Template -->\n');
  await writeFile(map, mapFile(base, files, bounds(district)));
  await writeFile(config, `CONFIG\n  ENV\n    MS_MAP_NO_PATH "1"\n    OGCAPI_HTML_TEMPLATE_DIRECTORY "${folder}/"\n  END\n  MAPS\n    fengtu "${map}"\n  END\nEND\n`);
  const env = { MAPSERVER_CONFIG_FILE: config };
  return serve(port, (asked, response) => cgi(program, env, place(asked), asked, response));
}

function place(asked) {
  if (asked.path.startsWith('/ogcapi')) return { path: `/fengtu${asked.path}`, query: asked.url.search.slice(1) };
  const query = new URLSearchParams(asked.url.search);
  query.set('map', 'fengtu');
  return { path: '', query: query.toString() };
}

function cgi(program, env, { path, query }, asked, response) {
  return new Promise((done, fail) => {
    const child = spawn(program, [], {
      env: {
        ...env, PATH: process.env.PATH, GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1', SERVER_NAME: '127.0.0.1', SERVER_PORT: '80',
        REQUEST_METHOD: asked.method, SCRIPT_NAME: '', PATH_INFO: path, QUERY_STRING: query,
        CONTENT_TYPE: asked.headers['content-type'] ?? '', CONTENT_LENGTH: String(asked.body.length),
      },
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.once('error', fail);
    child.once('close', () => (answer(Buffer.concat(chunks), response), done()));
    child.stdin.end(asked.body);
  });
}

function answer(output, response) {
  const end = output.indexOf('\r\n\r\n');
  const head = output.subarray(0, Math.max(end, 0)).toString();
  const headers = Object.fromEntries(head.split('\r\n').filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const { status = '200', ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest);
  response.end(output.subarray(end + 4));
}

function mapFile(base, files, [west, south, east, north]) {
  const extent = `${west} ${south} ${east} ${north}`;
  const layers = Object.entries(files).map(([name, data]) => `
  LAYER
    NAME "${name}"
    STATUS ON
    TYPE ${TYPES[name]}
    TEMPLATE "none.html"
    CONNECTIONTYPE OGR
    CONNECTION "${data}"
    PROJECTION "init=epsg:4326" END
    METADATA
      "ows_title" "${name}"
      "ows_description" "${name}"
      "ows_extent" "${extent}"
      "gml_include_items" "all"
      "gml_featureid" "id"
      "ows_include_items" "all"
    END
  END`);
  return `MAP
  NAME "fengtu"
  EXTENT ${extent}
  SIZE 100 100
  PROJECTION "init=epsg:4326" END
  WEB
    METADATA
      "ows_title" "GIS"
      "ows_description" "GIS"
      "ows_enable_request" "*"
      "ows_srs" "EPSG:4326"
      "ows_onlineresource" "${base}/wfs?"
      "oga_onlineresource" "${base}/ogcapi"
      "wfs_getfeature_formatlist" "geojson"
      "wfs_encoding" "UTF-8"
    END
  END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json"
    FORMATOPTION "STORAGE=stream"
    FORMATOPTION "FORM=simple"
  END
${layers.join('\n')}
END
`;
}
