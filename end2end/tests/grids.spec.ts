// Grids: shading, levels, breadcrumb, hover card, and the drawer that says why.
import type { Page, Route } from '@playwright/test';
import { countColour, expectChange, expectDrawn, ink, pixel } from '../fixtures/canvas.ts';
import { api, asked, camera, drawer, expect, figure, grids, ground, middle, open, panel, press, reach, settled, test } from '../fixtures/desk.ts';
import { inside, outerRing } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

interface Warning {
  place: string;
  score: number;
  reasons: { signal: string; share: number; cases: number }[];
}

/** Whether no reason of a warning hangs on a case or two, which the live demo may close while a test looks. */
function isSteady({ reasons }: Warning): boolean {
  return reasons.every(({ cases }) => cases === 0 || cases > 2);
}

/** The red grid with the highest score, of those whose reasons stay if there are any, and a place well inside it. */
async function reddest(page: Page): Promise<{ warning: Warning; name: string; member: string; at: Position }> {
  const { items } = await api<{ items: Warning[] }>(page, 'warnings?level=red&place_level=grid&limit=200');
  const several = items.filter((each) => each.reasons.length > 1);
  const warning = several.sort((a, b) => Number(isSteady(b)) - Number(isSteady(a)) || b.score - a.score)[0];
  const grid = (await grids(page)).find((each) => each.properties.id === warning?.place);
  if (!warning || !grid?.geometry) throw new Error('there is no red grid');
  return { warning, name: grid.properties.name, member: grid.properties.member ?? '', at: inside(outerRing(grid.geometry)) };
}

/** Only the areas, so that nothing else is under the pointer. */
const bare = (at: Position) => ({ layers: 'warnings', map: camera(at, 14.5) });

/** What the drawer of a grid must tell. */
async function tellsWhy(page: Page, { warning, name, member }: { warning: Warning; name: string; member: string }): Promise<void> {
  const told = drawer(page);
  await expect(told.getByRole('heading', { name })).toBeVisible();
  await expect(told.getByText(/风险分 \d/)).toBeVisible();
  const shares = told.getByText(/分 · [\d.]+%$/);
  await expect(shares).toHaveCount(warning.reasons.length);
  const sum = (await shares.allTextContents()).map((text) => Number(text.match(/· ([\d.]+)%/)![1]));
  expect(sum.reduce((a, b) => a + b)).toBeCloseTo(100, 0);
  for (const part of ['案件', '人员', '附近站点', '基本情况', '本期数据', '每日受理']) {
    await expect(told.getByRole('heading', { name: part, exact: true })).toBeVisible();
  }
  await expect(told.getByText(member)).toBeVisible();
  await expect(told.getByRole('link', { name: /^\d/ }).first()).toHaveAttribute('href', /^tel:\d+/);
  await expect(told.getByRole('img', { name: /最多的一天/ })).toBeVisible();
}

test('levels are shaded, a hover card tells of a grid, and its drawer tells why', async ({ page }) => {
  await page.goto('/');
  const red = await reddest(page);
  await open(page, bare(red.at));
  await expectDrawn(page, 'Areas');
  expect((await pixel(page, 'Areas', await middle(page)))[3]).toBeGreaterThan(0);

  const { x, y } = await middle(page);
  await page.mouse.move(x - 4, y - 4);
  await page.mouse.move(x, y);
  const card = page.locator('.hover-card');
  await expect(card).toContainText(red.name);
  await expect(card).toContainText('红');
  await expect(card).toContainText(/未办结 \d+ 件/);

  await page.mouse.click(x, y);
  await tellsWhy(page, red);
  await expect(page).toHaveURL(new RegExp(`sel=place%3A${red.warning.place}`));

  const told = drawer(page);
  // Each reason leads to the cases that it counts, of whatever time.
  const links = told.getByRole('button', { name: /只看这些案件/ });
  await expect(links).toHaveCount(red.warning.reasons.filter((reason) => reason.cases > 0).length);
  for (const link of await links.all()) {
    await link.click();
    await expect(link).toHaveAttribute('aria-pressed', 'true');
    await expect(async () => {
      const listed = await told.getByText(/^所选原因的案件 /).textContent({ timeout: 500 });
      // To the case it is a test of the server; here cases go on while the drawer stands.
      expect(Math.abs(figure(listed) - figure(await link.textContent()))).toBeLessThanOrEqual(2);
    }).toPass();
  }
  await told.getByRole('button', { name: '显示全部案件' }).click();
  await expect(told.getByText(/^本期 /)).toBeVisible();

  const row = told.locator('.case-list').getByRole('button').first();
  const title = (await row.locator('.case-title').textContent()) ?? '';
  await row.click();
  await expect(told.getByRole('heading', { name: title })).toBeVisible();
  await expect(told.getByRole('heading', { name: '办理过程' })).toBeVisible();
  await page.goBack();
  await expect(told.getByRole('heading', { name: red.name })).toBeVisible();
});

test('the same by keyboard: the cross-hair says what is under it, Enter opens it, Escape leads back', async ({ page }) => {
  await page.goto('/');
  const red = await reddest(page);
  await open(page, bare(red.at));
  await reach(page, ground(page));
  // There and back; a key in the middle of a move begins where the map is by then.
  const before = page.url();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.url()).not.toBe(before);
  await page.keyboard.press('ArrowLeft');
  // What the cross-hair says is told at most once in ten seconds.
  const said = page.getByRole('status').filter({ hasText: new RegExp(`${red.name}、红、`) });
  await expect(said).toBeAttached({ timeout: 25_000 });
  await page.keyboard.press('Enter');
  await tellsWhy(page, red);
  await expect(drawer(page).getByRole('heading', { name: red.name })).toBeFocused();

  await press(page, drawer(page).getByRole('button', { name: /只看这些案件/ }).first());
  await expect(drawer(page).getByText(/^所选原因的案件 /)).toBeVisible();
  await press(page, drawer(page).locator('.case-list').getByRole('button').first());
  await expect(drawer(page).getByRole('heading', { name: '办理过程' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer(page).getByRole('heading')).toHaveCount(0);
  await expect(ground(page)).toBeFocused();
});

test('the levels go from the district to the building, and the breadcrumb leads back', async ({ page }) => {
  await open(page, { layers: 'warnings' });
  const before = await ink(page, 'Areas');
  const levels = panel(page).getByRole('group', { name: '显示层级' });
  const counts = panel(page).getByRole('listitem').filter({ hasText: /^(红|黄|蓝|无预警)/ });
  const sum = async () => (await counts.allTextContents()).map(figure).reduce((a, b) => a + b, 0);
  for (const [word, name, areas] of [
    ['全区', 'district', 1],
    ['街道', 'street', 6],
    ['社区', 'community', 31],
    ['网格', 'grid', 1734],
  ] as const) {
    await levels.getByText(word, { exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`level=${name}`));
    await expect.poll(sum).toBe(areas);
  }
  await levels.getByText('街道', { exact: true }).click();
  await expectChange(page, 'Areas', before);

  // Down: the whole district is one area at its level; its drawer names the streets, theirs the communities, theirs the grids.
  await page.goto('/?sel=place:440311');
  await settled(page);
  const told = drawer(page);
  const crumbs = page.getByRole('navigation', { name: '所在辖区' });
  for (const expected of [/街道$/, /社区$/, /网格/]) {
    const child = told.getByRole('button', { name: /^进入 / }).first();
    const name = ((await child.textContent()) ?? '').trim();
    expect(name).toMatch(expected);
    await child.click();
    await expect(told.getByRole('heading', { name, exact: true })).toBeVisible();
    await expect(crumbs.getByText(name)).toHaveAttribute('aria-current', 'location');
  }
  await expect(crumbs.getByRole('listitem')).toHaveCount(4);
  await expect(panel(page).getByText(/当前为(网格|楼栋)/)).toBeVisible();
  await crumbs.getByRole('button').nth(1).click();
  await expect(crumbs.getByRole('listitem')).toHaveCount(2);
  await page.goBack();
  await expect(crumbs.getByRole('listitem')).toHaveCount(4);
});

test('the levels by keyboard: arrows choose, Enter goes down and back', async ({ page }) => {
  await open(page, { layers: 'warnings', sel: 'place:440311' });
  await reach(page, panel(page).getByRole('radio', { name: '自动' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => asked(page, 'level')).toBe('street');
  await expectDrawn(page, 'Borders');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => asked(page, 'level')).toBeNull();

  const crumbs = page.getByRole('navigation', { name: '所在辖区' });
  for (const depth of [2, 3, 4]) {
    await press(page, drawer(page).getByRole('button', { name: /^进入 / }).first());
    await expect(crumbs.getByRole('listitem')).toHaveCount(depth);
    await expect(drawer(page).getByRole('heading', { level: 2 })).toBeFocused();
  }
  await press(page, crumbs.getByRole('button').first());
  await expect(crumbs.getByRole('listitem')).toHaveCount(1);
});

test('a double click goes into an area, and red is red in day and night', async ({ page }) => {
  await open(page, { layers: 'warnings', level: 'street' });
  const { x, y } = await middle(page);
  await page.mouse.dblclick(x, y);
  await expect.poll(() => asked(page, 'level')).toBe('community');
  await expect(page.getByRole('navigation', { name: '所在辖区' }).getByRole('listitem')).toHaveCount(2);

  await open(page, { layers: 'warnings', level: 'grid', theme: 'day' });
  expect(await countColour(page, 'Areas', '--map-level-red')).toBeGreaterThan(50);
  await open(page, { layers: 'warnings', level: 'grid', theme: 'night' });
  expect(await countColour(page, 'Areas', '--map-level-red')).toBeGreaterThan(50);
});

interface Taken {
  left: number;
  top: number;
  width: number;
  light: string;
}

/** How light each pixel of what lies on the ground is, as it is seen (its pictures have places of their own), and where it lies on the screen. */
const taken = (page: Page): Promise<Taken> =>
  page.evaluate(() => {
    const sheet = document.querySelector<HTMLCanvasElement>('[data-sheet=Under]:not([hidden])')!;
    const { left, top } = sheet.getBoundingClientRect();
    const { data } = sheet.getContext('2d')!.getImageData(0, 0, sheet.width, sheet.height);
    const light = Array.from({ length: data.length / 4 }, (_, n) => String.fromCharCode(32 + ((data[n * 4]! + 2 * data[n * 4 + 1]! + data[n * 4 + 2]!) >> 4))).join('');
    return { left, top, width: sheet.width, light };
  });

/** The part of what two of them have in common that is not as light in both; all of it where that is less than a third. */
function difference(one: Taken, other: Taken): number {
  const [right, down] = [Math.round(other.left - one.left), Math.round(other.top - one.top)];
  let [seen, off] = [0, 0];
  for (let at = 0; at < one.light.length; at += 1) {
    const [column, row] = [(at % one.width) - right, Math.floor(at / one.width) - down];
    const light = column >= 0 && column < other.width && row >= 0 ? other.light.charCodeAt(row * other.width + column) : Number.NaN;
    seen += Number.isNaN(light) ? 0 : 1;
    off += Math.abs(one.light.charCodeAt(at) - light) > 4 ? 1 : 0;
  }
  return seen > one.light.length / 3 ? off / seen : 1;
}

/** The same when it is the same for twenty frames: new ground is drawn one thing after another. */
async function rested(page: Page): Promise<Taken> {
  let last = await taken(page);
  const moves = async () => {
    const before = last;
    await page.evaluate(() => new Promise<void>((done) => {
      let left = 20;
      const next = () => ((left -= 1) > 0 ? requestAnimationFrame(next) : done());
      requestAnimationFrame(next);
    }));
    last = await taken(page);
    return before.light !== last.light || before.left !== last.left || before.top !== last.top;
  };
  await expect.poll(moves, { message: 'the map comes to rest' }).toBe(false);
  return last;
}

test('what a drag draws of new ground is what a fresh map draws', async ({ page, faults }) => {
  await page.route('**/api/v1/events*', (route) => route.abort());
  // The district moves on: after the reload its levels are to be what they were.
  let first: ReturnType<Route['fetch']> | undefined;
  await page.route('**/api/v1/snapshot*', async (route) => {
    first ??= route.fetch();
    const response = await first;
    await route.fulfill({ response, body: await response.body() });
  });
  // The doors that no circle reaches are drawn when all doors have come.
  const whole = async () => {
    await expectDrawn(page, 'Circles');
    await settled(page);
    await expect(page.getByRole('definition').filter({ hasText: '，共 60\u2009000' })).toBeVisible();
  };
  await open(page, { level: 'grid', layers: 'warnings.appeal.coverage', map: '113.9300,22.7600,13' });
  await whole();
  const { x, y } = await middle(page);
  // New ground is drawn within strips, and nothing else is.
  await page.evaluate(() => {
    const own = CanvasRenderingContext2D.prototype.clip;
    CanvasRenderingContext2D.prototype.clip = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
      document.body.dataset.strips = String(Number(document.body.dataset.strips ?? 0) + 1);
      Reflect.apply(own, this, given);
    };
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 300, y - 180, { steps: 30 });
  await page.mouse.up();
  await page.mouse.move(x, y + 150);
  await settled(page);
  expect(Number(await page.locator('body').getAttribute('data-strips'))).toBeGreaterThan(0);
  const dragged = await rested(page);
  await page.reload();
  await whole();
  expect(difference(dragged, await rested(page))).toBeLessThan(0.0005);
  // The stream, which would change levels meanwhile.
  faults.expectFault(/ERR_FAILED/);
});
