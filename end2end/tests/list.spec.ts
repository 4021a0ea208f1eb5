// The list: exactly what each layer shows; sorted, narrowed and walked with a pointer and without one.
import type { Page } from '@playwright/test';
import { api, asked, cameraOf, drawer, expect, figure, grids, grouped, list, open, press, reach, stations, test } from '../fixtures/desk.ts';
import { inRing, metres, outerRing } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

const caption = (page: Page) => list(page).getByRole('status').first();
const rows = (page: Page) => list(page).getByRole('row').filter({ has: page.getByRole('cell') });
const column = (page: Page, number: number) => list(page).locator(`tbody td:nth-child(${number})`).allTextContents();
/** The rows that the caption counts: the last number before 条. */
const count = async (page: Page) => figure([...((await caption(page).textContent()) ?? '').matchAll(/([\d\u2009]+) 条(?!中)/g)].at(-1)?.[1] ?? '');

test('each layer that is on has its list, as long as the layer', async ({ page }) => {
  await open(page, { layers: 'warnings.stations.appeal.legal.psychological.coverage.heat.cases.buildings', map: '113.93000,22.75000,16.50' });
  const all = await stations(page);
  const truth = await grids(page);
  const points = await api<{ lon: number[]; lat: number[] }>(page, 'buildings/points');
  const withCircle = (kind: string) => all.filter((each) => each.properties.circles.includes(kind)).length;
  await page.getByRole('button', { name: '打开列表' }).click();
  const tabs = list(page).getByRole('tab');
  await expect(tabs).toHaveText(['区域', '站点', '诉求服务圈', '公共法律服务圈', '心理服务圈', '未覆盖楼栋', '热力', '案件', '楼栋']);
  const long = async (name: string, rows: number) => {
    await list(page).getByRole('tab', { name, exact: true }).click();
    await expect(list(page).getByRole('tab', { name, exact: true })).toHaveAttribute('aria-selected', 'true');
    await expect(caption(page), name).toContainText(`${grouped(rows)} 条`);
  };
  await long('区域', truth.length);
  await long('站点', all.length);
  await long('诉求服务圈', withCircle('appeal'));
  await long('公共法律服务圈', withCircle('legal'));
  await long('心理服务圈', withCircle('psychological'));
  await list(page).getByRole('tab', { name: '楼栋', exact: true }).click();
  // The doors in view: those of the whole district that the camera shows.
  await expect.poll(() => count(page)).toBeGreaterThan(10);
  expect(await count(page)).toBeLessThan(points.lon.length / 10);
  await list(page).getByRole('button', { name: '关闭列表' }).click();
  await expect(page.getByRole('button', { name: '打开列表' })).toBeFocused();
});

test('heads sort by value both ways, the filter narrows, pages turn', async ({ page }) => {
  await open(page, { list: 'warnings' });
  await expect(rows(page)).toHaveCount(50);
  await list(page).getByRole('button', { name: '风险分' }).click();
  await list(page).getByRole('button', { name: '风险分' }).click();
  await expect(list(page).getByRole('columnheader', { name: '风险分' })).toHaveAttribute('aria-sort', 'descending');
  const scores = (await column(page, 3)).map(Number);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(asked(page, 'sort')).toBe('2d');
  // The first has the level that its score says.
  expect((await column(page, 2))[0]).toContain('红');

  await list(page).getByRole('checkbox', { name: '只看有预警的' }).check();
  expect(asked(page, 'warned')).toBe('1');
  const warned = await count(page);
  expect(warned).toBeLessThan(1734);
  await list(page).getByRole('searchbox', { name: '筛选本表' }).fill('东周');
  await expect.poll(() => count(page)).toBeLessThan(1734);
  for (const name of await column(page, 1)) expect(name).toContain('东周');
  await list(page).getByRole('searchbox', { name: '筛选本表' }).fill('没有这样的行');
  await expect(list(page).getByText('没有符合筛选的行。')).toBeVisible();
  await list(page).getByRole('searchbox', { name: '筛选本表' }).fill('');
  await list(page).getByRole('checkbox', { name: '只看有预警的' }).uncheck();

  const first = (await column(page, 1))[0];
  await list(page).getByRole('button', { name: '下一页' }).click();
  await expect(list(page).getByText('第 2 页，共 35 页')).toBeVisible();
  expect((await column(page, 1))[0]).not.toBe(first);
  await list(page).getByRole('button', { name: '上一页' }).click();
  await expect(list(page).getByText('第 1 页，共 35 页')).toBeVisible();
});

test('group matters and repeats have lists of their own, from the board too', async ({ page }) => {
  const [from, to] = [100, 70].map((days) => `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`) as [string, string];
  const config = await api<{ categories: { id: string; sensitivity: string }[] }>(page, 'config');
  const hidden = new Set(config.categories.filter((each) => each.sensitivity === 'restricted').map((each) => each.id));
  const truth = async (narrow: string) => {
    const { items } = await api<{ items: { number: string; category: string; sensitivity: string }[] }>(page, `cases?from=${from}&to=${to}&${narrow}&limit=1000`);
    return items.filter((each) => each.sensitivity !== 'restricted' && !hidden.has(each.category)).map((each) => each.number);
  };
  await open(page, { layers: 'cases', list: 'cases', from, to });
  const kind = list(page).getByRole('combobox', { name: '案件种类' });
  // Behind it the caption counts those without coordinates too.
  const counted = async (page: Page) => figure(/，([\d\u2009]+) 条/.exec((await caption(page).textContent()) ?? '')?.[1] ?? '');
  const all = await truth('');
  await expect.poll(() => counted(page)).toBe(all.length);
  for (const [word, only, narrow] of [['群体性（5 人以上）', 'groups', 'people_from=5'], ['重复诉求', 'repeats', 'repeats=true']] as const) {
    const numbers = await truth(narrow);
    expect(numbers.length, word).toBeGreaterThan(0);
    expect(numbers.length, word).toBeLessThan(all.length);
    await kind.selectOption(word);
    await expect.poll(() => asked(page, 'only')).toBe(only);
    await expect.poll(() => counted(page), word).toBe(numbers.length);
    expect(await column(page, 2), word).toEqual(numbers.slice(0, 50));
  }
  await kind.selectOption('全部案件');
  await expect.poll(() => counted(page)).toBe(all.length);

  // Another backend's address, or an older one, may have a kind where no list of cases is open: it is of no effect there.
  await open(page, { layers: 'cases.stations', list: 'stations', only: 'repeats', from, to });
  await expect(list(page).getByRole('row').nth(3)).toBeVisible();
  await expect(kind).toHaveCount(0);

  await page.goto('/board');
  await page.getByRole('link', { name: '群体性案件' }).click();
  await expect(kind).toHaveValue('groups');
  await expect.poll(() => counted(page)).toBeGreaterThan(0);
});

/** The camera is at what was chosen. */
async function flown(page: Page, name: string): Promise<void> {
  const grid = (await grids(page)).find((each) => each.properties.name === name)!;
  const ring = outerRing(grid.geometry!);
  await expect.poll(() => cameraOf(page)).toBeTruthy();
  const { at, zoom } = cameraOf(page)!;
  expect(zoom).toBeGreaterThan(14);
  const reach = Math.min(...ring.map((corner: Position) => metres(at, corner)));
  expect(inRing(ring, at) || reach < 300, `${name} is in the middle`).toBe(true);
}

test('choosing a row selects it and flies there; pointing at it marks it on the map', async ({ page }) => {
  await open(page, { list: 'warnings' });
  const row = rows(page).nth(3);
  const name = (await row.getByRole('cell').first().textContent())!;
  await row.hover();
  await row.click();
  await expect(drawer(page).getByRole('heading', { name, exact: true })).toBeVisible();
  await flown(page, name);
  await expect(row).toHaveAttribute('aria-selected', 'true');
  // The level stays what the list was made of.
  await expect(caption(page)).toContainText(`${grouped(1734)} 条`);
});

test('the list by keyboard: the skip link leads to it, arrows walk it, Enter chooses, Escape comes back', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '跳到列表' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: '打开列表' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(list(page).getByRole('tab', { selected: true })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(list(page).getByRole('tab', { name: '站点' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(list(page).getByRole('tab', { name: '区域' })).toBeFocused();

  await press(page, list(page).getByRole('button', { name: '人口（人）' }));
  const people = (await column(page, 4)).map((text) => figure(text));
  expect(people).toEqual([...people].sort((a, b) => a - b));
  await press(page, list(page).getByRole('checkbox', { name: '只看有预警的' }), 'Space');
  await reach(page, rows(page).first());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(rows(page).nth(2)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const name = (await rows(page).nth(1).getByRole('cell').first().textContent())!;
  await page.keyboard.press('Enter');
  await expect(drawer(page).getByRole('heading', { name, exact: true })).toBeFocused();
  await flown(page, name);
  await page.keyboard.press('Escape');
  await expect(rows(page).nth(1)).toBeFocused();
  // One Tab leaves the rows: only one of them is a stop.
  await page.keyboard.press('Tab');
  await expect(rows(page).nth(2)).not.toBeFocused();
  await press(page, list(page).getByRole('button', { name: '关闭列表' }));
  await expect(page.getByRole('button', { name: '打开列表' })).toBeFocused();
});

test('a screen reader is told what is in sight, calmly', async ({ page }) => {
  await open(page);
  const told = page.getByRole('status').filter({ hasText: /当前视野：\d+ 红 \d+ 黄 \d+ 蓝，新案 \d+ 件/ });
  await expect(told).toBeAttached({ timeout: 25_000 });
  const { items } = await api<{ items: { place: string }[] }>(page, 'warnings?level=red&place_level=grid&limit=1000');
  expect(Math.abs(figure(await told.textContent()) - items.length)).toBeLessThanOrEqual(5);
});
