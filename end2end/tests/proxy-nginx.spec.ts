// The nginx of the guide, as it is written there: only the foreign server's address, our own port and the key are put in.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';
import { blocksOf } from '../fixtures/guide.ts';
import { freePort } from '../fixtures/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NGINX = [process.env.FENGTU_NGINX, join(ROOT, 'target/tools/usr/sbin/nginx'), '/usr/sbin/nginx'].find((path) => path && existsSync(path));
/** How long nginx may take to start on a busy machine. */
const LONG_MS = 30_000;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Nginx {
  port: number;
  /** What reached the foreign server, oldest first. */
  asked: { url: string; headers: IncomingHttpHeaders }[];
}

const test = base.extend<object, { nginx: Nginx }>({
  nginx: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      if (!NGINX) return void (await use({ port: 0, asked: [] }));
      const asked: Nginx['asked'] = [];
      const foreign = createServer((request, response) => {
        asked.push({ url: request.url!, headers: request.headers });
        if (request.url!.includes('silent')) return;
        response.writeHead(200, COMMANDS).end('{"collections": []}');
      });
      await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
      const port = await freePort();
      const folder = await mkdtemp(join(tmpdir(), 'fengtu-nginx-'));
      await writeFile(join(folder, 'nginx.conf'), around(told('zh'), folder, port, (foreign.address() as AddressInfo).port));
      const child = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = new Promise<void>((done) => child.once('close', () => done()));
      await expect.poll(() => isOpen(port), { timeout: LONG_MS }).toBe(true);
      await use({ port, asked });
      child.kill('SIGTERM');
      await ended;
      foreign.closeAllConnections();
      foreign.close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test.describe.configure({ mode: 'default' });
test.skip(!NGINX, 'the set-up has said what is not installed');

/** What a foreign server must not tell a browser of ours. */
const COMMANDS = {
  'content-type': 'application/json',
  etag: '"1"',
  link: '<http://gis/next?key=secret>; rel="next"',
  location: 'http://gis/elsewhere?key=secret',
  'content-location': 'http://gis/here?key=secret',
  'set-cookie': 'theirs=1',
  'www-authenticate': 'Basic',
  'clear-site-data': '"*"',
  'service-worker-allowed': '/',
  'content-security-policy': "default-src *",
  'access-control-allow-origin': '*',
};

/** The block of the guide. */
function told(language: 'zh' | 'en'): string {
  const blocks = blocksOf('proxy', language).filter(({ kind }) => kind === 'nginx');
  expect(blocks, language).toHaveLength(1);
  return blocks[0]!.text;
}

/** One process in the foreground that leaves nothing outside its folder. */
function around(block: string, folder: string, port: number, foreign: number): string {
  const put = (text: string, from: string, to: string) => {
    expect(text.split(from), from).toHaveLength(2);
    return text.replace(from, to);
  };
  const placed = put(block, 'proxy_pass http://gis.example.gov.cn;', `proxy_pass http://127.0.0.1:${foreign};`);
  const keyed = put(placed, 'X-Api-Key "…"', 'X-Api-Key "the-key"');
  const own = put(keyed, 'server {\n', `server {\n    listen 127.0.0.1:${port};\n`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  return `daemon off; master_process off; error_log stderr crit; pid ${folder}/nginx.pid;\nevents { worker_connections 256; }\nhttp { access_log off; ${temporary}\n${own}}\n`;
}

const isOpen = (port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });

/** Asks as written: `fetch` would put a path in order first, and sends no body with GET. */
function get(nginx: Nginx, path: string, { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const length = body ? { 'content-length': String(body.length) } : {};
    const question = ask({ host: '127.0.0.1', port: nginx.port, path, method, headers: { ...headers, ...length }, agent: false });
    question.once('error', fail);
    question.once('response', (answer) => void read(answer).then(done, fail));
    question.end(body);
  });
}

async function read(answer: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode!, headers: answer.headers, body };
}

test('the guides say the same in both languages', () => {
  const bare = (text: string) => text.replaceAll(/\s+#.*$/gm, '');
  expect(bare(told('en'))).toBe(bare(told('zh')));
});

test('what is on the list comes through with the key; nothing else of the browser’s goes out, no command comes back', async ({ nginx }) => {
  const mine = { cookie: '__Host-fengtu=mine', authorization: 'Bearer mine', accept: 'application/geo+json', 'if-none-match': '"0"', 'x-forwarded-for': '10.0.0.1', 'x-http-method-override': 'DELETE', 'x-api-key': 'mine' };
  const answer = await get(nginx, '/proxy/gis/collections/cases/items?f=json&limit=2&bbox=113,22,114,23', { headers: mine });
  expect(answer.status).toBe(200);
  expect(answer.body).toBe('{"collections": []}');
  const { url, headers } = nginx.asked.at(-1)!;
  expect(url).toBe('/ogc/collections/cases/items?f=json&limit=2&bbox=113,22,114,23');
  expect(headers).toEqual({ host: 'gis.example.gov.cn', 'x-api-key': 'the-key', accept: 'application/geo+json', 'if-none-match': '"0"', connection: 'close' });
  const { server: _, date: __, connection: ___, ...back } = answer.headers;
  expect(back).toEqual({
    'content-type': 'application/json',
    'transfer-encoding': 'chunked',
    etag: '"1"',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  expect((await get(nginx, '/proxy/gis/conformance', { method: 'HEAD' })).status).toBe(200);
});

test('what is not on the list is refused before anything goes out: paths, parameters, methods', async ({ nginx }) => {
  const before = nginx.asked.length;
  const refused = [
    ['/proxy/gis/', 404],
    ['/proxy/gis/admin', 404],
    ['/proxy/gis/collectionsx', 404],
    ['/proxy/gis/Collections', 404],
    ['/proxy/other/collections', 404],
    ['/proxy/gis/collections/../admin', 404],
    ['/proxy/gis/collections/%2e%2e/admin', 404],
    ['/proxy/gis/collections%2f..%2fadmin', 404],
    ['/proxy/gis/collections?filter=1%3D1', 403],
    ['/proxy/gis/collections?f=json&token=x', 403],
    ['/proxy/gis/collections?f=json;token=x', 403],
    ['/proxy/gis/collections?%66=json', 403],
    ['/proxy/gis/collections?F=json', 403],
  ] as const;
  for (const [path, status] of refused) expect((await get(nginx, path)).status, path).toBe(status);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) expect((await get(nginx, '/proxy/gis/collections', { method })).status, method).toBe(405);
  expect(nginx.asked.length, 'nothing has reached the foreign server').toBe(before);
});

test('a path that is encoded twice stays below what may be asked', async ({ nginx }) => {
  await get(nginx, '/proxy/gis/collections/..%252f..%252fadmin');
  expect(decodeURIComponent(nginx.asked.at(-1)!.url)).toBe('/ogc/collections/..%2f..%2fadmin');
});

test('bodies over the limit are refused', async ({ nginx }) => {
  const before = nginx.asked.length;
  for (const method of ['GET', 'POST']) expect((await get(nginx, '/proxy/gis/collections', { method, body: 'x'.repeat(65_537) })).status, method).toBe(413);
  expect(nginx.asked.length).toBe(before);
  expect((await get(nginx, '/proxy/gis/collections', { body: 'x'.repeat(65_536) })).status).toBe(200);
});

test('a server that says nothing is given up after ten seconds, a body that stands still too, and the 33rd question is not let in', async ({ nginx }) => {
  test.setTimeout(60_000);
  const before = nginx.asked.length;
  expectTenSeconds(await stuck(nginx.port));
  expect(nginx.asked.length, 'half a body reaches nobody').toBe(before);
  const began = Date.now();
  const silent = Array.from({ length: 32 }, () => get(nginx, '/proxy/gis/collections/silent'));
  const seen = () => nginx.asked.filter(({ url }) => url.includes('silent')).length;
  await expect.poll(seen, { timeout: 8_000 }).toBe(32);
  expect((await get(nginx, '/proxy/gis/collections')).status, 'the 33rd').toBe(503);
  for (const one of await Promise.all(silent)) expect(one.status).toBe(504);
  expectTenSeconds(Date.now() - began);
  expect((await get(nginx, '/proxy/gis/collections')).status, 'places are free again').toBe(200);
});

function expectTenSeconds(took_ms: number): void {
  expect(took_ms).toBeGreaterThan(9_500);
  expect(took_ms).toBeLessThan(20_000);
}

/** Sends half a body and waits until the connection is closed, which nginx does without a word; returns how long that took. */
function stuck(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const began = Date.now();
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /proxy/gis/collections HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'));
    socket.resume();
    socket.once('error', fail);
    socket.once('close', () => done(Date.now() - began));
  });
}
