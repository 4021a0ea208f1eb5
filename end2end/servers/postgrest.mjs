// A PostgREST-shaped face on a real PostgreSQL of its own: tables of a city's own shape, filters, embeds, ranges, functions.
import { spawn } from 'node:child_process';
import pg from 'pg';
import { json, serve } from './lib/process.mjs';
import { local } from './lib/time.mjs';

// The shell waits for its standard input to end, which it does however this process ends, and then cleans up. Ctrl-C reaches it too,
// and is left to this process.
const CLUSTER = `
set -eu
trap '' INT
bin=$1
dir=$(mktemp -d "\${TMPDIR:-/tmp}/fengtu-prest-XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill -INT "$pid" 2>/dev/null || true; wait "$pid" || true; fi; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U fengtu -A trust --locale=C -E UTF8 -N >/dev/null
"$bin/postgres" -D "$dir/data" -k "$dir" -h '' -F >"$dir/log" 2>&1 </dev/null &
pid=$!
until "$bin/pg_isready" -q -h "$dir" -U fengtu; do kill -0 "$pid"; sleep 0.05; done
echo "$dir"
cat >/dev/null
`;

const SCHEMA = `
CREATE TABLE t_bm (bm_id int PRIMARY KEY, mc text NOT NULL);
CREATE TABLE t_wg (wg_bh text PRIMARY KEY, mc text NOT NULL, sj_bh text, rks int, tx jsonb NOT NULL);
CREATE TABLE t_gd (gd_bh text PRIMARY KEY, bt text NOT NULL, lx text NOT NULL, zt int NOT NULL, sbsj timestamp NOT NULL,
  jd double precision, wd double precision, dz text, je_wan numeric(12, 4), bm_id int REFERENCES t_bm);
CREATE FUNCTION shouli(p_gd text, p_yy text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE t_gd SET zt = 1 WHERE gd_bh = p_gd AND zt = 0;
  IF NOT FOUND THEN RAISE EXCEPTION '该工单不在待受理状态' USING ERRCODE = 'P0001'; END IF;
  RETURN p_gd;
END $$;
SET timezone TO 'Asia/Shanghai';
`;

const STATES = { reported: 0, accepted: 1, handling: 2, ordered: 2, mediating: 2, referred: 2, resolved: 3, confirmed: 4, rated: 4, archived: 5 };

/** Starts a cluster and the face on it. */
export async function postgrest({ district, port, binaries }) {
  const { folder, shell } = await cluster(binaries);
  const pool = new pg.Pool({ host: folder, user: 'fengtu', database: 'postgres', max: 4 });
  const ends = endsOf(pool);
  await pool.query(SCHEMA);
  await fill(pool, district);
  const keys = await foreignKeys(pool);
  const server = await serve(port, (asked, response) => answer({ pool, keys }, asked, response));
  const stop = async () => {
    await server.stop();
    await pool.end();
    await Promise.all(ends);
    shell.stdin.end();
    if (shell.exitCode === null && shell.signalCode === null) await new Promise((done) => shell.once('exit', done));
  };
  return { base: server.base, stop };
}

// The pool's `end` returns before its connections have closed, and no longer listens to them: one that the cluster ends in between
// would be an error that nobody catches. So each is listened to for its whole life, and the cluster stops when all have closed.
function endsOf(pool) {
  const ends = [];
  const told = (error) => console.error(`PostgreSQL: ${error.message}`);
  pool.on('error', told);
  pool.on('connect', (client) => {
    client.on('error', told);
    ends.push(new Promise((done) => client.once('end', done)));
  });
  return ends;
}

// PostgreSQL refuses to run as root: there it runs as the user that its package made.
function cluster(binaries) {
  const words = ['sh', '-c', CLUSTER, 'sh', binaries];
  const [program, ...args] = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--', ...words] : words;
  const shell = spawn(program, args, { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((done, fail) => {
    shell.once('error', fail);
    shell.once('exit', (code) => fail(new Error(`PostgreSQL did not start: ${code}`)));
    shell.stdout.once('data', (line) => done({ folder: line.toString().trim(), shell }));
  });
}

async function fill(pool, { grids, cases }) {
  const offices = [...new Set(cases.map((found) => found.holder?.office ?? '无'))];
  const insert = (table, rows) => pool.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [JSON.stringify(rows)]);
  await insert('t_bm', offices.map((mc, index) => ({ bm_id: index + 1, mc })));
  await insert('t_wg', grids.map(({ properties, geometry }) => ({ wg_bh: properties.id, mc: properties.name, sj_bh: properties.parent, rks: properties.population, tx: geometry })));
  await insert('t_gd', cases.map((found) => ({
    gd_bh: found.number, bt: found.title, lx: found.category, zt: STATES[found.state] ?? 2, sbsj: local(found.reported_at), jd: found.at[0], wd: found.at[1],
    dz: found.address, je_wan: found.amount_fen / 1_000_000, bm_id: offices.indexOf(found.holder?.office ?? '无') + 1,
  })));
}

async function foreignKeys(pool) {
  const { rows } = await pool.query(`SELECT c.conrelid::regclass::text AS "from", c.confrelid::regclass::text AS "to", a.attname AS "column", f.attname AS "key"
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1] WHERE c.contype = 'f'`);
  return rows;
}

const NAME = /^[a-z_][a-z0-9_]*$/;
const OPERATORS = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=', like: 'LIKE', ilike: 'ILIKE' };
const RESERVED = new Set(['select', 'order', 'limit', 'offset']);

class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

async function answer(world, asked, response) {
  try {
    const [, first, second] = asked.path.split('/');
    if (first === 'rpc') return await call(world, second, asked, response);
    return await read(world, first, asked, response);
  } catch (error) {
    const known = error instanceof Refused ? error : { status: error.code === 'P0001' ? 400 : 500, code: error.code ?? 'XX000', message: error.message };
    return json(response, known.status, { code: known.code, message: known.message, details: null, hint: null });
  }
}

async function read(world, table, asked, response) {
  if (!NAME.test(table ?? '')) throw new Refused(404, 'PGRST205', `Could not find the table '${table}'`);
  const values = [];
  const where = [...asked.query].filter(([name]) => !RESERVED.has(name)).map(([name, text]) => condition(name, text, values));
  const filter = where.length ? `WHERE ${where.join(' AND ')}` : '';
  const order = (asked.query.get('order') ?? '').split(',').filter(Boolean).map(direction);
  const [limit, offset] = windowOf(asked);
  const rows = Math.min(Number.isNaN(limit) ? 100 : limit, 100);
  const text = `SELECT ${columns(world, table, asked.query.get('select') ?? '*')} FROM ${table} ${filter} ${order.length ? `ORDER BY ${order.join(', ')}` : ''} LIMIT ${rows} OFFSET ${Number.isNaN(offset) ? 0 : offset}`;
  const found = (await world.pool.query({ text, values, types: { getTypeParser: parser } })).rows;
  const counted = /count=exact/.test(asked.headers.prefer ?? '') ? (await world.pool.query(`SELECT count(*)::int AS n FROM ${table} ${filter}`, values)).rows[0].n : '*';
  const begin = Number.isNaN(offset) ? 0 : offset;
  const range = found.length ? `${begin}-${begin + found.length - 1}` : '*';
  return json(response, counted !== '*' && found.length < counted ? 206 : 200, found, { 'content-range': `${range}/${counted}` });
}

// As PostgREST has it: the parameters, or the header Range in items.
function windowOf({ query, headers }) {
  const range = /^(\d+)-(\d+)$/.exec(headers.range ?? '');
  if (range && !query.has('limit')) return [Number(range[2]) - Number(range[1]) + 1, Number(range[1])];
  return ['limit', 'offset'].map((name) => Number.parseInt(query.get(name) ?? '', 10));
}

// Times and decimals as PostgREST writes them: what the column says, without an offset, numbers as numbers.
function parser(type) {
  if (type === 1114) return (text) => text.replace(' ', 'T');
  return type === 1700 ? Number : pg.types.getTypeParser(type);
}

function condition(name, text, values) {
  if (!NAME.test(name)) throw new Refused(400, 'PGRST100', `failed to parse filter (${name})`);
  const [, negated, operator, rest] = /^(not\.)?([a-z]+)\.(.*)$/s.exec(text) ?? [];
  const not = negated ? 'NOT ' : '';
  if (operator === 'is') return `${not}${name} IS ${{ null: 'NULL', true: 'TRUE', false: 'FALSE' }[rest] ?? 'NULL'}`;
  if (operator === 'in') {
    values.push([...rest.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, plain]) => plain ?? quoted.replace(/\\(.)/g, '$1')));
    return `${not}${name}::text = ANY($${values.length})`;
  }
  if (!OPERATORS[operator]) throw new Refused(400, 'PGRST100', `failed to parse filter (${text})`);
  values.push(operator.endsWith('like') ? rest.replaceAll('*', '%') : rest);
  return `${not}${name} ${OPERATORS[operator]} $${values.length}`;
}

function direction(text) {
  const [name, way] = text.split('.');
  if (!NAME.test(name)) throw new Refused(400, 'PGRST100', `failed to parse order (${text})`);
  return `${name} ${way === 'desc' ? 'DESC' : 'ASC'}`;
}

function columns(world, table, select) {
  return select.split(/,(?![^(]*\))/).map((part) => column(world, table, part.trim())).join(', ');
}

function column(world, table, part) {
  const embed = /^(?:([a-z_]+):)?([a-z_]+)\(([^)]*)\)$/.exec(part);
  if (embed) {
    const [, alias, other, inner] = embed;
    const key = world.keys.find((one) => one.from === table && one.to === other);
    if (!key) throw new Refused(400, 'PGRST200', `Could not find a relationship between '${table}' and '${other}'`);
    return `(SELECT row_to_json(e) FROM (SELECT ${columns(world, other, inner)} FROM ${other} WHERE ${other}.${key.key} = ${table}.${key.column}) e) AS ${alias ?? other}`;
  }
  const [, alias, name] = /^(?:([a-z_]+):)?(\*|[a-z_][a-z0-9_]*)$/.exec(part) ?? [];
  if (!name) throw new Refused(400, 'PGRST100', `failed to parse select (${part})`);
  return alias ? `${name} AS ${alias}` : name;
}

async function call(world, name, asked, response) {
  if (!NAME.test(name ?? '')) throw new Refused(404, 'PGRST202', `Could not find the function ${name}`);
  const given = Object.entries(JSON.parse(asked.body.toString() || '{}')).filter(([key]) => NAME.test(key));
  const text = `SELECT ${name}(${given.map(([key], index) => `${key} => $${index + 1}`).join(', ')}) AS value`;
  const { rows } = await world.pool.query(text, given.map(([, value]) => value));
  return json(response, 200, rows[0].value);
}
