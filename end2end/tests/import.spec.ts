// Real input: a city's own files imported, the server started on them, and the same things on the map page.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { writeCity, type City } from '../fixtures/city.ts';
import { panel, timeBar } from '../fixtures/desk.ts';
import { expectFreshness } from '../fixtures/mirror.ts';
import { runServer, startServer, type Running } from '../fixtures/server.ts';
import { audit, expect, test } from '../fixtures/test.ts';

const PASSWORD = 'at least fifteen characters';
const EXAMPLE = fileURLToPath(new URL('../../crates/server/tests/fixtures/import', import.meta.url));

test.describe.configure({ mode: 'serial' });

interface Line {
  reason: string;
  verdict: string;
}

async function importFile(data: string, folder: string, kind: string, map: string, file: string): Promise<Line[]> {
  const report = join(data, `${file}.report.json`);
  const args = ['import', '--data', data, '--kind', kind, '--map', join(folder, map), '--report', report, join(folder, file)];
  const { code, said } = await runServer(args);
  expect(code, said).toBe(0);
  return (JSON.parse(await readFile(report, 'utf8')) as { lines: Line[] }).lines;
}

async function makeLeader(data: string, place: string): Promise<void> {
  const args = ['account', '--data', data, '--name', 'leader', '--role', 'district_leader', '--place', place];
  const { code, said } = await runServer(args, `${PASSWORD}\n`);
  expect(code, said).toBe(0);
}

async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('input[autocomplete=username]').fill('leader');
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('input[type=password]').press('Enter');
  await expectFreshness(page, '实时');
}

async function openTab(page: Page, name: string, count: number): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: `${name}，${count} 条` })).toBeVisible();
}

test.describe('a city with areas only', () => {
  let city: City;
  let data: string;
  let server: Running;

  test.beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'fengtu-import-'));
    city = await writeCity(data);
    await importFile(data, city.folder, 'places', 'areas.toml', 'areas.geojson');
  });
  test.afterAll(async () => {
    await server?.stop();
    await rm(data, { recursive: true, force: true });
  });

  test('each row that is not as it should be is in the report, for its reason', async () => {
    const lines = await importFile(data, city.folder, 'cases', 'requests.toml', 'requests.csv');
    const said: Record<string, number> = {};
    for (const { reason } of lines) said[reason] = (said[reason] ?? 0) + 1;
    // A case without a position is told to stand in the place that it names, where it names one: no line of its own.
    expect(said).toEqual(city.said);
  });

  test('its areas and cases are on the map page, and the second import changes nothing', async ({ page, faults }) => {
    test.setTimeout(120_000);
    await makeLeader(data, 'lake');
    server = await startServer([], { data });
    faults.own(server.base);
    await signIn(page, `${server.base}/?layers=warnings.heat.cases&list=warnings`);
    await expect(page.getByText('湖城数据开放平台').first()).toBeVisible();
    await openTab(page, '区域', city.areas);
    await expect(page.getByRole('tabpanel').getByText('湖城甲区')).toBeVisible();
    await openTab(page, '案件', city.taken);
    await audit(page);
    const again = await runServer(['import', '--data', data, '--kind', 'cases', '--map', join(city.folder, 'requests.toml'), join(city.folder, 'requests.csv')]);
    expect(again.said).toContain('新增 new 0 · 更新 updated 0');
  });
});

test('data of long ago: the slider ends with it, and list, map and heat have it', async ({ page, faults }) => {
  test.setTimeout(120_000);
  const data = await mkdtemp(join(tmpdir(), 'fengtu-import-'));
  const city = await writeCity(data, 4_000);
  await importFile(data, city.folder, 'places', 'areas.toml', 'areas.geojson');
  await importFile(data, city.folder, 'cases', 'requests.toml', 'requests.csv');
  await makeLeader(data, 'lake');
  const server = await startServer([], { data });
  faults.own(server.base);
  await signIn(page, `${server.base}/?layers=warnings.heat.cases&list=cases`);
  await openTab(page, '案件', city.taken);
  const year = new Date(Date.now() - 4_001 * 86_400_000).getFullYear();
  await expect(timeBar(page).locator('output')).toHaveText(new RegExp(`^历史 (${year}|${year + 1})-`));
  const counts = () => panel(page).locator('.layer-count').allTextContents();
  await expect.poll(async () => (await counts()).some((count) => Number(count) > 200)).toBe(true);
  // A period before all of it, and one of half a life, are no request that the server refuses.
  for (const query of ['at=2013-06-01T00:00:00Z', 'from=2005-01-01T00:00:00Z&at=2013-06-01T00:00:00Z', 'from=2001-01-01T00:00:00Z&to=2009-01-01T00:00:00Z']) {
    const loaded = page.waitForResponse(/heat\/points/);
    await page.goto(`${server.base}/?layers=heat&${query}`);
    expect((await loaded).status(), query).toBe(200);
  }
  // A page that is open would miss its server.
  await page.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
});

test('a city with two years of cases: the board tells each figure beside that of the year before', async ({ page, faults }) => {
  test.setTimeout(120_000);
  const data = await mkdtemp(join(tmpdir(), 'fengtu-import-'));
  const city = await writeCity(data);
  await importFile(data, city.folder, 'places', 'areas.toml', 'areas.geojson');
  await importFile(data, city.folder, 'cases', 'requests.toml', 'requests.csv');
  const former = await writeCity(await mkdtemp(join(data, 'former-')), 370, '25');
  await importFile(data, former.folder, 'cases', 'requests.toml', 'requests.csv');
  await makeLeader(data, 'lake');
  const server = await startServer([], { data });
  faults.own(server.base);
  await signIn(page, `${server.base}/board`);
  const told = (word: string) => page.locator('.hero, .figure-row, .measure').filter({ has: page.getByText(word, { exact: true }) });
  for (const word of ['受理量', '化解率', '超期未结']) await expect(told(word).first()).toContainText(/较去年/);
  const said = await page.locator('.change').allTextContents();
  expect(said.filter((text) => text.startsWith('较去年')).length, said.join('; ')).toBeGreaterThan(8);
  await page.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
});

test('a district of every level: places, grids, buildings, stations and their timetable', async ({ page, faults }) => {
  test.setTimeout(120_000);
  const data = await mkdtemp(join(tmpdir(), 'fengtu-import-'));
  for (const [kind, map, file] of [
    ['places', 'places.toml', 'places.geojson'],
    ['grids', 'grids.toml', 'grids.geojson'],
    ['buildings', 'buildings.toml', 'buildings.geojson'],
    ['stations', 'stations.toml', 'stations.csv'],
    ['stops', 'stops.toml', 'stops.csv'],
  ] as const) {
    await importFile(data, EXAMPLE, kind, map, file);
  }
  await makeLeader(data, '440399');
  const server = await startServer([], { data });
  faults.own(server.base);
  await signIn(page, `${server.base}/?layers=warnings.stations&level=grid&list=warnings`);
  await openTab(page, '区域', 6);
  await openTab(page, '站点', 3);
  await page.getByRole('tabpanel').getByText('民意流动站').click();
  // In its timetable; while it stands at another stop, that is its next one too.
  await expect(page.getByRole('complementary').getByRole('rowheader', { name: '东苑小区东门' })).toBeVisible();
  // A page that is open would miss its server.
  await page.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
});
