// Stations: levels and kinds, the three circles, open now, the drawer, those that move.
import type { Page } from '@playwright/test';
import { expectChange, expectDrawn, ink, pixel } from '../fixtures/canvas.ts';
import { asked, camera, drawer, expect, figure, ground, list, middle, open, panel, press, reach, stations, test } from '../fixtures/desk.ts';
import type { Feature, Position, Station } from '../fixtures/desk.ts';
import { metres, metresPerPixel, moved } from '../fixtures/geo.ts';

const CIRCLES = [
  { layer: 'appeal', name: /诉求服务圈|诉求圈/ },
  { layer: 'legal', name: /公共法律/ },
  { layer: 'psychological', name: /心理/ },
];
const at = (station: Feature<Station>): Position => station.geometry!.coordinates;
const fixed = (all: Feature<Station>[]) => all.filter((each) => each.geometry?.type === 'Point' && !each.properties.stops?.length);

/** A station whose circle's eastern edge no other circle of the kind touches. */
async function lonely(page: Page, kind: string): Promise<Feature<Station>> {
  const all = fixed(await stations(page)).filter((each) => each.properties.circles.includes(kind));
  const found = all.find((one) => all.every((other) => other === one || metres(moved(at(one), 500, 0), at(other)) > 600));
  if (!found) throw new Error('every circle touches another');
  return found;
}

for (const { layer, name } of CIRCLES) {
  test(`the ${layer} circles are switched by themselves and are 500 m on the ground`, async ({ page }) => {
    await page.goto('/');
    const station = await lonely(page, layer);
    await open(page, { layers: 'none', map: camera(at(station), 16) });
    await expectDrawn(page, 'Circles', false);
    const toggle = panel(page).getByRole('switch', { name }).first();
    await toggle.click();
    await expect.poll(() => asked(page, 'layers')).toBe(layer);
    await expectDrawn(page, 'Circles');
    // Eight metres inside the edge it is painted, eight metres outside it is not.
    const { x, y } = await middle(page);
    const px = (east: number) => ({ x: x + east / metresPerPixel(at(station)[1], 16), y });
    expect((await pixel(page, 'Circles', px(492)))[3]).toBeGreaterThan(0);
    expect((await pixel(page, 'Circles', px(508)))[3]).toBe(0);
    await toggle.click();
    await expectDrawn(page, 'Circles', false);
  });
}

test('the circles by keyboard: Space switches each', async ({ page }) => {
  await open(page, { layers: 'stations' });
  let before = await ink(page, 'Circles');
  for (const { layer, name } of CIRCLES) {
    await press(page, panel(page).getByRole('switch', { name }).first(), 'Space');
    await expect.poll(() => asked(page, 'layers')).toContain(layer);
    await expectChange(page, 'Circles', before);
    before = await ink(page, 'Circles');
  }
  for (const { name } of CIRCLES) await press(page, panel(page).getByRole('switch', { name }).first(), 'Space');
  await expectDrawn(page, 'Circles', false);
});

/** What the drawer of a station must tell. */
async function tells(page: Page, station: Station): Promise<void> {
  const told = drawer(page);
  await expect(told.getByRole('heading', { name: station.name })).toBeVisible();
  await expect(told.getByText(station.address).first()).toBeVisible();
  await expect(told.getByText(/营业中|已休息|全天开放/).first()).toBeVisible();
  if (station.telephone) await expect(told.getByRole('link')).toHaveAttribute('href', `tel:${station.telephone.replace(/\D/g, '')}`);
  await expect(told.getByText('服务', { exact: true })).toBeVisible();
  await expect(told.getByText(/纠纷调处/).first()).toBeVisible();
  for (const part of ['开放时间', '值班人员', '服务圈']) {
    await expect(told.getByRole('heading', { name: part, exact: true })).toBeVisible();
  }
  await expect(told.getByText(/\d+ 人/).first()).toBeVisible();
  await expect(told.getByText(/500 米内.*栋楼/)).toBeVisible();
}

const hall = async (page: Page) => (await stations(page)).find((each) => each.properties.level === 'street')!;

test('a press on a station opens its drawer, which can show its circles', async ({ page }) => {
  await page.goto('/');
  const station = await hall(page);
  await open(page, { layers: 'stations', map: camera(at(station), 16) });
  const { x, y } = await middle(page);
  await page.mouse.move(x - 3, y);
  await page.mouse.move(x, y);
  await expect(page.locator('.hover-card')).toContainText(station.properties.name);
  await page.mouse.click(x, y);
  await tells(page, station.properties);
  await drawer(page).getByRole('checkbox', { name: /在地图上显示诉求服务圈/ }).check();
  await expectDrawn(page, 'Circles');
});

test('a station by keyboard: under the cross-hair, and from the list', async ({ page }) => {
  await page.goto('/');
  const station = await hall(page);
  await open(page, { layers: 'stations', map: camera(at(station), 16) });
  await reach(page, ground(page));
  await page.keyboard.press('Enter');
  await tells(page, station.properties);
  await page.keyboard.press('Escape');
  await expect(ground(page)).toBeFocused();

  await press(page, page.getByRole('button', { name: '打开列表' }));
  await reach(page, list(page).getByRole('searchbox'));
  await page.keyboard.type(station.properties.name);
  const row = list(page).getByRole('row', { name: new RegExp(station.properties.name) }).first();
  await press(page, row);
  await tells(page, station.properties);
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
});

test('levels and kinds are filtered on the map and in the list, with how many are open', async ({ page }) => {
  await open(page, { layers: 'stations', list: 'stations' });
  const all = await stations(page);
  const caption = list(page).getByRole('status').first();
  await expect(caption).toContainText(`${all.length} 条`);
  const before = await ink(page, 'Stations');
  for (const [word, count] of [
    ['街道大厅', (s: Station) => s.level === 'street'],
    ['驻点', (s: Station) => s.level === 'site'],
    ['学校', (s: Station) => s.site === 'school'],
  ] as const) {
    const here = all.filter((each) => count(each.properties)).length;
    const text = await panel(page).locator('label').filter({ hasText: word }).first().textContent();
    const [open, whole] = (text ?? '').match(/\d+/g)!.map(Number);
    expect(whole, word).toBe(here);
    expect(open, word).toBeLessThanOrEqual(here);
  }

  await panel(page).getByRole('checkbox', { name: /^学校/ }).uncheck();
  await expect.poll(() => asked(page, 'hide')).toBe('school');
  const noSchools = all.filter((each) => each.properties.site !== 'school').length;
  await expect(caption).toContainText(`${noSchools} 条`);
  await expectChange(page, 'Stations', before);
  await panel(page).getByRole('checkbox', { name: /^驻点/ }).uncheck();
  await expect(panel(page).getByRole('checkbox', { name: /^学校/ })).toHaveCount(0);
  await expect(caption).toContainText(`${all.filter((each) => each.properties.level !== 'site').length} 条`);

  await page.reload();
  await expect(panel(page).getByRole('checkbox', { name: /^驻点/ })).not.toBeChecked();
  await expect(caption).toContainText(`${all.filter((each) => each.properties.level !== 'site').length} 条`);
});

test('levels and kinds by keyboard', async ({ page }) => {
  await open(page, { layers: 'stations' });
  await press(page, panel(page).getByRole('checkbox', { name: /^医院/ }), 'Space');
  await press(page, panel(page).getByRole('checkbox', { name: /^流动站/ }), 'Space');
  await expect.poll(() => asked(page, 'hide')).toBe('mobile.hospital');
});

test('a mobile station stands at its stop of now and says where next', async ({ page }) => {
  await page.goto('/');
  const bus = (await stations(page)).find((each) => each.properties.level === 'mobile')!;
  await open(page, { layers: 'stations', sel: `station:${bus.properties.id}` });
  const told = drawer(page);
  await expect(told.getByRole('heading', { name: '流动时刻' })).toBeVisible();
  const now = told.getByRole('status').filter({ hasText: /现在停靠|行驶途中/ });
  await expect(now).toContainText('下一站');
  await expect(told.getByRole('table', { name: '流动时刻' }).getByRole('row')).toHaveCount(bus.properties.stops!.length + 1);

  const name = (await now.textContent())!.match(/(?:现在停靠 |下一站 )([^；，]+)/)![1]!;
  const stop = bus.properties.stops!.find((each) => each.name === name.trim())!;
  await open(page, { layers: 'stations', map: camera(stop.at, 17) });
  const { x, y } = await middle(page);
  await page.mouse.click(x, y);
  await expect(drawer(page).getByRole('heading', { name: bus.properties.name })).toBeVisible();
});

test('a mobile station by keyboard', async ({ page }) => {
  await page.goto('/');
  const bus = (await stations(page)).find((each) => each.properties.level === 'mobile')!;
  await open(page, { layers: 'stations', list: 'stations', find: bus.properties.name });
  await press(page, list(page).getByRole('row', { name: new RegExp(bus.properties.name) }).first());
  await expect(drawer(page).getByRole('heading', { name: '流动时刻' })).toBeVisible();
  expect(figure(asked(page, 'map'))).toBeGreaterThan(113);
});
