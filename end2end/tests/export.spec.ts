// Taking it along: the map as PNG, any layer as CSV and GeoJSON, exactly as it is listed.
import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import type { Download, Page } from '@playwright/test';
import { api, expect, grids, list, middle, open, panel, press, stations, test } from '../fixtures/desk.ts';

const menu = (page: Page) => panel(page).getByText('导出', { exact: true });
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true });

async function saved(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const waiting: Promise<Download> = page.waitForEvent('download');
  await act();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Reads a CSV file of RFC 4180. */
function rows(text: string): string[][] {
  const all: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    all[all.length - 1]!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') all.push([]);
    if (end === '') break;
  }
  return all.filter((row) => row.length > 1);
}

function isStationsCsv(name: string, bytes: Buffer, count: number): void {
  expect(name).toMatch(/^光明区_站点_\d{8}-\d{4}\.csv$/);
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [head, ...body] = rows(bytes.subarray(3).toString('utf8'));
  expect(head!.slice(0, 2)).toEqual(['名称', '类型']);
  expect(head!.slice(-2)).toEqual(['经度', '纬度']);
  expect(body).toHaveLength(count);
  for (const row of body) expect(row).toHaveLength(head!.length);
  expect(Number(body[0]!.at(-2))).toBeGreaterThan(113);
}

/** Width, height, and how many different bytes the pixels have. */
function png(bytes: Buffer): { width: number; height: number; colours: number } {
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const size = bytes.readUInt32BE(at);
    if (bytes.toString('ascii', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + size));
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), colours: new Set(inflateSync(Buffer.concat(parts))).size };
}

test('the map as PNG, stations as CSV, areas as GeoJSON', async ({ page }) => {
  await open(page);
  await menu(page).click();
  const picture = await saved(page, () => button(page, '地图图片（PNG）').click());
  expect(picture.name).toMatch(/^光明区_地图_\d{8}-\d{4}\.png$/);
  const { width, height, colours } = png(picture.bytes);
  const { x, y } = await middle(page);
  expect(width).toBeGreaterThan(x);
  // The lines under the map (source, demo mark, time) add to its height.
  expect(height).toBeGreaterThan(y);
  expect(colours).toBeGreaterThan(60);
  await expect(panel(page).getByText(`已保存 ${picture.name}`)).toBeVisible();

  const all = await stations(page);
  const csv = await saved(page, () => button(page, '站点（CSV 表格）').click());
  isStationsCsv(csv.name, csv.bytes, all.length);

  const areas = await saved(page, () => button(page, '区域（GeoJSON）').click());
  expect(areas.name).toMatch(/\.geojson$/);
  const whole = JSON.parse(areas.bytes.toString('utf8'));
  expect(whole).toMatchObject({ type: 'FeatureCollection', datum: 'CGCS2000', demo: true });
  const truth = await grids(page);
  expect(whole.features).toHaveLength(truth.length);
  const one = truth.find((each) => each.properties.id === whole.features[0].id)!;
  expect(whole.features[0].geometry).toEqual(one.geometry);
  expect(Object.keys(whole.features[0].properties)).toEqual(expect.arrayContaining(['name', 'level', 'score', 'open']));
});

test('every layer that is on can be saved, narrowed as its list is', async ({ page }) => {
  await open(page, { layers: 'stations.appeal.heat.cases.buildings', list: 'stations', find: '学校', map: '113.93000,22.75000,16.50' });
  await expect(list(page).getByRole('row').nth(1)).toBeVisible();
  // Doors come by themselves, and later than all else.
  await expect(panel(page).getByRole('switch', { name: /楼栋 \d/ })).toBeVisible();
  const listed = Number((await list(page).getByRole('status').first().textContent())!.match(/符合的 (\d+) 条/)![1]);
  await menu(page).click();
  const csv = await saved(page, () => button(page, '站点（CSV 表格）').click());
  isStationsCsv(csv.name, csv.bytes, listed);
  for (const name of ['诉求服务圈', '案件', '楼栋']) {
    const file = await saved(page, () => button(page, `${name}（GeoJSON）`).click());
    const whole = JSON.parse(file.bytes.toString('utf8'));
    expect(whole.features.length, name).toBeGreaterThan(0);
    expect(whole.features.every((each: { geometry: unknown }) => each.geometry !== undefined), name).toBe(true);
  }
});

test('what no list has asked for comes when it is saved, to the last case of the period', async ({ page }) => {
  const from = new Date(Date.now() - 200 * 86_400_000).toISOString();
  await open(page, { layers: 'warnings.heat.cases', from });
  const known = async () => (await api<{ total: number }>(page, `cases?from=${from}&limit=1&total=true`)).total;
  expect(await known()).toBeGreaterThan(1_000);
  await menu(page).click();
  const areas = await saved(page, () => button(page, '区域（CSV 表格）').click());
  const [head, ...body] = rows(areas.bytes.subarray(3).toString('utf8'));
  const received = head!.indexOf('受理（件）');
  expect(body.some((row) => Number(row[received]) > 0)).toBe(true);
  for (const name of ['热力', '案件']) {
    const before = await known();
    const file = await saved(page, () => button(page, `${name}（GeoJSON）`).click());
    const after = await known();
    const whole = JSON.parse(file.bytes.toString('utf8')) as { features: { id: string; properties: { title: string } }[] };
    // A page that was read a moment ago may lack the newest, which come by themselves.
    expect(whole.features.length, name).toBeGreaterThan(before - 20);
    expect(whole.features.length, name).toBeLessThanOrEqual(after);
    expect(new Set(whole.features.map((each) => each.id)).size, name).toBe(whole.features.length);
    expect(whole.features[0]!.properties.title, name).not.toBe('');
  }
  // In the past: the cases of then.
  await open(page, { layers: 'cases', at: new Date(Date.now() - 60 * 86_400_000).toISOString() });
  await menu(page).click();
  const then = await saved(page, () => button(page, '案件（GeoJSON）').click());
  const features = (JSON.parse(then.bytes.toString('utf8')) as { features: { properties: { reported_at: string } }[] }).features;
  expect(features.length).toBeGreaterThan(10);
  for (const each of features) expect(Date.parse(each.properties.reported_at)).toBeLessThan(Date.now() - 60 * 86_400_000);
});

test.describe('who finds restricted cases', () => {
  test.use({ account: 'counsellor' });

  test('takes none of them along', async ({ page }) => {
    const from = new Date(Date.now() - 360 * 86_400_000).toISOString();
    const { items } = await api<{ items: { number: string; sensitivity: string }[] }>(page, `cases?from=${from}&limit=1000`);
    const restricted = items.filter((each) => each.sensitivity === 'restricted').map((each) => each.number);
    expect(restricted.length).toBeGreaterThan(0);
    await open(page, { layers: 'heat', from, list: 'heat' });
    await expect(list(page).getByRole('status').first()).toContainText('热力，');
    await menu(page).click();
    // Of restricted cases alone there may be nothing to save.
    const files: Download[] = [];
    page.on('download', (download) => files.push(download));
    await button(page, '热力（GeoJSON）').click();
    await expect(panel(page).getByRole('status').filter({ hasText: /已保存|没有可导出的内容/ })).toBeVisible();
    const taken = await Promise.all(files.map(async (file) => (await readFile(await file.path())).toString()));
    for (const number of restricted) expect(taken.join('\n')).not.toContain(number);
    const read = (await list(page).getByRole('row').allTextContents()).join('\n');
    for (const number of restricted) expect(read).not.toContain(number);
  });
});

test('the same by keyboard', async ({ page }) => {
  await open(page);
  const all = await stations(page);
  await press(page, menu(page));
  const picture = await saved(page, () => press(page, button(page, '地图图片（PNG）')));
  expect(png(picture.bytes).colours).toBeGreaterThan(60);
  const csv = await saved(page, () => press(page, button(page, '站点（CSV 表格）')));
  isStationsCsv(csv.name, csv.bytes, all.length);
  const json = await saved(page, () => press(page, button(page, '站点（GeoJSON）')));
  expect(JSON.parse(json.bytes.toString('utf8')).features).toHaveLength(all.length);
});
