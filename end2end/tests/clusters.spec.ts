// Many things: all cases of the period and 60,000 doors, gathered into discs and squares that part as the map flies in.
import type { Page } from '@playwright/test';
import { expectDrawn, ink } from '../fixtures/canvas.ts';
import { api, asked, camera, cameraOf, drawer, expect, figure, ground, middle, open, panel, press, reach, settled, test } from '../fixtures/desk.ts';
import { metres, placeOf, world } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

interface Point {
  geometry: { coordinates: Position };
  properties: { number: string; category: string; t: number };
}

const CENTRE: Position = [113.93, 22.77];
const card = (page: Page) => page.locator('.hover-card');
const row = (page: Page, name: RegExp) => panel(page).locator('label').filter({ hasText: name });
const found = (page: Page) => page.getByRole('region', { name: '所点的案件' });

/** The cases of the last days, as a backend gives them that has no columns. */
async function points(page: Page, days: number): Promise<Point[]> {
  const from = new Date(Date.now() - days * 86_400_000).toISOString();
  const answer = await page.request.get(`/api/v1/heat/points?from=${from}`, { headers: { accept: 'application/geo+json' } });
  return ((await answer.json()) as { features: Point[] }).features;
}

/** Where the picture of points has most paper within some pixels: the middle of a disc or a square. */
async function largest(page: Page): Promise<{ x: number; y: number }> {
  const spot = () =>
    page.locator('canvas[data-picture=Points]').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      if (canvas.hidden) return null;
      const hex = getComputedStyle(document.documentElement).getPropertyValue('--map-station-paper').trim();
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      const sums = new Int32Array((width + 1) * (height + 1));
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          const at = (y * width + x) * 4;
          const far = Math.abs(data[at]! - red!) + Math.abs(data[at + 1]! - green!) + Math.abs(data[at + 2]! - blue!);
          const is = data[at + 3]! > 200 && far < 60 ? 1 : 0;
          const place = (y + 1) * (width + 1) + x + 1;
          sums[place] = is + sums[place - 1]! + sums[place - width - 1]! - sums[place - width - 2]!;
        }
      }
      const shown = document.querySelector('canvas[data-sheet=Over]:not([hidden])')!.getBoundingClientRect();
      const ground = document.querySelector('.map-ground')!.getBoundingClientRect();
      const scale = shown.width / width;
      let best = { count: 0, x: 0, y: 0 };
      for (let y = 8; y < height - 8; y += 1) {
        for (let x = 8; x < width - 8; x += 1) {
          const [px, py] = [shown.left + x * scale, shown.top + y * scale];
          // Away from the edges, where tools and cards lie.
          if (px < ground.left + 80 || px > ground.right - 80 || py < ground.top + 120 || py > ground.bottom - 80) continue;
          const sum = (dx: number, dy: number) => sums[(y + dy) * (width + 1) + x + dx]!;
          const count = sum(8, 8) - sum(-7, 8) - sum(8, -7) + sum(-7, -7);
          if (count > best.count) best = { count, x: px, y: py };
        }
      }
      return best.count > 90 ? { x: best.x, y: best.y } : null;
    });
  await expect.poll(spot, { message: 'a disc or a square is drawn' }).not.toBeNull();
  return (await spot())!;
}

/** The place under a point of the screen. */
async function placeAt(page: Page, at: { x: number; y: number }, [lon, lat]: Position, zoom: number): Promise<Position> {
  const [center, pixel] = [await middle(page), world([lon, lat], zoom)];
  return placeOf({ x: pixel.x + at.x - center.x, y: pixel.y + at.y - center.y }, zoom);
}

async function point(page: Page, at: { x: number; y: number }): Promise<void> {
  await page.mouse.move(at.x - 3, at.y - 3);
  await page.mouse.move(at.x, at.y);
}

/** Lets the cross-hair point: moves the map by a key and, when it has come to rest, back. */
async function nudge(page: Page): Promise<void> {
  const rested = (before: string) => expect.poll(() => page.url()).not.toBe(before);
  for (const key of ['ArrowRight', 'ArrowLeft']) {
    const before = page.url();
    await page.keyboard.press(key);
    await rested(before);
  }
}

test('all cases of the period are counted, and a disc tells its own and parts', async ({ page }) => {
  await open(page, { layers: 'cases', map: camera(CENTRE, 12) });
  const disc = await largest(page);
  const counted = figure(await row(page, /^案件(?!热力)/).locator('.layer-count').textContent());
  const known = (await points(page, 28)).length;
  // New ones come while this is asked.
  expect(Math.abs(counted - known)).toBeLessThan(20);
  await point(page, disc);
  await expect(card(page)).toContainText(/\d+ 件案件/);
  expect(figure(await card(page).textContent())).toBeGreaterThan(1);
  await page.mouse.click(disc.x, disc.y);
  await expect.poll(() => cameraOf(page)?.zoom ?? 0).toBeGreaterThan(12.9);
  await settled(page);
  // What has parted is drawn anew.
  await largest(page);
});

test('a shorter period has fewer cases, and categories narrow them', async ({ page }) => {
  await open(page, { layers: 'heat.cases', map: camera(CENTRE, 12) });
  // Between two questions there is no count.
  const count = async () => {
    const text = await row(page, /^案件(?!热力)/).locator('.layer-count').textContent();
    return text ? figure(text) : Number.NaN;
  };
  let [month, week] = [Number.NaN, Number.NaN];
  await expect.poll(async () => (month = await count())).toBeGreaterThan(50);
  await panel(page).getByRole('group', { name: '时段' }).getByText('7 天').click();
  await expect.poll(async () => (week = await count())).toBeLessThan(month);
  await panel(page).getByText('全部类别').click();
  await panel(page).getByRole('searchbox', { name: '查找类别' }).fill('欠薪');
  await panel(page).getByRole('checkbox', { name: /欠薪/ }).check();
  await expect.poll(count).toBeLessThan(week);
});

test('a disc is told and opened by keyboard', async ({ page }) => {
  // Near enough that a key moves the map: farther off all of the district is in sight, and it stays where it is.
  await open(page, { layers: 'cases', map: camera(CENTRE, 14) });
  const at = await placeAt(page, await largest(page), CENTRE, 14);
  await open(page, { layers: 'cases', map: camera(at, 14) });
  await largest(page);
  await reach(page, ground(page));
  await nudge(page);
  await expect(page.getByRole('status').filter({ hasText: /件案件/ })).toHaveText(/\d+ 件案件[，、]点击放大展开/);
  await page.keyboard.press('Enter');
  await expect.poll(() => cameraOf(page)?.zoom ?? 0).toBeGreaterThan(14.9);
});

test('a single case is found by when, what and where it was', async ({ page }) => {
  await open(page, { layers: 'none' });
  const all = await points(page, 28);
  const alone = all.find(({ geometry: { coordinates: at } }, index) => {
    // Not among the newest, which have marks of their own.
    const old = all.filter((other) => other.properties.t > all[index]!.properties.t).length > 300;
    return old && all.every((other, number) => number === index || metres(other.geometry.coordinates, at) > 60);
  });
  if (!alone) throw new Error('no case stands alone');
  await open(page, { layers: 'cases', map: camera(alone.geometry.coordinates, 18) });
  await expectDrawn(page, 'Points');
  const at = await middle(page);
  await expect(async () => {
    await point(page, at);
    await expect(card(page)).toContainText(/\d{4}-\d\d-\d\d/, { timeout: 500 });
  }).toPass();
  await page.mouse.click(at.x, at.y);
  await expect(drawer(page).getByRole('heading', { name: '办理过程' })).toBeVisible();
  expect(asked(page, 'sel')).toBe(`case:${alone.properties.number}`);
});

test('a case that may not be seen any more is said to be so', async ({ page }) => {
  await open(page, { layers: 'none' });
  // The same days for both: a case that stands alone today may have had others at its door before.
  const from = new Date(Date.now() - 28 * 86_400_000).toISOString().slice(0, 19) + 'Z';
  const all = await points(page, 28);
  const [old] = all.filter(({ geometry: { coordinates: at } }) => all.filter((other) => metres(other.geometry.coordinates, at) < 60).length === 1);
  await page.route('**/api/v1/cases?*', (route) => route.fulfill({ json: { items: [] } }));
  await open(page, { layers: 'cases', from, to: new Date(Date.now() - 3_600_000).toISOString().slice(0, 19) + 'Z', map: camera(old!.geometry.coordinates, 19) });
  await expectDrawn(page, 'Points');
  const at = await middle(page);
  await expect(async () => {
    await point(page, at);
    // Of the case, not of the door that it stands at, which may be drawn first.
    await expect(card(page)).toContainText(/\d{4}-\d\d-\d\d/, { timeout: 500 });
  }).toPass();
  await page.mouse.click(at.x, at.y);
  await expect(found(page)).toContainText('找不到这里的案件');
  await found(page).getByRole('button', { name: '关闭' }).click();
  await expect(found(page)).toHaveCount(0);
});

test('cases on one spot are listed, by pointer or not', async ({ page }) => {
  await open(page, { layers: 'none' });
  const [first, second] = (await points(page, 28)).slice(-400);
  // A backend that has three cases at one door.
  const at = first!.geometry.coordinates;
  const features = [first!, second!, first!].map((each, n) => ({ ...each, geometry: { type: 'Point', coordinates: at }, properties: { ...each.properties, t: each.properties.t + n } }));
  await page.route('**/api/v1/heat/points?*', (route) =>
    route.fulfill({ contentType: 'application/geo+json', body: JSON.stringify({ type: 'FeatureCollection', features }) }));
  const boxes: number[][] = [];
  await page.route('**/api/v1/cases?*', async (route) => {
    const box = new URL(route.request().url()).searchParams.get('bbox');
    if (box) boxes.push(box.split(',').map(Number));
    const response = await route.fetch();
    const page = (await response.json()) as { items: { at: Position | null }[] };
    for (const item of page.items.slice(0, 3)) item.at = at;
    await route.fulfill({ response, json: page });
  });
  await open(page, { layers: 'cases', from: '2026-01-01T00:00:00Z', to: new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) + 'Z', map: camera(at, 19) });
  await largest(page);
  await reach(page, ground(page));
  await page.keyboard.press('Enter');
  await expect(found(page).getByRole('status')).toHaveText(/这一处有 \d+ 件案件/);
  expect(boxes, 'those of the spot are asked for, and not all of the period').toHaveLength(1);
  const [west, south, east, north] = boxes[0]!;
  expect(west! < at[0] && at[0] < east! && south! < at[1] && at[1] < north! && east! - west! < 1e-3, String(boxes[0])).toBe(true);
  await press(page, found(page).getByRole('listitem').first().getByRole('button'));
  await expect(drawer(page).getByRole('heading', { name: '办理过程' })).toBeVisible();
});

test('doors stand in squares until they can be told apart', async ({ page }) => {
  await open(page, { layers: 'buildings', map: camera(CENTRE, 13) });
  await expectDrawn(page, 'Points');
  const square = await largest(page);
  await point(page, square);
  await expect(card(page)).toContainText(/\d+ 栋楼/);
  await page.mouse.click(square.x, square.y);
  await expect.poll(() => cameraOf(page)?.zoom ?? 0).toBeGreaterThan(13.9);
  await open(page, { layers: 'buildings', map: camera(CENTRE, 14) });
  const near = await placeAt(page, await largest(page), CENTRE, 14);
  await open(page, { layers: 'buildings', map: camera(near, 14) });
  await reach(page, ground(page));
  await nudge(page);
  await expect(page.getByRole('status').filter({ hasText: /栋楼/ })).toHaveText(/\d+ 栋楼/);
});

test('the heat under the pointer is told in figures, and by keyboard', async ({ page }) => {
  await open(page, { layers: 'heat', map: camera(CENTRE, 13) });
  await expectDrawn(page, 'Heat');
  await settled(page);
  await reach(page, ground(page));
  await page.keyboard.press('ArrowRight');
  await expect(card(page)).toContainText('件/平方公里');
  await expect(card(page)).toContainText(/影响半径内 \d+ 件/);
  await expect(page.getByRole('status').filter({ hasText: /影响半径内 \d+ 件/ })).toHaveCount(1);
});

test('levels of another day recolour the areas without making one anew', async ({ page }) => {
  await page.addInitScript(() => {
    const made = { count: 0 };
    const Plain = Path2D;
    class Counted extends Plain {
      constructor(path?: Path2D | string) {
        super(path as string);
        made.count += 1;
      }
    }
    Object.assign(globalThis, { Path2D: Counted, made });
  });
  const made = () => page.evaluate(() => (globalThis as unknown as { made: { count: number } }).made.count);
  await open(page, { layers: 'warnings', level: 'grid', map: camera(CENTRE, 13) });
  await expectDrawn(page, 'Areas');
  const first = await made();
  expect(first, 'a path for each grid').toBeGreaterThan(1000);
  await page.getByRole('contentinfo', { name: '时间' }).getByRole('button', { name: '前一天' }).click();
  await expect.poll(() => asked(page, 'at')).not.toBeNull();
  await settled(page);
  await expect.poll(made).toBeGreaterThan(first);
  // Joined paths of each level and square of ground, and none of any grid.
  expect((await made()) - first).toBeLessThan(700);
});

test('pictures that the graphics driver took are drawn again', async ({ page }) => {
  await open(page, { layers: 'warnings.cases.heat', level: 'grid', map: camera(CENTRE, 13) });
  await expectDrawn(page, 'Areas');
  await expectDrawn(page, 'Heat');
  await largest(page);
  // As a driver that fails: every canvas loses what was on it and all that was set, and is told so.
  const painted = () => Promise.all((['Areas', 'Points', 'Heat'] as const).map(async (name) => (await ink(page, name)).painted > 0));
  const lose = () =>
    page.evaluate(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('canvas[data-picture], canvas[data-sheet]')) {
        canvas.dispatchEvent(new Event('contextlost', { cancelable: true }));
        canvas.getContext('2d')!.reset();
      }
    });
  // Again where the margin around the view, which comes later by itself, was drawn just then.
  await expect.poll(async () => lose().then(painted)).toEqual([false, false, false]);
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll('canvas[data-picture], canvas[data-sheet]')) canvas.dispatchEvent(new Event('contextrestored'));
  });
  await expect.poll(painted).toEqual([true, true, true]);
  await largest(page);
});
