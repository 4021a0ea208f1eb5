// Live heat of cases: period, categories, cooling, radius, legend, counts; new cases as they come; cells for who may not see points.
import type { Page } from '@playwright/test';
import { apart, colours, expectChange, expectDrawn, ink } from '../fixtures/canvas.ts';
import { api, asked, camera, drawer, expect, figure, ground, list, middle, open, panel, press, reach, settled, test } from '../fixtures/desk.ts';
import { metres } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

const row = (page: Page) => panel(page).locator('label').filter({ hasText: '案件热力' });
const count = async (page: Page) => figure(await row(page).locator('.layer-count').textContent());
const legend = (page: Page) => panel(page).getByRole('list', { name: '件/平方公里' });

// A period that has ended: no case that comes meanwhile changes the picture.
const [FROM, TO] = [100, 70].map((days) => `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`);
const PAST = `layers=heat&half=0&from=${FROM}&to=${TO}&map=113.93,22.76,13`;

test('heat follows period, category, half-life and radius, with legend and count', async ({ page }) => {
  await open(page, { layers: 'none' });
  await panel(page).getByRole('switch', { name: /案件热力/ }).click();
  await expectDrawn(page, 'Heat');
  await expect(legend(page).getByRole('listitem').nth(2)).toBeVisible();
  // In one look: a picture that comes between finding the steps and reading them brings others.
  const texts = await legend(page).evaluate((list) => Array.from(list.querySelectorAll('li'), (step) => step.textContent));
  const steps = texts.map(figure);
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  // Without cooling an old case counts as much as a new one.
  await panel(page).getByRole('slider', { name: '冷却半衰期' }).fill('0');
  await expect.poll(() => asked(page, 'half')).toBe('0');
  await settled(page);
  const month = await count(page);

  let before = await ink(page, 'Heat');
  await panel(page).getByRole('group', { name: '时段' }).getByText('7 天').click();
  await expectChange(page, 'Heat', before);
  await expect.poll(() => count(page)).toBeLessThan(month);
  await panel(page).getByRole('group', { name: '时段' }).getByText('90 天').click();
  await expect.poll(() => count(page)).toBeGreaterThan(month);

  const quarter = await count(page);
  await panel(page).getByText('全部类别').click();
  await panel(page).getByRole('searchbox', { name: '查找类别' }).fill('欠薪');
  await panel(page).getByRole('checkbox', { name: /欠薪/ }).check();
  await expect.poll(() => count(page)).toBeLessThan(quarter);
  await expect(panel(page).getByText('已选 1 类')).toBeVisible();
  expect(asked(page, 'category')).toBeTruthy();

  before = await ink(page, 'Heat');
  await panel(page).getByRole('slider', { name: '冷却半衰期' }).fill('1');
  await expect.poll(() => asked(page, 'half')).toBe('3600');
  await expectChange(page, 'Heat', before);
  before = await ink(page, 'Heat');
  await panel(page).getByRole('slider', { name: '影响半径' }).fill('6');
  await expect.poll(() => asked(page, 'radius')).toBe('800');
  await expectChange(page, 'Heat', before);
  await expect(panel(page).getByRole('list', { name: '加权件/平方公里' })).toBeVisible();
  await panel(page).getByRole('switch', { name: /案件热力/ }).click();
  await expect(row(page).locator('.layer-count')).toBeEmpty();
});

test('heat by keyboard', async ({ page }) => {
  await open(page, { layers: 'none' });
  await press(page, panel(page).getByRole('switch', { name: /案件热力/ }), 'Space');
  await expectDrawn(page, 'Heat');
  await reach(page, panel(page).getByRole('radio', { name: '28 天' }));
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => asked(page, 'from')).toBeTruthy();
  await press(page, panel(page).getByRole('slider', { name: '冷却半衰期' }), 'End');
  await expect.poll(() => asked(page, 'half')).toBe('604800');
  await expect(panel(page).getByRole('slider', { name: '冷却半衰期' })).toHaveAttribute('aria-valuetext', '7 天');
  await press(page, panel(page).getByRole('slider', { name: '影响半径' }), 'Home');
  await expect.poll(() => asked(page, 'radius')).toBe('50');
  await press(page, panel(page).locator('summary').filter({ hasText: '全部类别' }));
  await reach(page, panel(page).getByRole('searchbox', { name: '查找类别' }));
  await page.keyboard.type('噪声');
  await press(page, panel(page).getByRole('checkbox').filter({ visible: true }).last(), 'Space');
  await expect.poll(() => asked(page, 'category')).toBeTruthy();
});

test('a radius is of the ground: the same place has the same figures at every zoom', async ({ page }) => {
  const past = Object.fromEntries(new URLSearchParams(PAST));
  const answer = await page.request.get(`/api/v1/heat/points?from=${past['from']}&to=${past['to']}`, { headers: { accept: 'application/geo+json' } });
  const cases = ((await answer.json()) as { features: { geometry: { coordinates: Position }; properties: { category: string } }[] }).features;
  const places = cases.map((each) => each.geometry.coordinates);
  const around = (at: Position) => places.filter((each) => metres(at, each) < 800).length;
  const at = places.reduce((best, each) => (around(each) > around(best) ? each : best));
  const counts = new Map<string, number>();
  for (const each of cases.filter((each) => metres(at, each.geometry.coordinates) < 800)) counts.set(each.properties.category, (counts.get(each.properties.category) ?? 0) + 1);
  const [commonest] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  const most = (await api<{ categories: { id: string; name: { zh: string } }[] }>(page, 'config')).categories.find((each) => each.id === commonest)!.name.zh;
  const told = async (zoom: number) => {
    await open(page, { ...past, radius: '800', map: camera(at, zoom) });
    await expectDrawn(page, 'Heat');
    await settled(page);
    const { x, y } = await middle(page);
    await page.mouse.move(x, y);
    const card = page.locator('.hover-card');
    await expect(card).toContainText(/影响半径内 \d+ 件/);
    const text = (await card.textContent())!;
    expect(text, 'what most of them are about').toContain(most);
    return { density: figure(/[\d.\u2009]+(?= \S*件\/平方公里)/.exec(text)![0]), cases: figure(/(?<=影响半径内 )[\d\u2009]+/.exec(text)![0]) };
  };
  const far = await told(15);
  expect(Math.abs(far.cases - around(at))).toBeLessThan(0.1 * around(at) + 2);
  for (const zoom of [18, 20]) {
    const near = await told(zoom);
    expect(Math.abs(near.cases - far.cases), `${zoom}`).toBeLessThan(0.1 * far.cases + 2);
    expect(Math.abs(near.density / far.density - 1), `${zoom}`).toBeLessThan(0.15);
  }
});

test('the list of the heat has every case of the period, and none of a restricted kind', async ({ page }) => {
  await open(page, { layers: 'heat', list: 'heat' });
  const foot = list(page).getByRole('button', { name: /继续读取（已读 \d+ 条，共 \d+ 条）/ });
  const config = await api<{ categories: { id: string; sensitivity: string; name: { zh: string } }[] }>(page, 'config');
  const restricted = config.categories.filter((each) => each.sensitivity === 'restricted').map((each) => each.name.zh);
  expect(restricted.length).toBeGreaterThan(1);
  await expect(list(page).getByRole('row').nth(5)).toBeVisible();
  if (await foot.count()) await foot.click();
  const read = (await list(page).getByRole('row').allTextContents()).join('\n');
  for (const name of restricted) expect(read, name).not.toContain(name);
  const points = await page.request.get('/api/v1/heat/points');
  const sent = JSON.stringify(await points.json());
  for (const category of config.categories.filter((each) => each.sensitivity === 'restricted')) {
    expect(sent).not.toContain(`"${category.id}"`);
  }
  await list(page).getByRole('row').nth(1).click();
  await expect(drawer(page).getByRole('heading', { name: '办理过程' })).toBeVisible();
});

test('new cases come by themselves: they pulse, and stand in the list', async ({ page }) => {
  await open(page, { layers: 'cases', list: 'cases' });
  const caption = list(page).getByRole('status').first();
  const before = figure((await caption.textContent())!.split('，')[1]!);
  await expect.poll(async () => (await ink(page, 'Marks')).painted, { intervals: [50], timeout: 30_000 }).toBeGreaterThan(0);
  await expect.poll(async () => figure((await caption.textContent())!.split('，')[1]!), { timeout: 30_000 }).toBeGreaterThan(before);
});

test.describe('who may not see cases', () => {
  test.use({ account: 'auditor' });

  test('gets cells of five and more, and no point ever travels', async ({ page }) => {
    const asks: string[] = [];
    page.on('request', (request) => asks.push(new URL(request.url()).pathname));
    await open(page, { layers: 'heat', list: 'heat' });
    await expectDrawn(page, 'Heat');
    await expect(legend(page).getByRole('listitem').first()).toBeVisible();
    // What has no half-life and no radius has no sliders for them.
    await expect(panel(page).getByRole('group', { name: '时段' })).toBeVisible();
    await expect(panel(page).getByRole('slider')).toHaveCount(0);
    expect(asks.filter((path) => /\/heat\/points|\/cases/.test(path))).toEqual([]);
    const { cells } = await api<{ cells: { count: number }[] }>(page, 'heat');
    expect(Math.min(...cells.map((cell) => cell.count))).toBeGreaterThanOrEqual(5);
    const rows = await list(page).locator('tbody tr').evaluateAll((all) => all.map((each) => Array.from(each.children, (cell) => cell.textContent ?? '')));
    expect(rows.length).toBeGreaterThan(1);
    const counts = rows.map(([, n]) => figure(n!));
    expect([...counts].sort((a, b) => b - a)).toEqual(counts);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    // A cell is a place of its own: choosing it shows the area that it lies in.
    await list(page).getByRole('row').nth(1).click();
    await expect(drawer(page).getByRole('heading', { level: 2 })).toBeVisible();
    const before = await ink(page, 'Heat');
    await panel(page).getByRole('group', { name: '时段' }).getByText('7 天').click();
    await settled(page);
    await expectChange(page, 'Heat', before);
  });

  test('gets the same by keyboard', async ({ page }) => {
    await open(page, { layers: 'none' });
    await press(page, panel(page).getByRole('switch', { name: /案件热力/ }), 'Space');
    await expectDrawn(page, 'Heat');
    await expect(legend(page).getByRole('listitem').first()).toBeVisible();
  });
});

const trouble = (page: Page) => panel(page).locator('.heat-ramp [role=status]');
const heatWorkers = (page: Page) => page.workers().filter((worker) => worker.url().includes('/heat-worker-'));

/** Opens the same view of the past and gives what is drawn of it. */
async function picture(page: Page) {
  await open(page, Object.fromEntries(new URLSearchParams(PAST)));
  await expectDrawn(page, 'Heat');
  await settled(page);
  return wide(page);
}

/** Waits for the margin around what is seen, so that two pictures are of the same ground. */
async function wide(page: Page) {
  const width = () => page.locator('canvas[data-picture=Heat]').evaluate((canvas: HTMLCanvasElement) => canvas.clientWidth);
  const seen = (await ground(page).boundingBox())!.width;
  await expect.poll(width).toBeGreaterThan(seen * 1.2);
  return atRest(page);
}

/** Reads the picture once it stays as it is: the first of a ground may still be of the scale before. */
async function atRest(page: Page) {
  let last = await ink(page, 'Heat');
  const stays = async () => {
    const before = last;
    last = await ink(page, 'Heat');
    return last.sum === before.sum && last.painted > 0;
  };
  await expect.poll(stays, { message: 'the picture stays', intervals: [250] }).toBe(true);
  return last;
}

/** Opens the same view and gives the colours of what is drawn of it. */
async function drawn(page: Page): Promise<Buffer> {
  await picture(page);
  return colours(page, 'Heat');
}

/**
 * Expects the picture to come to be this one. Which views an engine drew on its way there is a matter of time, and bins that were moved
 * along are rounded otherwise than those that were filled anew: an entry of the ramp, which is a few levels of a colour, is no difference.
 */
async function expectPicture(page: Page, usual: Buffer) {
  await picture(page);
  await expect.poll(async () => apart(usual, await colours(page, 'Heat')), { message: 'levels of a colour apart' }).toBeLessThan(8);
}

test.describe('the heat engine', () => {
  test('runs in a worker, and one that dies is started again', async ({ page }) => {
    const before = await picture(page);
    expect(heatWorkers(page)).toHaveLength(1);
    const [worker] = heatWorkers(page);
    await worker!.evaluate(() => void setTimeout(() => { throw new Error('as if it had died'); }, 0));
    await expect.poll(() => heatWorkers(page).some((each) => each !== worker)).toBe(true);
    await panel(page).getByRole('slider', { name: '影响半径' }).press('End');
    await expectChange(page, 'Heat', before);
    await expect(trouble(page)).toBeEmpty();
  });

  test('is left off where it fails at its work each time, which is said, and tried again by a new page', async ({ page }) => {
    let started = 0;
    const fail = `addEventListener('message', (event) => {
      event.stopImmediatePropagation();
      throw new Error('as if these cases had brought it down');
    });\n`;
    await page.route('**/heat-worker-*.js', async (route) => {
      started += 1;
      const response = await route.fetch();
      await route.fulfill({ response, body: fail + (await response.text()) });
    });
    await open(page, Object.fromEntries(new URLSearchParams(PAST)));
    await expect(trouble(page)).toHaveText('热力图多次停止，已不再尝试。刷新页面可再试。');
    await expectDrawn(page, 'Heat', false);
    expect(started).toBe(3);
    await page.unroute('**/heat-worker-*.js');
    await page.reload();
    await expectDrawn(page, 'Heat');
    await expect(trouble(page)).toBeEmpty();
  });

  test('says that it is started again while it stays silent, at its work or before', async ({ page }) => {
    await page.clock.install();
    let started = 0;
    const silent = `self.heard = 0;
    addEventListener('message', (event) => {
      event.stopImmediatePropagation();
      self.heard += 1;
    });\n`;
    await page.route('**/heat-worker-*.js', async (route) => {
      started += 1;
      const response = await route.fetch();
      const usual = await response.text();
      await route.fulfill({ response, body: [silent + usual, '', usual][started - 1] ?? '' });
    });
    await open(page, Object.fromEntries(new URLSearchParams(PAST)));
    const heard = () => heatWorkers(page)[0]?.evaluate(() => (self as unknown as { heard: number }).heard);
    await expect.poll(heard).toBeGreaterThan(1);
    await expect(trouble(page)).toBeEmpty();
    await page.clock.fastForward(21_000);
    await expect(trouble(page)).toHaveText('热力图停止了，正在重新启动…');
    await expect.poll(() => started).toBe(2);
    await expectDrawn(page, 'Heat', false);
    // The second one never says that it is ready.
    await page.clock.fastForward(21_000);
    await expectDrawn(page, 'Heat');
    await expect(trouble(page)).toBeEmpty();
    expect(started).toBe(3);
  });

  test('gives the same picture with no worker, with one that never comes, and with one that has no canvas or has lost it', async ({ page, context }) => {
    const usual = await drawn(page);
    const without = await context.newPage();
    await without.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'));
    await expectPicture(without, usual);
    await expect(trouble(without)).toHaveText('此浏览器不能在后台绘图，热力图会慢一些');

    const blocked = await context.newPage();
    await blocked.route('**/heat-worker-*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await expectPicture(blocked, usual);
    expect(heatWorkers(blocked)).toHaveLength(0);

    const broken = await context.newPage();
    await broken.route('**/heat-worker-*_bg.wasm', (route) => route.fulfill({ status: 404, body: '' }));
    await expectPicture(broken, usual);

    const plain = await context.newPage();
    await plain.route('**/heat-worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `self.OffscreenCanvas = undefined;\n${await response.text()}` });
    });
    await expectPicture(plain, usual);
    expect(heatWorkers(plain)).toHaveLength(1);

    // The browser has taken its memory away: what is drawn there is nothing, and no word is said of it.
    const lost = await context.newPage();
    await lost.route('**/heat-worker-*.js', async (route) => {
      const response = await route.fetch();
      const taken = `Object.assign(OffscreenCanvasRenderingContext2D.prototype, { isContextLost: () => true, putImageData: () => undefined });\n`;
      await route.fulfill({ response, body: taken + (await response.text()) });
    });
    await expectPicture(lost, usual);
    expect(heatWorkers(lost)).toHaveLength(1);
  });

  test('gives the same picture where the browser has no vector instructions', async ({ page, context }) => {
    const usual = await drawn(page);
    const old = await context.newPage();
    // What such a browser does with the worker's wasm: it refuses to compile it. The page's own has none of them.
    const refuse = `for (const name of ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming'])
      WebAssembly[name] = () => Promise.reject(new WebAssembly.CompileError('invalid numeric opcode 0xfd0c'));\n`;
    await old.route('**/heat-worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: refuse + (await response.text()) });
    });
    await expectPicture(old, usual);
    expect(heatWorkers(old)).toHaveLength(0);
    await expect(trouble(old)).toHaveText('此浏览器不能在后台绘图，热力图会慢一些');
  });

  test('says so when the points cannot be read', async ({ page }) => {
    await page.route('**/api/v1/heat/points?*', (route) => route.fulfill({ contentType: 'application/geo+json', body: '{"features":[17,' }));
    await open(page, { layers: 'heat' });
    await expect(trouble(page)).toHaveText(/案件数据无法识别/);
    await expectDrawn(page, 'Heat', false);
    await expect(panel(page).getByText('当前视野与时段内没有可显示的案件')).toHaveCount(0);
    // Of cases that nobody could read none is not known to be none, and it is said where there is no heat too.
    await open(page, { layers: 'cases' });
    const row = panel(page).locator('.layer').filter({ has: page.getByRole('switch', { name: /^案件(?!热力)/ }) });
    await expect(row.getByRole('status')).toHaveText(/案件数据无法识别/);
    await expect(row.locator('.layer-count')).toBeEmpty();
  });

  test('takes GeoJSON from a server that has nothing better', async ({ page }) => {
    const usual = await picture(page);
    await page.route('**/api/v1/heat/points?*', async (route) => {
      const headers = { ...route.request().headers(), accept: 'application/geo+json' };
      const response = await route.fetch({ headers });
      expect(response.headers()['content-type']).toContain('json');
      await route.fulfill({ response });
    });
    await page.reload();
    await expectDrawn(page, 'Heat');
    const { painted } = await wide(page);
    expect(Math.abs(painted - usual.painted)).toBeLessThan(0.01);
  });

  test('that is lost leaves nothing on the map that is not so, and holds up no export', async ({ page }) => {
    await picture(page);
    await expect.poll(() => count(page)).toBeGreaterThan(0);
    const fail = `addEventListener('message', (event) => {
      event.stopImmediatePropagation();
      throw new Error('as if these cases had brought it down');
    });\n`;
    await page.route('**/heat-worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: fail + (await response.text()) });
    });
    await heatWorkers(page)[0]!.evaluate(() => void setTimeout(() => { throw new Error('as if it had died'); }, 0));
    await panel(page).getByRole('slider', { name: '影响半径' }).press('End');
    await expect(trouble(page)).toHaveText(/已不再尝试/);
    await expectDrawn(page, 'Heat', false);
    await panel(page).getByRole('slider', { name: '影响半径' }).press('Home');
    await expect(row(page).locator('.layer-count')).toBeEmpty();
    await expect(legend(page)).toBeHidden();
    await panel(page).getByText('导出', { exact: true }).click();
    const waiting = page.waitForEvent('download');
    await panel(page).getByRole('button', { name: '地图图片（PNG）' }).click();
    await waiting;
  });
});
