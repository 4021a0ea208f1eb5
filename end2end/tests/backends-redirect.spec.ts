// A backend that leads to another address: nobody goes there, since a token and a report's words are for it alone; the page says
// so, and the rest of it stands.
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, list, test as desk } from '../fixtures/desk.ts';
import { startProxy } from '../fixtures/proxy.ts';
import { startServer, type Running } from '../fixtures/server.ts';
import { audit } from '../fixtures/test.ts';
import { json, serve } from '../servers/lib/process.mjs';

const test = desk.extend({ account: '' });

const MAPPING = {
  datum: 'WGS84',
  headers: { 'x-token': 'secret' },
  resources: {
    stations: { list: '/stations', fields: { id: '/id', name: '/name', geometry: { at: '/at', form: 'pair' } } },
    cases: { list: '/cases', fields: { number: '/id', state: { value: 'reported' }, category: { value: 'legal' }, reported_at: { value: '2026-03-01T08:00:00+08:00' } } },
  },
};

/** Stations and cases from one backend, all else our own server's. */
function config(base: string, more: Record<string, string> = {}): string {
  const others = Object.fromEntries(Object.entries(more).map(([name, base]) => [name, { dialect: 'ogc-features', base }]));
  const backends = { default: { dialect: 'fengtu', base: '/api/v1' }, other: { dialect: 'json', base, mapping: MAPPING }, ...others };
  return JSON.stringify({ backends, resources: { stations: 'other', cases: 'other' }, basemaps: [], language: 'zh-CN' });
}

interface Leading {
  base: string;
  asked: string[];
  stop: () => Promise<void>;
}

/** A server that any page may read, and that answers to some paths by leading elsewhere. */
async function leading(to: Record<string, string>): Promise<Leading> {
  const asked: string[] = [];
  const answer = ({ method, path }: { method: string; path: string }, response: any) => {
    const open = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    asked.push(`${method} ${path}`);
    if (method === 'OPTIONS') return response.writeHead(204, open).end();
    if (to[path]) return response.writeHead(302, { ...open, location: to[path] }).end();
    return json(response, 200, [{ id: 'moved', name: 'moved', at: '113.93,22.75' }], open);
  };
  return { ...(await serve(0, answer)), asked };
}

/** A server of our own whose client's config.json names another origin: its policy lets pages read from there. */
async function startWith(text: string): Promise<Running> {
  const built = process.env.FENGTU_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
  const dist = await mkdtemp(join(tmpdir(), 'fengtu-dist-'));
  for (const name of await readdir(built)) if (name !== 'config.json') await symlink(join(built, name), join(dist, name));
  await writeFile(join(dist, 'config.json'), text);
  const before = process.env.FENGTU_DIST;
  process.env.FENGTU_DIST = dist;
  const own = await startServer(['--demo', 'guangming', '--seed', '7', '--cases', '300']);
  if (before) process.env.FENGTU_DIST = before;
  else delete process.env.FENGTU_DIST;
  const stop = async () => {
    await own.stop();
    await rm(dist, { recursive: true, force: true });
  };
  return { ...own, stop };
}

async function signIn(page: Page, base: string): Promise<void> {
  const answer = await page.request.post(`${base}/api/v1/session`, { headers: { 'x-fengtu': '1' }, data: { name: 'leader', password: 'fengtu-demo' } });
  expect(answer.status()).toBe(201);
}

/** Opens the desk: what leads elsewhere is told, with the reason behind it, and what another backend has is there. */
async function expectTold(page: Page, base: string): Promise<void> {
  await signIn(page, base);
  await page.goto(`${base}/?layers=warnings.stations.heat&list=warnings`);
  await expect(page.getByRole('alert').filter({ hasText: '服务站：服务器转到了别的地址，没有跟去' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('status').filter({ hasText: '后端“other”没有应答（诉求）' })).toBeVisible();
  await expect(page.getByTitle('它转到了别的地址').first()).toBeAttached();
  await expect(page.getByTitle('‖'), 'one language at a time').toHaveCount(0);
  await expect(list(page).getByRole('row').filter({ has: page.getByRole('cell') }).first()).toBeVisible();
  await audit(page, 'a backend that leads elsewhere');
}

test('a backend that leads to another origin, or to another path of its own, is not followed, and said to', async ({ page, faults }) => {
  const elsewhere = await leading({});
  const backend = await leading({ '/cases': '/moved', '/stations': `${elsewhere.base}/stations` });
  // Reading from elsewhere is not what keeps the page from it.
  const own = await startWith(config(backend.base, { elsewhere: elsewhere.base }));
  // Where a browser is led to is on Playwright's list of requests though nobody goes there: the server itself knows who came.
  for (const base of [own.base, backend.base, elsewhere.base]) faults.own(base);
  await expectTold(page, own.base);
  expect(new Set(backend.asked.filter((asked) => asked.startsWith('GET')))).toEqual(new Set(['GET /stations', 'GET /cases']));
  expect(elsewhere.asked, 'what was carried on').toEqual([]);
  // Else it asks on while the servers go.
  await page.close();
  await Promise.all([own.stop(), backend.stop(), elsewhere.stop()]);
});

test('a backend under our own origin that leads elsewhere is not followed either', async ({ page, faults }) => {
  const between = await startProxy(process.env.FENGTU_BASE!);
  faults.own(between.base);
  between.lead(/^\/oa\//, '/moved');
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: config('/oa') }));
  await expectTold(page, between.base);
  expect(between.asked.filter((url) => url.startsWith('/oa/')).length).toBeGreaterThan(0);
  expect(between.asked.filter((url) => url.startsWith('/moved'))).toEqual([]);
  await page.close();
  await between.stop();
});
