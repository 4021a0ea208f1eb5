// Brushes of the board: what is chosen on one card cuts every other, its table, its sentence and what it draws.
import type { Page } from '@playwright/test';
import { card, go, hero, OVER, received } from '../fixtures/board.ts';
import { api, asked, expect, figure, grouped, press, reach, test } from '../fixtures/desk.ts';

/** The cards that count cases, and the columns of the tables behind them that do: each under every brush but its own. */
const COUNTS = { 每日受理与化解: [1, 1], 一周时段分布: [1, 24], 诉求原因: [1, 1], 地图圈选: [1, 1], 各地排名: [2, 2], 集中程度: [1, 1] };
type Counting = keyof typeof COUNTS;

interface Behind {
  received: number;
  rows: Record<Counting | '红黄榜', string[][]>;
}

/** The great figure and the tables behind the cards, all of one moment. */
async function behind(page: Page): Promise<Behind> {
  const names = [...Object.keys(COUNTS), '红黄榜'];
  for (const name of names) {
    const fold = card(page, name).locator('.card-behind');
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
    await expect(fold.locator('thead')).toBeAttached();
  }
  const { great, tables } = await page.evaluate(() => {
    const read = (table: Element) => [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent!.trim()));
    const tables = [...document.querySelectorAll('.card-behind table')].map((table) => [table.closest('.card')!.querySelector('h2')!.textContent!, read(table)] as const);
    return { great: document.querySelector('.hero-value')!.textContent, tables };
  });
  return { received: figure(great), rows: Object.fromEntries(tables) as Behind['rows'] };
}

/** What the columns of a table make that count cases. */
function counted({ rows }: Behind, name: Counting): number {
  const [first, last] = COUNTS[name] as [number, number];
  return rows[name].flatMap((row) => row.slice(first, last + 1)).reduce((sum, cell) => sum + figure(cell), 0);
}

/**
 * Expects every card to be of what is chosen: its table, its sentence and what it draws; the cards that it was chosen on still show what
 * else there is, which is `whole`.
 */
async function expectCut(page: Page, own: Counting[], whole: number): Promise<void> {
  const all = await received(page);
  const of = (name: Counting) => (own.includes(name) ? whole : all);
  const names = Object.keys(COUNTS) as Counting[];
  const says = async (name: Counting) => (await card(page, name).locator('.card-says').textContent())!;
  // Of a case or two no more is known than the community: those are in no grid.
  const nowhere = whole - (await cube(page)).areas.received.reduce((sum, n) => sum + n);
  expect(nowhere).toBeLessThan(10);
  const isPlaced = (name: Counting, n: number) => name === '地图圈选' && n <= of(name) && n >= of(name) - nowhere;
  await expect.poll(async () => {
    const found = await behind(page);
    const counts = names.map((name) => [name, counted(found, name)] as const);
    return { received: found.received, ...Object.fromEntries(counts.map(([name, n]) => [name, isPlaced(name, n) ? of(name) : n])) };
  }).toEqual({ received: all, ...Object.fromEntries(names.map((name) => [name, of(name)])) });
  const { rows } = await behind(page);
  // What they say.
  expect(await says('每日受理与化解')).toContain(`共 ${grouped(of('每日受理与化解'))} 件`);
  expect(await says('地图圈选')).toMatch(new RegExp(`^(${rows.地图圈选.length} 个地点有诉求；|共 ${grouped(rows.地图圈选.reduce((sum, row) => sum + figure(row[1]!), 0))} 件，)`));
  const most = /最多，占 ([\d.]+)%/.exec(await says('诉求原因'))?.[1];
  if (most) expect(Math.abs(Number(most) - (figure(rows.诉求原因[0]![1]!) / of('诉求原因')) * 100)).toBeLessThan(0.06);
  const settled = /总体 ([\d.]+)%/.exec(await says('各地排名'))![1];
  if (!own.includes('各地排名')) expect(Math.abs(Number(settled) - figure(await hero(page, '化解率').textContent()))).toBeLessThan(0.06);
  // What they draw: columns as high as the days' counts, and as many shaded places as there are with a case.
  const heights = (await drawn(page, '每日受理与化解')).flatMap((path) => [...path.matchAll(/v([\d.]+)h-/g)].map(([, height]) => Number(height)));
  const days = rows.每日受理与化解.map((row) => figure(row[1]!));
  expect(heights).toHaveLength(days.length);
  const high = (all: number[]) => all.reduce((sum, n) => sum + n) / Math.max(...all);
  expect(Math.abs(high(heights) - high(days))).toBeLessThan(0.2);
  await card(page, '地图圈选').scrollIntoViewIfNeeded();
  await expect(page.locator('#areas-plot')).toBeVisible();
  expect((await drawn(page, '地图圈选')).join('').match(/M/g)).toHaveLength(rows.地图圈选.length);
  // Who is on a list is so by the ranking.
  const listed = rows.各地排名.filter((row) => /^[红黄]榜$/.test(row[5]!));
  expect(rows.红黄榜.map(String).sort()).toEqual(listed.map(String).sort());
}

/** The filled outlines of a card's drawing. */
const drawn = (page: Page, name: Counting) => card(page, name).locator('.brushable path.area').evaluateAll((all) => all.map((path) => path.getAttribute('d')!));

test('a cause, a cell and a place filter all the rest, and the address carries it', async ({ page }) => {
  await go(page);
  const whole = await received(page);
  expect(whole).toBeGreaterThan(50);
  const first = card(page, '诉求原因').locator('.cause').first();
  const count = figure(await first.locator('.cause-count').textContent());
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => received(page)).toBe(count);
  await expectCut(page, ['诉求原因'], whole);
  const address = page.url();
  expect(address).toContain('category=');
  // The same link shows the same.
  await page.goto(address);
  await expect.poll(() => received(page)).toBe(count);
  await page.getByRole('button', { name: '全部清除' }).click();
  await expect.poll(() => received(page)).toBe(whole);
  const cell = card(page, '原因 × 地点').locator('td button').first();
  const crossed = figure(await cell.textContent());
  await cell.click();
  await expect.poll(() => received(page)).toBe(crossed);
  await expect(page.getByRole('list', { name: '已选条件' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: '全部清除' }).click();
  await expect.poll(() => received(page)).toBe(whole);
  const street = card(page, '各地排名').locator('.card-chart tbody tr').first();
  const there = figure(await street.locator('td').nth(2).textContent());
  await street.getByRole('button', { name: '只看' }).click();
  await expect.poll(() => received(page)).toBe(there);
  await expectCut(page, ['各地排名', '集中程度', '地图圈选'], whole);
});

test('the red and the yellow list are of what is chosen', async ({ page }) => {
  // Who is on them by day is chance: here nobody, but for one cause the first of the places, which has settled all, and the last, nothing.
  await page.route('**/api/v1/statistics/cube?*', async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as { places: { figures: object }[] };
    const is = new URL(route.request().url()).searchParams.has('category');
    const settled = (n: number) => (!is || (n > 0 && n < told.places.length - 1) ? 450 : n === 0 ? 900 : 0);
    told.places.forEach(({ figures }, n) => Object.assign(figures, { received: 900, settled: settled(n) }));
    await route.fulfill({ response: answer, json: told });
  });
  await go(page);
  const lists = card(page, '红黄榜');
  const [red, yellow] = [lists.locator('.list-red li b'), lists.locator('.list-yellow li b')];
  await expect(lists.getByText('无', { exact: true })).toHaveCount(2);
  await card(page, '诉求原因').locator('.cause').first().click();
  const all = (await api<{ features: { properties: { name: string } }[] }>(page, 'places?level=street')).features.map((one) => one.properties.name);
  await expect(red).toHaveText([all[0]!]);
  await expect(yellow).toHaveText([all.at(-1)!]);
  expect((await behind(page)).rows.红黄榜.map(([name]) => name)).toEqual([all[0], all.at(-1)]);
  await page.getByRole('button', { name: '全部清除' }).click();
  await expect(red.or(yellow)).toHaveCount(0);
});

test('days are brushed by dragging, an hour by a click', async ({ page }) => {
  await go(page);
  const whole = await received(page);
  const days = card(page, '每日受理与化解').locator('.brushable');
  await days.scrollIntoViewIfNeeded();
  const box = (await days.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => received(page)).toBeLessThan(whole);
  expect(asked(page, 'days')).toMatch(/^\d{4}-\d\d-\d\d\.\d{4}-\d\d-\d\d$/);
  await expectCut(page, ['每日受理与化解'], whole);
  await page.getByRole('button', { name: '全部清除' }).click();
  await expect.poll(() => received(page)).toBe(whole);
  const week = card(page, '一周时段分布').locator('.brushable');
  // The hour that has most: one that is chosen blindly may have nothing.
  const hours = (await behind(page)).rows.一周时段分布.flatMap((row) => row.slice(1).map(figure));
  await week.scrollIntoViewIfNeeded();
  const slot = (await week.locator('path.area').nth(hours.indexOf(Math.max(...hours))).boundingBox())!;
  await page.mouse.click(slot.x + slot.width / 2, slot.y + slot.height / 2);
  await expect.poll(() => asked(page, 'hours')).not.toBeNull();
  await expect.poll(() => received(page)).toBeLessThan(whole / 4);
  await expectCut(page, ['一周时段分布'], whole);
});

interface Cube {
  figures: { received: number };
  areas: { places: string[]; received: number[] };
}

/** What the server says of the period under a brush. */
const cube = (page: Page, brush = '') => api<Cube>(page, `statistics/cube?${new URLSearchParams(OVER).toString()}${brush}`);

/** Draws a line through points of a box, in parts of its sides, and closes it. */
async function draw(page: Page, box: { x: number; y: number; width: number; height: number }, points: [number, number][]): Promise<void> {
  const at = ([x, y]: [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 3 });
  await page.mouse.up();
}

test('an area drawn on the small map filters all the rest, stands in the address, and is taken off', async ({ page }) => {
  await go(page);
  const whole = await received(page);
  const map = card(page, '地图圈选').locator('#areas-plot');
  await card(page, '地图圈选').scrollIntoViewIfNeeded();
  await expect(map).toBeVisible();
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  await draw(page, box, [[0.35, 0.35], [0.6, 0.35], [0.6, 0.6], [0.35, 0.6]]);
  await expect.poll(() => page.url()).toMatch(/[?&](area|within)=/);
  await expect.poll(() => received(page)).toBeLessThan(whole);
  const some = await received(page);
  expect(some).toBeGreaterThan(0);
  await expectCut(page, ['各地排名', '集中程度', '地图圈选'], whole);
  // The same link shows the same; the map is cut by all brushes but its own.
  await page.goto(page.url());
  await expect.poll(() => received(page)).toBe(some);
  // The district moves meanwhile, by a case or two.
  expect(Math.abs((await cube(page)).areas.received.reduce((sum, n) => sum + n) - whole)).toBeLessThan(10);
  expect(whole - some).toBeGreaterThan(20);
  // Another area beside it, then one grid less and again by a click.
  await card(page, '地图圈选').scrollIntoViewIfNeeded();
  await expect(map).toBeVisible();
  await map.scrollIntoViewIfNeeded();
  const again = (await map.boundingBox())!;
  await page.keyboard.down('Shift');
  await draw(page, again, [[0.62, 0.3], [0.8, 0.3], [0.8, 0.6], [0.62, 0.6]]);
  await page.keyboard.up('Shift');
  await expect.poll(() => received(page)).toBeGreaterThan(some);
  const [both, at] = [page.url(), [again.x + again.width * 0.48, again.y + again.height * 0.48] as const];
  await page.mouse.click(...at);
  await expect.poll(() => page.url()).not.toBe(both);
  await page.mouse.click(...at);
  await expect.poll(() => page.url()).toBe(both);
  await page.getByRole('list', { name: '已选条件' }).getByRole('button').click();
  await expect.poll(() => received(page)).toBe(whole);
});

test('places of the small map are chosen by keyboard, each with its own cases', async ({ page }) => {
  await go(page);
  const { areas } = await cube(page);
  const places = card(page, '地图圈选');
  await places.scrollIntoViewIfNeeded();
  await press(page, places.getByText('按名称选择'), 'Enter');
  const list = places.getByRole('listbox');
  await reach(page, list);
  await page.keyboard.press('Home');
  const [first] = await list.evaluate((each: HTMLSelectElement) => [...each.selectedOptions].map((option) => option.value));
  const count = areas.received[areas.places.indexOf(first!)] ?? 0;
  await expect.poll(() => received(page)).toBe(count);
  expect(asked(page, 'within')).toBe(first);
  await expect(list).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('list', { name: '已选条件' }).getByRole('listitem')).toHaveCount(1);
  await expect.poll(async () => (await cube(page, `&within=${await list.evaluate((each: HTMLSelectElement) => [...each.selectedOptions].map((option) => option.value).join('&within='))}`)).figures.received === (await received(page))).toBe(true);
});

test('causes, days and hours are brushed by keyboard, and the focus stays', async ({ page }) => {
  await go(page);
  const whole = await received(page);
  const first = card(page, '诉求原因').locator('.cause').first();
  await press(page, first);
  await expect.poll(() => received(page)).toBeLessThan(whole);
  await expect(card(page, '诉求原因').locator('.cause[aria-pressed="true"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => received(page)).toBe(whole);
  const monday = card(page, '一周时段分布').getByRole('button', { name: '周一' });
  await press(page, monday, 'Space');
  await expect.poll(() => asked(page, 'week')).toBe('1');
  await expect.poll(() => received(page)).toBeLessThan(whole);
});
