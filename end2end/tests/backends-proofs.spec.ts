// What the desk makes of what foreign servers really send: text for numbers, no place of ours, marks, filters, and our own loop beside them.
import type { Page } from '@playwright/test';
import { expectDrawn } from '../fixtures/canvas.ts';
import { camera, drawer, expect, grouped, list, test as desk, type Position } from '../fixtures/desk.ts';
import { foreignServers, type District, type Foreign } from '../fixtures/foreign.ts';
import { caption, needs, openWith, rows } from '../fixtures/foreign-desk.ts';
import { inRing, outerRing, toGcj02, undo } from '../fixtures/geo.ts';
import { conditions, guide, narrowedArcgis, type Guide } from '../fixtures/guide.ts';
import { startProxy } from '../fixtures/proxy.ts';

// Servers of its own: other specs end theirs, and change what is in them.
const GUIDES = ['backend-ogc', 'backend-wfs', 'backend-postgrest', 'backend-json'] as const satisfies readonly Guide[];
const SHAPES = ['clean', 'wrapped', 'xml'] as const;
const test = desk.extend<{ account: string }, { foreign: Foreign }>({ foreign: [...foreignServers([...SHAPES.map((shape) => `georeport-${shape}`), 'arcgis'], GUIDES)], account: '' });

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });
test.beforeEach(({ faults, foreign }) => faults.own(foreign.base));

type Case = District['cases'][number] & { place: string; holder?: { office: string } };

/** A guide's config.json with other resources. */
function changed(name: Guide, resources: Record<string, string>, backends: object = {}): string {
  const told = JSON.parse(guide(name).config);
  return JSON.stringify({ ...told, backends: { ...told.backends, ...backends }, resources: { ...told.resources, ...resources } });
}

/** Asks a server itself, without the page. */
async function raw<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  expect(answer.status, url).toBe(200);
  return (await answer.json()) as T;
}

/** Every address that the page asks for from now on. */
function questions(page: Page): URL[] {
  const asked: URL[] = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  return asked;
}

/** Reports a case to json-server just now, which nobody but that server has. */
async function report(table: string, number: string, title: string): Promise<void> {
  const [like] = await raw<Record<string, string>[]>(`${table}?_limit=1`);
  const now = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const body = JSON.stringify({ ...like, id: number, 工单号: number, 标题: title, 状态: '待受理', 上报时间: now });
  expect((await fetch(table, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(201);
}

/** The numbers of the cases in the list. */
const numbersOf = async (page: Page) => (await rows(page).locator('td:nth-child(2)').allTextContents()).sort();

test('pygeoapi’s stations: a known one from the list in the drawer, and its circle on the map', async ({ page, foreign }) => {
  needs(foreign, 'backend-ogc');
  const { stations } = foreign.district;
  const known = stations[0] as unknown as { geometry: { coordinates: Position }; properties: { name: string; address: string } };
  const asked = questions(page);
  await openWith(page, foreign, changed('backend-ogc', { stations: 'gis' }), { layers: 'stations', list: 'stations', map: camera(known.geometry.coordinates, 15) });
  await expect(caption(page)).toContainText(`${stations.length} 条`);
  const { name, address } = known.properties;
  await list(page).getByRole('searchbox', { name: '筛选本表' }).fill(name);
  await rows(page).filter({ hasText: name }).first().click();
  await expect(drawer(page).getByRole('heading', { name, exact: true })).toBeVisible();
  await expect(drawer(page).getByText(address).first()).toBeVisible();
  await expectDrawn(page, 'Circles', false);
  await drawer(page).getByRole('checkbox', { name: /在地图上显示诉求服务圈/ }).check();
  await expectDrawn(page, 'Circles');
  const paths = asked.map(({ pathname }) => pathname).filter((path) => path.endsWith('/stations') || path.includes('/stations/'));
  expect(new Set(paths), 'nobody else was asked for stations').toEqual(new Set(['/proxy/gis/collections/stations/items']));
});

/** MapServer's two faces, and where each has its layers. */
const MAPSERVER = [
  ['OGC API', 'backend-ogc', 'mapserver', (layer: string) => `/ogcapi/collections/${layer}/items?f=json&limit=1000`],
  ['WFS', 'backend-wfs', 'wfs', (layer: string) => `/wfs?service=WFS&version=2.0.0&request=GetFeature&outputFormat=application/json&typeNames=${layer}`],
] as const;

type Texts = { features: { properties: Record<string, string> }[] };

for (const [face, name, backend, layer] of MAPSERVER) {
  test(`MapServer’s ${face} sends numbers as text: people, yuan and the population are numbers on the desk`, async ({ page, foreign, faults }) => {
    needs(foreign, name);
    const config = changed(name, { grids: backend, stations: backend, cases: backend });
    const properties = async (of: string) => (await raw<Texts>(foreign.at('mapserver') + layer(of))).features.map((one) => one.properties);
    // More than one person, as one is what a case has of which nobody says how many; and an amount that is written in groups.
    const one = (await properties('cases')).find(({ people, amount_fen }) => Number(people) > 1 && Number(amount_fen) >= 1_000_000)!;
    const grid = (await properties('grids')).find(({ population }) => Number(population) > 1)!;
    for (const text of [one.people, one.amount_fen, grid.population]) expect(typeof text, 'MapServer has text').toBe('string');
    await openWith(page, foreign, config, { layers: 'none', sel: `case:${one.number}` });
    const facts = drawer(page).locator('.facts');
    await expect(facts.first()).toContainText(new RegExp(`涉及人数（人）\\s*${one.people}\\D`));
    await expect(facts.first()).toContainText(new RegExp(`涉及金额（元）\\s*${grouped(Math.floor(Number(one.amount_fen) / 100))}(?!\\d)`));
    await openWith(page, foreign, config, { layers: 'none', sel: `place:${grid.id}` });
    await expect(drawer(page).getByRole('heading', { name: grid.name, exact: true })).toBeVisible();
    await expect(facts.filter({ hasText: '人口（人）' })).toContainText(new RegExp(`人口（人）\\s*${grid.population}\\D`));
    // OGC API knows the ids of features alone: a case is asked for by its number, which is none there, and then looked for.
    if (face === 'OGC API') faults.expectFault(/404/);
  });
}

test('a case without a place stands in the grid around it: grids of MapServer’s, cases of json-server’s', async ({ page, foreign }) => {
  needs(foreign, 'backend-ogc');
  needs(foreign, 'backend-json');
  type Grids = { features: { geometry: { type: string; coordinates: unknown }; properties: { id: string; name: string } }[] };
  const { features: grids } = await raw<Grids>(`${foreign.at('mapserver')}/ogcapi/collections/grids/items?f=json&limit=1000`);
  const found = await raw<Record<string, string>[]>(`${foreign.at('json-server')}/gongdan?_limit=1000`);
  // Worked out here, of what the two servers say: where each case is, and which grid has it inside.
  const gridOf = (row: Record<string, string>) => {
    const at = undo(toGcj02, [Number(row.经度), Number(row.纬度)]);
    return grids.find(({ geometry }) => inRing(outerRing(geometry), at))?.properties.id;
  };
  const days = (row: Record<string, string>) => (Date.now() - Date.parse(`${row.上报时间!.replace(' ', 'T')}+08:00`)) / 86_400_000;
  const newest = found.filter((row) => gridOf(row) && days(row) < 20)[0]!;
  expect(JSON.stringify(newest), 'it names no place of ours').not.toMatch(/4403110\d+/);
  const grid = grids.find(({ properties }) => properties.id === gridOf(newest))!.properties;
  const within = found.filter((row) => gridOf(row) === grid.id).map((row) => row.工单号!);
  const other = found.find((row) => gridOf(row) && gridOf(row) !== grid.id && days(row) < 20)!;
  const { mapserver } = JSON.parse(guide('backend-ogc').config).backends;
  const config = changed('backend-json', { grids: 'mapserver' }, { mapserver });
  const asked = questions(page);
  await openWith(page, foreign, config, { layers: 'warnings.cases', list: 'heat', place: grid.id, sel: `place:${grid.id}` });
  await expect(drawer(page).getByRole('heading', { name: grid.name, exact: true })).toBeVisible();
  await expect(drawer(page).locator('.case-list').getByText(newest.工单号!)).toBeVisible();
  await expect(drawer(page).locator('.case-list').getByText(other.工单号!)).toHaveCount(0);
  await expect(rows(page).filter({ hasText: newest.工单号! })).toContainText(grid.name);
  const shown = await numbersOf(page);
  expect(shown.filter((number) => !within.includes(number)), 'none of another grid').toEqual([]);
  const recent = found.filter((row) => within.includes(row.工单号!) && days(row) < 20).map((row) => row.工单号!);
  expect(shown, 'all of this one').toEqual(expect.arrayContaining(recent));
  expect(asked.map(({ pathname }) => pathname).filter((path) => path.startsWith('/api/v1/grids')), 'our own grids are not looked at').toEqual([]);
});

test('our own loop of warnings goes on beside another’s cases: one is acknowledged, and its record stands', async ({ page, foreign }) => {
  needs(foreign, 'backend-json');
  const table = `${foreign.at('json-server')}/gongdan`;
  await report(table, 'WAI-7', '别处系统的诉求');
  const config = guide('backend-json').config;
  await openWith(page, foreign, config, { layers: 'warnings.cases', list: 'heat' });
  await expect(rows(page).filter({ hasText: 'WAI-7' })).toContainText('别处系统的诉求');
  const answer = await page.request.get(`${foreign.base}/api/v1/warnings?place_level=grid&limit=50`);
  const warning = ((await answer.json()) as { items: { place: string; state: string }[] }).items.find(({ state }) => state === 'open')!;
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
  await page.goto(`${foreign.base}/board/warnings?sel=place:${warning.place}`);
  const detail = page.getByRole('region', { name: '预警详情' });
  await detail.getByRole('button', { name: '签收' }).click();
  await expect(detail.getByText('已签收').first()).toBeVisible();
  await expect(detail.locator('.records li')).toHaveCount(1);
  expect(sent.filter((path) => path.includes('/warnings/'))).toEqual([`/api/v1/warnings/${warning.place}/actions`]);
  await page.reload();
  await expect(detail.locator('.records li')).toHaveCount(1);
  await expect(detail.locator('.records li')).toContainText('签收');
  await openWith(page, foreign, config, { layers: 'warnings.cases', list: 'heat' });
  await expect(rows(page).filter({ hasText: 'WAI-7' })).toBeVisible();
  await page.request.delete(`${table}/WAI-7`);
});

/** The parameters of what the page asks of the table of cases behind PostgREST's face, by one of their names. */
const pushed = (asked: URL[], name: string) => asked.filter(({ pathname, searchParams }) => pathname === '/proxy/db/t_gd' && searchParams.has(name)).map((url) => url.searchParams);

const shanghai = (text: string) => Date.parse(`${text}+08:00`);

test('PostgREST: the list by category is asked for by its column, and shows those; the office beside it is a field of the case', async ({ page, foreign }) => {
  needs(foreign, 'backend-postgrest');
  const cases = foreign.district.cases as Case[];
  const one = cases.find(({ holder }) => holder?.office)!;
  const asked = questions(page);
  await openWith(page, foreign, guide('backend-postgrest').config, { layers: 'none', list: 'heat', category: one.category });
  await expect(rows(page).filter({ hasText: one.number })).toBeVisible();
  const [query] = pushed(asked, 'lx');
  expect(query?.getAll('lx')).toEqual([`in.(${one.category})`]);
  const from = shanghai(/^gte\.(\S+)$/.exec(query!.get('sbsj')!)![1]!);
  const expected = cases.filter(({ category, reported_at }) => category === one.category && Date.parse(reported_at) >= from);
  expect(await numbersOf(page)).toEqual(expected.map(({ number }) => number).sort());
  expect(expected.length, 'and not all that there are').toBeLessThan(cases.filter(({ reported_at }) => Date.parse(reported_at) >= from).length);
  await rows(page).filter({ hasText: one.number }).click();
  await expect(drawer(page).locator('.facts').first()).toContainText(new RegExp(`承办[^\\n]*${one.holder!.office}`));
  expect(query!.get('select')).toBe('*,bm:t_bm(mc)');
});

/** A first-level category with all below it, in order: of those of which every case may be listed the one with most of them. */
function kindsOf({ district }: Foreign): string[] {
  const { categories } = (district as unknown as { config: { categories: { id: string; parent?: string | null; sensitivity: string }[] } }).config;
  const heads = categories.filter(({ parent }) => !parent).map((head) => [head, ...categories.filter(({ parent }) => parent === head.id)]);
  const shown = heads.filter((all) => all.every(({ sensitivity }) => sensitivity !== 'restricted')).map((all) => all.map(({ id }) => id).sort());
  const count = (kinds: string[]) => district.cases.filter(({ category }) => kinds.includes(category)).length;
  return shown.sort((a, b) => count(b) - count(a))[0]!;
}

test('ArcGIS by the filters of the guide: a period and a kind are one condition there, and the list is exactly what that leaves', async ({ page, foreign }) => {
  const { cases } = foreign.district;
  const kinds = kindsOf(foreign);
  // Both ends are the very seconds of a case: the one at the start is in the period, the one at the end is not.
  const second = ({ reported_at }: { reported_at: string }) => Math.floor(Date.parse(reported_at) / 1000) * 1000;
  const own = cases.filter(({ category }) => kinds.includes(category)).sort((a, b) => second(a) - second(b));
  // As many as one page of the list has at most.
  const third = Math.min(Math.floor(own.length / 3), 40);
  const [from, to] = [second(own[third]!), second(own[2 * third]!)];
  const inTime = (one: { reported_at: string }) => from <= Date.parse(one.reported_at) && Date.parse(one.reported_at) < to;
  const numbers = own.filter(inTime).map(({ number }) => number).sort();
  expect(numbers.length, 'there is something to narrow').toBeGreaterThan(2);
  expect(cases.filter(inTime).length, 'the kind leaves something out').toBeGreaterThan(numbers.length);
  const utc = (at: number) => new Date(at).toISOString().slice(0, 19);
  const asked = questions(page);
  await openWith(page, foreign, narrowedArcgis(), { layers: 'none', list: 'heat', category: kinds[0]!, from: `${utc(from)}Z`, to: `${utc(to)}Z` });
  await expect(rows(page)).toHaveCount(numbers.length, { timeout: 30_000 });
  expect(await numbersOf(page)).toEqual(numbers);
  await expect(list(page).locator('.list-remark').filter({ hasText: /时间|类别/ }), 'nothing of it is left to the page').toHaveCount(0);
  // What the page has asked, put to the server itself: the page would sift what is too much, and could not get back what is missing.
  const isNarrowed = ({ pathname, searchParams }: URL) => pathname === '/proxy/arcgis/2/query' && searchParams.get('where')?.includes(' IN ');
  const narrowed = asked.filter(isNarrowed);
  const told = await Promise.all([...new Set(narrowed.map(({ search }) => search))].map((search) => raw<Texts>(`${foreign.at('arcgis')}/2/query${search}`)));
  const given = new Set(told.flatMap(({ features }) => features.map(({ properties }) => properties.number!)));
  expect([...given].sort(), 'the server leaves these, and no others').toEqual(numbers);
  const filters = conditions();
  const part = (name: keyof typeof filters, value: string) => filters[name].template.replace('{}', value);
  const time = (at: number) => utc(at).replace('T', ' ');
  const whole = ['1=1', part('from', time(from)), part('to', time(to)), part('category', kinds.join(filters.category.join))];
  expect(new Set(narrowed.map(({ searchParams }) => searchParams.get('where')))).toEqual(new Set([whole.join(filters.from.and)]));
});

test('PostgREST: what is open is asked for by its state, however old, and counted at its grid', async ({ page, foreign }) => {
  needs(foreign, 'backend-postgrest');
  const cases = foreign.district.cases as Case[];
  const open = (await raw<{ gd_bh: string }[]>(`${foreign.at('postgrest')}/t_gd?zt=lt.3&order=sbsj`)).map(({ gd_bh }) => cases.find(({ number }) => number === gd_bh)!);
  const { place, reported_at } = open[0]!;
  expect(Date.now() - Date.parse(reported_at), 'the oldest is older than what the page shows').toBeGreaterThan(60 * 86_400_000);
  const asked = questions(page);
  const answer = page.waitForResponse((response) => new URL(response.url()).searchParams.has('zt'));
  await openWith(page, foreign, guide('backend-postgrest').config, { layers: 'warnings', sel: `place:${place}` });
  const told = (await (await answer).json()) as { gd_bh: string }[];
  expect(pushed(asked, 'zt')[0]?.getAll('zt')).toEqual(['in.(0,1,2)']);
  expect(told.map(({ gd_bh }) => gd_bh).sort(), 'those that are open, and no others').toEqual(open.map(({ number }) => number).sort());
  const here = open.filter((one) => one.place === place);
  await expect(drawer(page).getByRole('row', { name: /^未办结（件）/ })).toContainText(new RegExp(`未办结（件）\\s*${here.length}(?!\\d)`));
});

test('a page that has not changed is asked for by its mark, and its 304 leaves the list; what has changed comes', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-json');
  const table = `${foreign.at('json-server')}/gongdan`;
  await report(table, 'WAI-8', '刚刚上报的诉求');
  // The newest first, whatever their kind and state: what is asked again and again.
  const isFirst = ({ pathname, searchParams }: URL) => pathname === '/proxy/gongdan/gongdan' && searchParams.get('_page') === '1' && !searchParams.has('状态');
  const told: { mark: string | undefined; status: number; etag: string | undefined }[] = [];
  page.on('response', (response) => {
    if (isFirst(new URL(response.url()))) told.push({ mark: response.request().headers()['if-none-match'], status: response.status(), etag: response.headers().etag });
  });
  const between = await startProxy(foreign.base);
  faults.own(between.base);
  /** Goes on beyond the longest time between two questions, once nothing is under way. */
  const askAgain = async () => {
    await between.quiet();
    const before = told.length;
    await page.clock.fastForward(130_000);
    await expect.poll(() => told.length).toBeGreaterThan(before);
    await between.quiet();
  };
  await page.clock.install();
  await openWith(page, { ...foreign, base: between.base }, guide('backend-json').config, { layers: 'cases', list: 'cases' });
  const row = rows(page).filter({ hasText: 'WAI-8' });
  await expect(row).toContainText('已上报');
  const before = await rows(page).allTextContents();
  const { etag } = told[0]!;
  expect(told[0]).toMatchObject({ mark: undefined, status: 200, etag: expect.stringMatching(/^(W\/)?"/) });
  await askAgain();
  expect(told.at(-1)).toMatchObject({ mark: etag, status: 304 });
  await expect(row).toContainText('已上报');
  expect(await rows(page).count()).toBe(before.length);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect((await page.request.patch(`${table}/WAI-8`, { data: { 状态: '已受理' } })).status()).toBe(200);
  await askAgain();
  await expect(row, 'another mark, another answer').toContainText('已受理');
  expect(told.find(({ mark, status }) => mark === etag && status === 200), 'the old mark holds no longer').toBeTruthy();
  await page.request.delete(`${table}/WAI-8`);
  await page.close();
  await between.stop();
});

/** What the guide's table makes of a status: our word on the desk, and the residents'. */
const WORDS: Record<string, readonly [string, string]> = {
  open: ['已上报', '已收到，等待受理'],
  investigating: ['已受理', '已受理'],
  in_progress: ['化解中', '正在办理'],
  fixed: ['已化解', '已办结'],
  closed: ['已化解', '已办结'],
};

/** A request of each status that a GeoReport server has, as it writes them itself. */
async function oneOfEach(base: string, shape: (typeof SHAPES)[number]): Promise<Map<string, string>> {
  const answer = await fetch(`${base}/requests.${shape === 'xml' ? 'xml' : 'json'}?page_size=50`);
  const text = (await answer.text()).replaceAll('"', '');
  return new Map([...text.matchAll(/service_request_id[>:]([^<,]+)[<,].*?status[>:](\w+)/gs)].map(([, id, status]) => [status!, id!]));
}

for (const shape of SHAPES) {
  test(`GeoReport, ${shape}: each status is our word by the table, on the desk and to the resident who asks`, async ({ page, foreign, faults }) => {
    const each = await oneOfEach(foreign.at(`georeport-${shape}`), shape);
    expect([...each.keys()], 'more than the first one').toEqual(expect.arrayContaining(['open', 'closed']));
    const { hotline } = JSON.parse(guide('backend-georeport').config).backends;
    const config = changed('backend-georeport', {}, { hotline: { ...hotline, base: `/proxy/georeport-${shape}` } });
    for (const [status, number] of each) {
      const [ours, residents] = WORDS[status]!;
      await openWith(page, foreign, config, { layers: 'none', sel: `case:${number}` });
      await expect(drawer(page).locator('.facts').first(), status).toContainText(new RegExp(`状态\\s*${ours}`));
      await page.goto(`${foreign.base}/report/new/?track`);
      await page.getByLabel('编号').fill(number);
      await page.getByRole('button', { name: '查询' }).click();
      await expect(page.getByRole('article'), status).toContainText(residents);
    }
    // The extension that tells a case's steps, which these servers lack; and what has XML alone knows no .json.
    faults.expectFault(/404/);
  });
}
