// Every foreign server that the tests and the guides start, by name.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arcgis } from '../arcgis.mjs';
import { georeport } from '../georeport.mjs';
import { geoserver } from '../geoserver.mjs';
import { jeecgboot } from '../jeecgboot.mjs';
import { jsonServer } from '../json-server.mjs';
import { mapserver } from '../mapserver.mjs';
import { postgrest } from '../postgrest.mjs';
import { prism } from '../prism.mjs';
import { pygeoapi } from '../pygeoapi.mjs';
import { ruoyi } from '../ruoyi.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const PACKAGES = join(ROOT, 'end2end/servers');

const first = (paths) => paths.find((path) => path && existsSync(path));
const environment = () => first([process.env.FENGTU_PYGEOAPI, join(ROOT, 'target/pygeoapi')]);
const mapservProgram = () => first([process.env.FENGTU_MAPSERV, '/usr/lib/cgi-bin/mapserv', '/usr/bin/mapserv']);

function postgres() {
  if (process.env.FENGTU_TEST_PG) return process.env.FENGTU_TEST_PG;
  const top = '/usr/lib/postgresql';
  const versions = existsSync(top) ? readdirSync(top).sort((a, b) => Number(b) - Number(a)) : [];
  return first(versions.map((version) => join(top, version, 'bin')).filter((bin) => existsSync(join(bin, 'initdb'))));
}

const packages = () => first([existsSync(join(PACKAGES, 'node_modules')) ? PACKAGES : undefined]);

/** Name → what it needs, and how it starts. */
export const SERVERS = {
  pygeoapi: { needs: environment, start: (it) => pygeoapi({ ...it, environment: environment() }) },
  mapserver: { needs: mapservProgram, start: (it) => mapserver({ ...it, program: mapservProgram() }) },
  'json-server': { needs: packages, start: (it) => jsonServer({ ...it, packages: PACKAGES }) },
  'prism-static': { needs: packages, start: (it) => prism({ ...it, dynamic: false, packages: PACKAGES }) },
  'prism-dynamic': { needs: packages, start: (it) => prism({ ...it, dynamic: true, packages: PACKAGES }) },
  'prism-official-static': { needs: packages, start: (it) => prism({ ...it, official: true, dynamic: false, packages: PACKAGES }) },
  'prism-official-dynamic': { needs: packages, start: (it) => prism({ ...it, official: true, dynamic: true, packages: PACKAGES }) },
  'georeport-clean': { needs: () => true, start: (it) => georeport({ ...it, shape: 'clean' }) },
  'georeport-wrapped': { needs: () => true, start: (it) => georeport({ ...it, shape: 'wrapped' }) },
  'georeport-xml': { needs: () => true, start: (it) => georeport({ ...it, shape: 'xml' }) },
  arcgis: { needs: () => true, start: (it) => arcgis(it) },
  geoserver: { needs: () => true, start: (it) => geoserver(it) },
  jeecgboot: { needs: () => true, start: (it) => jeecgboot(it) },
  ruoyi: { needs: () => true, start: (it) => ruoyi(it) },
  postgrest: { needs: () => postgres() && packages(), start: (it) => postgrest({ ...it, binaries: postgres() }) },
};

/** Whether this machine has what a server needs. */
export const isThere = (name) => Boolean(SERVERS[name].needs());

/** Starts one; its files go into a folder of its own below `folder`. */
export async function startOne(name, { district, folder, port }) {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  return SERVERS[name].start({ district, folder: own, port });
}
