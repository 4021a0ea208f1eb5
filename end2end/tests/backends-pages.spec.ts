// The desk in front of foreign servers: map, list, filters, pages and drawer, by the configuration of the guides.
import type { Page } from '@playwright/test';
import { expectDrawn } from '../fixtures/canvas.ts';
import { camera, drawer, expect, list, middle, panel, settled } from '../fixtures/desk.ts';
import type { Foreign } from '../fixtures/foreign.ts';
import { caption, enter, needs, openWith, rows, test } from '../fixtures/foreign-desk.ts';
import { toGcj02, metres } from '../fixtures/geo.ts';
import { ARCGIS, guide } from '../fixtures/guide.ts';
import { startProxy } from '../fixtures/proxy.ts';
import { audit } from '../fixtures/test.ts';

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });
test.beforeEach(({ faults, foreign }) => faults.own(foreign.base));

test('pygeoapi and MapServer: grids, stations and cases on the map, in lists, in the drawer', async ({ page, foreign }) => {
  needs(foreign, 'backend-ogc');
  const { grids, stations, cases } = foreign.district;
  const [lon, lat] = cases[0]!.at;
  await openWith(page, foreign, guide('backend-ogc').config, { layers: 'warnings.stations.cases', list: 'warnings', map: camera([lon, lat], 14) });
  for (const drawn of ['Borders', 'Stations', 'Points'] as const) await expectDrawn(page, drawn);
  await expect(caption(page)).toContainText(`${grids.length} 条`);
  for (let shown = 50; shown < grids.length; shown += 50) await list(page).getByRole('button', { name: '下一页' }).click();
  await expect(rows(page)).toHaveCount(grids.length % 50);
  await list(page).getByRole('tab', { name: '站点', exact: true }).click();
  await expect(caption(page)).toContainText(`${stations.length} 条`);
  const station = stations[0]!.properties;
  await list(page).getByRole('searchbox', { name: '筛选本表' }).fill(station.name);
  await list(page).getByRole('row').filter({ hasText: station.name }).first().click();
  await expect(drawer(page).getByRole('heading', { name: station.name })).toBeVisible();
  await expect(drawer(page).getByText(station.address).first()).toBeVisible();
});

/** Opens the list of cases narrowed to the kind of one, and that one in the drawer; returns how many pages of the server's it took. */
async function opensCase(page: Page, foreign: Foreign, config: string, path: string): Promise<number> {
  const one = foreign.district.cases[0]!;
  const other = foreign.district.cases.find((found) => found.category !== one.category)!;
  const pages = new Set<string>();
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.startsWith(path)) pages.add(searchParams.get('offset') ?? '0');
  });
  await openWith(page, foreign, config, { layers: 'warnings.stations.cases', list: 'heat', category: one.category, map: camera(one.at, 14) });
  await expect(list(page).locator('.list-remark')).toContainText('由本页按', { timeout: 30_000 });
  const row = rows(page).filter({ hasText: one.number });
  await expect(row).toBeVisible();
  await expect(rows(page).filter({ hasText: other.number })).toHaveCount(0);
  await row.click();
  await expect(drawer(page).getByText(one.number).first()).toBeVisible();
  await expect(drawer(page).getByText(one.title).first()).toBeVisible();
  return pages.size;
}

test('pygeoapi: a case in the list, by its kind, and in the drawer, over several pages of its', async ({ page, foreign }) => {
  needs(foreign, 'backend-ogc');
  expect(await opensCase(page, foreign, guide('backend-ogc').config, '/proxy/gis/collections/cases/items')).toBeGreaterThan(1);
});

test('MapServer over OGC API: grids on the map, a case in the list and in the drawer', async ({ page, foreign }) => {
  needs(foreign, 'backend-ogc');
  const told = JSON.parse(guide('backend-ogc').config);
  // It gives as many at once as it is asked for: fewer, so that its links to the next page are followed.
  told.backends.mapserver.mapping = { paging: { limit: 100 } };
  const config = JSON.stringify({ ...told, resources: { grids: 'mapserver', stations: 'mapserver', cases: 'mapserver' } });
  expect(await opensCase(page, foreign, config, '/proxy/mapserver/ogcapi/collections/cases/items')).toBeGreaterThan(2);
  for (const drawn of ['Borders', 'Stations', 'Points'] as const) await expectDrawn(page, drawn);
});

test('MapServer’s WFS by the ready-made mapping', async ({ page, foreign }) => {
  needs(foreign, 'backend-wfs');
  await openWith(page, foreign, guide('backend-wfs').config, { layers: 'warnings.stations', list: 'stations' });
  await expect(caption(page)).toContainText(`${foreign.district.stations.length} 条`);
});

test('ArcGIS: pages cut by its own limit are read to the end, and its milliseconds are the time', async ({ page, foreign }) => {
  const { grids, stations, cases } = foreign.district;
  await openWith(page, foreign, ARCGIS, { layers: 'warnings.stations.cases', list: 'warnings', map: camera(cases[0]!.at, 14) });
  await expectDrawn(page, 'Borders');
  expect(grids.length, 'more than one page of its').toBeGreaterThan(40);
  await expect(caption(page)).toContainText(`${grids.length} 条`);
  await list(page).getByRole('tab', { name: '站点', exact: true }).click();
  await expect(caption(page)).toContainText(`${stations.length} 条`);
  await page.goto(`${foreign.base}/?sel=case:${cases[0]!.number}`);
  const said = new Date(Date.parse(cases[0]!.reported_at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  await expect(drawer(page).getByText(said).first()).toBeVisible();
});

test('json-server: Chinese names, GCJ-02: a station is where it is and not where the file says', async ({ page, foreign }) => {
  needs(foreign, 'backend-json');
  const station = foreign.district.stations[0] as unknown as { geometry: { coordinates: [number, number] }; properties: { name: string } };
  const at = station.geometry.coordinates;
  expect(metres(at, toGcj02(at)), 'the file is hundreds of metres off').toBeGreaterThan(300);
  await openWith(page, foreign, guide('backend-json').config, { layers: 'stations', map: camera(at, 18) });
  const { x, y } = await middle(page);
  await page.mouse.click(x, y);
  await expect(drawer(page).getByRole('heading', { name: station.properties.name })).toBeVisible();
});

test('json-server: a case is found by a number of any shape, by a part of it, and by its title', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-json');
  const rows = `${foreign.at('json-server')}/gongdan`;
  const [like] = await (await page.request.get(`${rows}?_limit=1`)).json();
  const made = ['N301', 'sr-00012b', '信访〔2026〕7号'].map((number) => ({ ...like, id: number, 工单号: number, 标题: `编号为${number}的诉求` }));
  for (const data of made) expect((await page.request.post(rows, { data })).status()).toBe(201);
  await openWith(page, foreign, guide('backend-json').config, {});
  const box = page.getByRole('combobox', { name: /^搜索/ });
  const find = async (text: string, { id, 标题 }: (typeof made)[number]) => {
    await box.fill(text);
    await page.getByRole('group', { name: '案件', exact: true }).getByRole('option').filter({ hasText: id }).click();
    await expect(drawer(page).getByText(标题).first()).toBeVisible();
  };
  for (const one of made) await find(one.id, one);
  await find('〔2026〕7', made[2]!);
  await find('编号为N301的诉求', made[0]!);
  for (const { id } of made) await page.request.delete(`${rows}/${encodeURIComponent(id)}`);
  // What is a part of a number, or a title with one in it, is asked for as a number too; that answer may come last of all.
  await page.goto('about:blank');
  faults.expectFault(/404/);
});

test('json-server: yuan are yuan, and a local time is Beijing’s', async ({ page, foreign }) => {
  needs(foreign, 'backend-json');
  const one = foreign.district.cases.find((found) => found.amount_fen >= 100)!;
  await openWith(page, foreign, guide('backend-json').config, { sel: `case:${one.number}`, list: 'heat' });
  const said = new Date(Date.parse(one.reported_at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  await expect(drawer(page).getByText(said).first()).toBeVisible({ timeout: 30_000 });
  const told = (await drawer(page).innerText()).replaceAll(/[,，\s]/g, '');
  const yuan = (one.amount_fen / 100).toFixed(2).replace(/\.00$/, '');
  expect(told, 'the file has yuan').toMatch(new RegExp(`涉及金额\\D*${yuan.replace('.', '\\.')}(?!\\d)`));
});

test('GeoReport: what it cannot filter by is said with the list; what it cannot fill has no way to it', async ({ page, foreign }) => {
  needs(foreign, 'backend-georeport');
  const place = foreign.district.grids[0]!.properties.id;
  await openWith(page, foreign, guide('backend-georeport').config, { layers: 'warnings.cases', list: 'heat', place });
  const remark = list(page).locator('.list-remark');
  await expect(remark).toContainText('由本页按地点筛选', { timeout: 30_000 });
  await remark.locator('summary').click();
  await expect(remark).toContainText('后端不会按这些条件筛选');
  // Figures that cut one another are not to be had of its cases; the warnings are our own server's.
  const pages = page.getByRole('navigation', { name: '页面' }).first();
  await expect(pages.getByRole('link', { name: '预警' })).toBeVisible();
  await expect(pages.getByRole('link', { name: '看板' })).toHaveCount(0);
});

test('PostgREST: a step is taken in the drawer, and refused the second time in the server’s words', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-postgrest');
  const waiting = foreign.district.cases.find((one) => one.state === 'reported')!;
  await openWith(page, foreign, guide('backend-postgrest').config, { sel: `case:${waiting.number}`, list: 'heat' });
  await expect(drawer(page).getByText('已上报').first()).toBeVisible();
  const open = drawer(page).getByRole('button', { name: '受理', exact: true });
  const dialog = page.getByRole('dialog', { name: '受理' });
  const reason = dialog.getByLabel('受理意见');
  const confirm = dialog.getByRole('button', { name: '确认办理' });
  await open.click();
  await audit(page, 'the step');
  // Nothing is sent without what the mapping needs, and what is typed stays when the dialog closes.
  await confirm.click();
  await expect(reason).toBeFocused();
  await reason.fill('材料齐全');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await open.click();
  await expect(reason).toHaveValue('材料齐全');
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(drawer(page).getByText('已办理')).toBeVisible();
  await expect(drawer(page).locator('.facts').getByText('已受理')).toBeVisible();
  await expect(rows(page).filter({ hasText: waiting.number })).toContainText('已受理');
  await open.click();
  await reason.fill('再受理一次');
  await confirm.click();
  await expect(dialog.getByRole('alert')).toContainText('该工单不在待受理状态');
  await expect(reason).toHaveValue('再受理一次');
  faults.expectFault(/400/);
});

test('PostgREST: whoever keeps or watches the system is offered no step, which the proxy would refuse', async ({ page, foreign }) => {
  needs(foreign, 'backend-postgrest');
  // Of a district that moves on, none may be at any one step.
  const waiting = [...foreign.district.cases].reverse().find((one) => ['reported', 'accepted', 'handling'].includes(one.state))!;
  const { config } = guide('backend-postgrest');
  for (const [account, steps] of [['leader', 1], ['auditor', 0], ['sysadmin', 0]] as const) {
    await page.context().clearCookies();
    await enter(page, foreign, config, account);
    await page.goto(`${foreign.base}/?sel=case:${waiting.number}`);
    await settled(page);
    await expect(drawer(page).getByText(waiting.title).first(), account).toBeVisible();
    await expect(drawer(page).getByRole('button', { name: '受理', exact: true }), account).toHaveCount(steps);
  }
});

test('PostgREST: pages by the header Range, and then only what has changed', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-postgrest');
  const told = JSON.parse(guide('backend-postgrest').config);
  const { cases } = told.backends.db.mapping.resources;
  cases.paging = { kind: 'range', limit: 100 };
  // Its rows tell no other time of a change; whoever sets it up chooses the column.
  cases.filters.updated_since = { ...cases.filters.from };
  cases.fields.updated_at = cases.fields.reported_at;
  const between = await startProxy(foreign.base);
  faults.own(between.base);
  const ranges: { range: string; url: URL }[] = [];
  page.on('request', (request) => {
    const { range } = request.headers();
    if (range && request.url().includes('/proxy/db/t_gd')) ranges.push({ range, url: new URL(request.url()) });
  });
  await page.clock.install();
  await openWith(page, { ...foreign, base: between.base }, JSON.stringify(told), { layers: 'cases', list: 'heat' });
  await expect.poll(() => ranges.map(({ range }) => range)).toEqual(expect.arrayContaining(['0-99', '100-199', '200-299']));
  expect(ranges.filter(({ url }) => url.searchParams.has('offset'))).toEqual([]);
  await expect(caption(page)).toContainText(/\d+ 条/);
  // Of what it asks then it is asked since a while before the last question, and not since the beginning of the period.
  const since = ({ url }: { url: URL }) => Date.parse(`${/gte\.(\S+)/.exec(url.searchParams.getAll('sbsj').join(' '))?.[1]}+08:00`);
  const newest = Math.max(...foreign.district.cases.map((one) => Date.parse(one.reported_at)));
  const changes = () => ranges.filter((asked) => since(asked) > newest - 3_600_000);
  await page.clock.fastForward(35_000);
  await expect.poll(() => changes().length, { message: 'what has changed alone' }).toBeGreaterThan(0);
  await page.close();
  await between.stop();
});

test('GeoReport alone: what it has is shown, what it has not is said once', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-georeport');
  const told = JSON.parse(guide('backend-georeport').config);
  const alone = { ...told, backends: { default: told.backends[told.resources.cases] }, resources: {} };
  const [first] = foreign.district.cases;
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(alone) }));
  await page.goto(`${foreign.base}/?sel=case:${first!.number}&list=heat`);
  await expect(panel(page).getByText('当前后端不提供：区域、风险预警、诉求服务站、楼栋。')).toBeVisible({ timeout: 30_000 });
  await expect(panel(page).getByRole('switch', { name: /服务站|服务圈|楼栋|区域/ })).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: '搜索地点、案件号' })).toBeVisible();
  // Nobody gives any ground: the map looks where the cases are.
  await expectDrawn(page, 'Points');
  await expect(drawer(page).getByRole('heading', { level: 2 })).toBeVisible();
  await expect(drawer(page).getByRole('heading', { name: '办理', exact: true })).toHaveCount(0);
  // A picture is a link to where it is, and nothing of it is fetched: any request to another origin fails the test.
  const picture = drawer(page).getByRole('link', { name: '附件 1：media.example.org' });
  await expect(picture).toHaveAttribute('href', 'https://media.example.org/2026/占道.jpg');
  await expect(picture).toHaveAttribute('rel', 'noopener noreferrer');
  // Nobody tells of changes there: the page says that it asks, and how often.
  await expect(page.getByRole('banner').getByText(/^每 \d+ 秒更新$/)).toBeVisible();
  await audit(page, 'GeoReport alone');
  // Where nobody signs in, whoever is here may see who serves what.
  await page.locator('summary.account').click();
  await page.getByRole('link', { name: '后端与映射' }).click();
  await expect(page.getByRole('heading', { name: '后端与映射' })).toBeVisible();
  // What it can do with each resource, and how it answered.
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('诉求 cases')).toContainText('读取、单条、附件');
  await expect(row('诉求 cases')).toContainText(/\d+ 条/);
  await expect(row('上报 reports')).toContainText('新建');
  await expect(row('诉求 cases')).not.toContainText(/新建|推送|受理/);
  await expect(row('服务站 stations')).not.toContainText('读取');
  // The extension that tells a case's steps, which this server lacks.
  faults.expectFault(/404/);
});

for (const name of ['backend-json', 'backend-postgrest', 'backend-georeport'] as const) {
  test(`every page in front of one foreign backend alone says what it cannot show: ${name}`, async ({ page, foreign }) => {
    needs(foreign, name);
    const told = JSON.parse(guide(name).config);
    const alone = { ...told, backends: { default: told.backends[told.resources.cases] }, resources: {} };
    await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(alone) }));
    for (const [path, title, why] of [['/board', '看板', '只有枫图自己的服务器能算'], ['/board/bulletin', '简报', '只有枫图自己的服务器能算'], ['/board/warnings', '预警', '不提供风险预警']] as const) {
      await page.goto(`${foreign.base}${path}`);
      await expect(page.getByRole('heading', { name: title })).toBeVisible({ timeout: 30_000 });
      await expect(page.getByText(why)).toBeVisible();
    }
    await audit(page, 'a page that nothing can fill');
    await page.getByRole('link', { name: '回到地图' }).click();
    await expect(panel(page).getByText('当前后端不提供：')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('navigation', { name: '页面' })).toHaveCount(0);
    await page.goto(`${foreign.base}/wall`);
    await expect(page.getByText('后端不提供风险预警').first()).toBeVisible({ timeout: 30_000 });
    // What is coming has come: nothing goes on loading for ever.
    await expect(page.getByText('正在加载')).toHaveCount(0, { timeout: 30_000 });
    if (name !== 'backend-postgrest') await expect(page.getByText('后端不提供网格')).toBeVisible();
    // No case has the instants that stop a clock: what is overdue is not known, rather than none or all of them.
    await expect(page.getByText(/超时 \d+ 件|参评率/)).toHaveCount(0);
    await page.goto(`${foreign.base}/report/`);
    await expect(page.getByRole('heading', { name: '附近的诉求服务站' })).toBeVisible();
    await expect(page.getByText('这里还没有服务站的数据')).toHaveCount(name === 'backend-json' ? 0 : 1);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

test('one that is down is told, and does not hide the one beside it', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-ogc');
  await foreign.down('mapserver');
  await openWith(page, foreign, guide('backend-ogc').config, { layers: 'warnings.stations', list: 'warnings' });
  await expect(caption(page)).toContainText(`${foreign.district.grids.length} 条`);
  await list(page).getByRole('tab', { name: '站点', exact: true }).click();
  await expect(list(page).getByRole('alert').or(page.getByRole('alert')).first()).toBeVisible({ timeout: 30_000 });
  faults.expectFault(/Failed to load resource/);
});

test('a backend that cases are joined by and that does not answer is named on every page, and hides nothing of the others', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-json');
  await page.route('**/api/v1/grids**', (route) => route.fulfill({ status: 502, body: '' }));
  await enter(page, foreign, guide('backend-json').config, 'leader');
  await page.goto(`${foreign.base}/?layers=stations&list=stations`);
  const said = /后端“default”没有应答（网格），这部分暂缺/;
  await expect(page.locator('.map-status').getByText(said)).toBeVisible({ timeout: 30_000 });
  await expect(caption(page)).toContainText(`${foreign.district.stations.length} 条`);
  await expect(rows(page).first()).toBeVisible();
  await page.goto(`${foreign.base}/board/warnings`);
  await expect(page.getByRole('main').getByText(said).first()).toBeVisible({ timeout: 30_000 });
  faults.expectFault(/502/);
});
