// Coverage: what the circles leave out, shown and listed, and where the next station would reach most.
import type { Page } from '@playwright/test';
import { expectChange, expectDrawn, ink } from '../fixtures/canvas.ts';
import { api, asked, drawer, expect, figure, grouped, list, open, panel, press, stations, test } from '../fixtures/desk.ts';
import type { Position } from '../fixtures/desk.ts';
import { metres } from '../fixtures/geo.ts';

const region = (page: Page) => page.getByRole('region', { name: '服务覆盖' });
const value = (page: Page, word: string) => region(page).locator('.fact').filter({ hasText: word }).first().locator('dd');

interface Points {
  lon: number[];
  lat: number[];
  population: number[];
}

/** Counts what is outside every appeal circle, by plain distances. */
async function outside(page: Page): Promise<{ buildings: number; people: number; edge: number; all: number }> {
  const points = await api<Points>(page, 'buildings/points');
  const circles = (await stations(page)).filter((each) => each.geometry && each.properties.circles.includes('appeal') && !each.properties.stops?.length);
  const centres = circles.map((each) => each.geometry!.coordinates as Position);
  let [buildings, people, edge] = [0, 0, 0];
  points.lon.forEach((lon, row) => {
    const at: Position = [lon, points.lat[row]!];
    const nearest = Math.min(...centres.map((centre) => (Math.abs(centre[1] - at[1]) > 0.006 ? 1e9 : metres(centre, at))));
    if (Math.abs(nearest - 500) < 0.2) edge += 1;
    if (nearest > 500) [buildings, people] = [buildings + 1, people + points.population[row]!];
  });
  return { buildings, people, edge, all: points.lon.length };
}

test('uncovered area, buildings and people of the node in view are counted and drawn', async ({ page }) => {
  await open(page, { layers: 'none', hide: 'mobile' });
  await panel(page).getByRole('switch', { name: '未覆盖区域' }).click();
  await expect(value(page, '未覆盖楼栋')).toContainText('共');
  await expectDrawn(page, 'Coverage');

  const truth = await outside(page);
  const told = figure(await value(page, '未覆盖楼栋').textContent());
  // Mobile stations have circles too: they can only cover more.
  expect(told).toBeLessThanOrEqual(truth.buildings + truth.edge);
  expect(told).toBeGreaterThan(truth.buildings * 0.9);
  await expect(value(page, '未覆盖楼栋')).toContainText(grouped(truth.all));
  const km2 = async (word: string) => figure(await value(page, word).textContent());
  const district = await api<{ features: { properties: { area_m2: number } }[] }>(page, 'places?level=district');
  const whole = district.features[0]!.properties.area_m2 / 1e6;
  expect((await km2('已覆盖面积')) + (await km2('未覆盖面积'))).toBeCloseTo(whole, 0);

  // Every station has an appeal circle, not every one a legal circle: by those alone more is left out.
  const before = await ink(page, 'Coverage');
  await region(page).getByRole('checkbox', { name: '公共法律服务圈' }).check();
  await region(page).getByRole('checkbox', { name: '诉求服务圈', exact: true }).uncheck();
  await expect.poll(() => asked(page, 'cover')).toBe('legal');
  await expectChange(page, 'Coverage', before);
  await expect.poll(async () => figure(await value(page, '未覆盖楼栋').textContent())).toBeGreaterThan(told);

  // Another node, other figures.
  await page.goto('/?layers=coverage&place=440311006');
  await expect(value(page, '未覆盖楼栋')).toContainText('共');
  expect(figure((await value(page, '未覆盖楼栋').textContent())!.split('共')[1]!)).toBeLessThan(truth.all);
});

test('the uncovered buildings are listed and shown, and the next station is proposed', async ({ page }) => {
  await open(page, { layers: 'coverage' });
  await expect(value(page, '未覆盖楼栋')).toContainText('共');
  const count = figure(await value(page, '未覆盖楼栋').textContent());
  const before = await ink(page, 'Coverage');
  await region(page).getByRole('button', { name: '下一站建在哪里覆盖最多' }).click();
  const gain = region(page).getByText(/可新覆盖/);
  await expect(gain).toBeVisible({ timeout: 20_000 });
  expect(figure((await gain.textContent())!.split('可新覆盖')[1]!)).toBeGreaterThan(0);
  await expectChange(page, 'Coverage', before);

  await region(page).getByRole('button', { name: '列出未覆盖楼栋' }).click();
  await expect(list(page).getByRole('status').first()).toContainText(`${grouped(count)} 条`);
  await list(page).getByRole('row').nth(1).click();
  await expect(drawer(page).getByText('楼栋编码')).toBeVisible();
});

test('coverage by keyboard', async ({ page }) => {
  await open(page, { layers: 'none' });
  await press(page, panel(page).getByRole('switch', { name: '未覆盖区域' }), 'Space');
  await expect(value(page, '未覆盖楼栋')).toContainText('共');
  await press(page, region(page).getByRole('checkbox', { name: '心理服务圈' }), 'Space');
  await expect.poll(() => asked(page, 'cover')).toBe('appeal.psychological');
  await expect(value(page, '未覆盖楼栋')).toContainText('共');
  await press(page, region(page).getByRole('button', { name: '下一站建在哪里覆盖最多' }));
  await expect(region(page).getByText(/可新覆盖/)).toBeVisible({ timeout: 20_000 });
  await press(page, region(page).getByRole('button', { name: '列出未覆盖楼栋' }));
  await expect(list(page).getByRole('tab', { selected: true })).toBeFocused();
  await press(page, list(page).getByRole('row').nth(1));
  await expect(drawer(page).getByText('楼栋编码')).toBeVisible();
});
