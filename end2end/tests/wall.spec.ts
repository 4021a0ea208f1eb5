// The wall: the figures that the server has, on every shape of wall, legible from the last seat, and without a single case in its traffic.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { api, expect, figure, test } from '../fixtures/desk.ts';
import { freePort, startServer } from '../fixtures/server.ts';
import { audit } from '../fixtures/test.ts';
import { contrast, cut, hand as handOf, hang, hero, open, panel, say, settled, speakAsServer, speakOf, WALLS } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

interface Figures {
  received: number | null;
  settled: number | null;
  open: number | null;
  overdue: number | null;
  people: number | null;
  satisfied: { part: number | null; whole: number | null };
}
interface Statistics {
  figures: Figures;
  children: { place: string; received: number | null; settled: number | null; overdue: number | null; grids: [number, number, number] }[];
}

/** The first day of a period of so many whole days, in the district's own time. */
function since(days: number): string {
  const local = new Date(Date.now() + 8 * 3_600_000 - (days - 1) * 86_400_000);
  return local.toISOString().slice(0, 10);
}

/** In a district as small as that of the tests it is hardly ever told how far cases are. */
function known(of: Statistics): Statistics {
  of.children.forEach((row, n) => Object.assign(row, row.received === null ? {} : { settled: Math.max(0, row.received - n), overdue: n % 2 ? null : 7 }));
  return of;
}

test('shows the figures that the server has', async ({ page }) => {
  await speakOf(page, ['district']);
  // The district moves: what the server says first of a question is said to the wall for as long as the test lasts.
  const said = new Map<string, Statistics>();
  await page.route(/\/api\/v1\/statistics\?/, async (route) => {
    const { search } = new URL(route.request().url());
    if (!said.has(search)) said.set(search, known((await (await route.fetch()).json()) as Statistics));
    await route.fulfill({ json: said.get(search) });
  });
  await open(page);
  const of = (days: number, level: string) => {
    const is = (asked: URLSearchParams) => asked.get('level') === level && asked.get('from')?.startsWith(since(days));
    return [...said].find(([search]) => is(new URLSearchParams(search)))![1];
  };
  const { figures } = of(30, 'community');
  expect(figures.received!, 'there is something to show').toBeGreaterThan(100);
  // In the first hours of a day a count of the period may be withheld, as what came of it today could be told from it.
  const shown = async (label: string) => {
    const text = await hero(page, label).textContent();
    return text?.includes('未显示') ? null : figure(text);
  };
  await expect(hero(page, '近 30 天受理')).toHaveText(/\d/);
  await expect.poll(async () => [await shown('近 30 天受理'), await shown('近 30 天化解')]).toEqual([figures.received, figures.settled]);
  const rate = figures.settled === null ? null : Math.round((figures.settled * 10_000) / figures.received!) / 100;
  await expect.poll(() => shown('化解率')).toBe(rate);
  await expect.poll(() => shown('服务人次')).toBe(figures.people);
  const { part, whole } = figures.satisfied;
  await expect.poll(() => shown('满意率')).toBe(part === null || whole === null ? null : Math.round((part * 10_000) / whole) / 100);
  const clocks = (await panel(page, 'clocks').locator('dd').allTextContents()).map((text) => text.replaceAll('\u2009', ''));
  const { open: running, overdue } = figures;
  const told = (n: number | null) => (n === null ? '未显示' : String(n));
  const inTime = running === null || overdue === null ? '–' : String(running - overdue);
  expect(clocks, 'open, in time, overdue').toEqual([told(running), inTime, told(overdue)]);
  const places = await api<{ features: { properties: { id: string; name: string } }[] }>(page, 'places?level=street');
  const nameOf = (id: string) => places.features.find((place) => place.properties.id === id)!.properties.name;
  const week = [...of(7, 'street').children].sort((a, b) => b.received! - a.received!);
  const rows = panel(page, 'streets').getByRole('listitem');
  const listed = week.slice(0, await rows.count());
  expect(listed.length, 'streets in the list').toBeGreaterThan(2);
  const counts = (await rows.locator('.wall-figure').allTextContents()).map((text) => text.replaceAll('\u2009', ''));
  expect(counts).toEqual(listed.map((row) => told(row.received)));
  // How far they are, where that is not withheld: almost all is not all.
  const percent = (part: number, whole: number) => (part === 0 || part === whole ? (part / whole) * 100 : Math.min(99, Math.max(1, Math.round((part * 100) / whole))));
  const far = ({ received, settled, overdue }: Statistics['children'][number]) =>
    [received && settled !== null ? `化解 ${percent(settled, received)}%` : '', overdue === null ? '' : `超时 ${overdue}`].join(' ');
  expect(listed.some((row) => /化解 \d/.test(far(row))), 'a share of some street').toBe(true);
  expect(await rows.locator('.wall-done').allTextContents()).toEqual(listed.map(far));
  await expect(panel(page, 'streets').getByRole('heading')).toHaveText(`${nameOf(week[0]!.place)}近 7 天受理最多`);
  await expect(rows.first()).toContainText(nameOf(week[0]!.place));
  await expect(page.getByRole('banner')).toContainText('光明区 指挥大屏');
  await expect(page.getByRole('banner')).toContainText('演示数据');
  await expect(page.locator('.map-notice')).toContainText('演示数据');
  await expect(page.locator('.watermark')).toContainText('区指挥中心 大屏');
});

test('a list that is cut says how many of how many it shows, and one that is whole says nothing', async ({ page }) => {
  await open(page);
  const streets = panel(page, 'streets');
  const seen = new Set<number>();
  // The last one has room for all six.
  for (const wall of [...WALLS, { width: 1080, height: 2400 }]) {
    await hang(page, wall);
    await expect(async () => {
      const rows = await streets.getByRole('listitem').count();
      await expect(streets.locator('.wall-beside')).toHaveText(rows < 6 ? new RegExp(`前 ${rows}/共 6$`) : /^(\d\d[:-]\d\d)?$/, { timeout: 500 });
      seen.add(rows);
    }, `${wall.width}×${wall.height}`).toPass();
  }
  expect([seen.has(6), Math.min(...seen) < 6], 'both were seen').toEqual([true, true]);
});

test('what would be cut is found: at the edges of a panel, beside its own box, and where it ends in dots', async ({ page }) => {
  await open(page);
  await expect.poll(() => cut(page), { message: 'as it is' }).toEqual([]);
  const styled = (rule: string) =>
    page.evaluate((rule) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rule);
      document.adoptedStyleSheets = [sheet];
    }, rule);
  for (const [rule, told] of [
    ['.wall-cell dt { letter-spacing: 20em; }', /is cut by wall-panel/],
    ['.wall-name { position: relative; left: -3em; }', /is cut by wall-panel/],
    ['.wall-panel h2 { position: relative; top: -0.9em; }', /is cut by wall-panel/],
    ['.wall-row .wall-name { display: block; inline-size: 2em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }', /ends in dots/],
    ['.wall-top h1 { max-inline-size: 3em; min-inline-size: 0; }', /is cut by H1|ends in dots/],
  ] as const) {
    await styled(rule);
    expect((await cut(page)).join('\n'), rule).toMatch(told);
  }
  await styled('');
  await expect.poll(() => cut(page), { message: 'as it was' }).toEqual([]);
  // In the bar of a hand, which stands beside the wall, too.
  await page.keyboard.press('Shift');
  await expect(handOf(page)).toBeVisible();
  await styled('.wall-hand-words { flex: 0 0 1.5em; }');
  const told = (await cut(page)).join('\n');
  expect(told).toMatch(/STRONG “.+” is too high/);
  expect(told).toMatch(/SPAN “.+” ends in dots/);
  await styled('');
  await expect.poll(() => cut(page), { message: 'as it was, with the bar' }).toEqual([]);
});

test('what is not answered at all is said not to have come, and stands there once it is', async ({ page }) => {
  // Each question is asked again every 20 s, which is as long as one is waited for.
  await speakOf(page, ['district']);
  await page.clock.install();
  // The page's time goes on faster than ours: by its end it may be another day.
  const today = [since(1), since(0)];
  const isWeek = ({ pathname, searchParams: asked }: URL) =>
    pathname === '/api/v1/statistics' && asked.get('level') === 'street' && !today.includes(asked.get('from')!.slice(0, 10));
  let asked = 0;
  await page.route(isWeek, () => ((asked += 1), new Promise(() => undefined)));
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  const ranking = panel(page, 'streets');
  await expect(ranking.locator('.wall-waiting')).toBeVisible();
  for (let step = 0; step < 8; step += 1) {
    await page.clock.fastForward(21_000);
    await page.clock.runFor(2_000);
  }
  await expect(ranking.locator('h2')).toHaveText('数据暂时取不到，正在重试');
  expect(asked, 'once, and three times again').toBeGreaterThanOrEqual(4);
  await page.unroute(isWeek);
  await page.clock.fastForward(21_000);
  await page.clock.runFor(21_000);
  await settled(page);
  await expect(ranking.locator('h2')).not.toHaveText(/正在重试/);
});

test('paper by day and ink by night: the clock itself turns the one into the other', async ({ page }) => {
  // The page goes by the server's clock, and of what that says by the latest: whoever says it has the time in hand, and the page's own
  // clock takes it past the time of the change. In steps of less than 45 s: after a longer one the wall takes it that it has slept and asks anew.
  const MINUTE = 60_000;
  const { server_time } = (await (await page.request.get('/api/v1/snapshot')).json()) as { server_time: string };
  const from = (Math.floor(Date.parse(server_time) / MINUTE) + 5) * MINUTE;
  const to = from + 3 * MINUTE;
  const timeOf = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(11, 16);
  await speakAsServer(page);
  await speakOf(page, ['district'], { theme: 'clock', day: [timeOf(from), timeOf(to)] });
  await page.clock.install();
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  await settled(page);
  // What is read together was so at the same time.
  const stands = () => page.evaluate(() => `${document.querySelector('.wall-clock time')!.textContent} ${document.documentElement.dataset.theme}`);
  for (const [at, before, after] of [[from, 'night', 'day'], [to, 'day', 'night']] as const) {
    await say(page, 'heartbeat', { server_time: new Date(at - 40_000).toISOString() });
    await expect.poll(stands, { message: 'before' }).toMatch(new RegExp(`^${timeOf(at - MINUTE)}:[2-5]\\d ${before}$`));
    for (let step = 0; step < 2; step += 1) await page.clock.fastForward(21_000);
    await expect.poll(stands, { message: 'after' }).toMatch(new RegExp(`^${timeOf(at)}:\\d\\d ${after}$`));
  }
});

test('what the map must always say stands under its ground, however large, and covers none of it', async ({ page }) => {
  for (const [width, height, query] of [
    [3840, 2160, ''],
    [6656, 1792, ''],
    [1920, 1080, '?height_mm=1350&farthest_m=4'],
    [1920, 1080, '?height_mm=1350&farthest_m=7'],
  ] as const) {
    await page.setViewportSize({ width, height });
    await open(page, query);
    const what = `${width}×${height}${query}`;
    const box = async (part: string) => (await page.locator(part).boundingBox())!;
    const [map, ground, foot, bar] = [await box('.wall-map'), await box('.map-ground'), await box('.map-foot'), await box('.map-scale')];
    expect(ground.y + ground.height, what).toBeLessThanOrEqual(foot.y + 1);
    expect(foot.y + foot.height, what).toBeLessThanOrEqual(map.y + map.height + 1);
    expect(bar.x + bar.width, `the bar and the words beside it, ${what}`).toBeLessThan((await box('.map-north')).x);
    expect(ground.height, what).toBeGreaterThan(map.height * 0.6);
  }
});

test('the street that is spoken of has the accent around it', async ({ page }) => {
  await open(page);
  /** Pixels of the map in its accent. */
  const accented = () =>
    page.evaluate(() => {
      const ground = document.querySelector('.map-ground')!;
      const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
      probe.fillStyle = getComputedStyle(ground).getPropertyValue('--map-accent').trim();
      probe.fillRect(0, 0, 1, 1);
      const [accent] = new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer);
      const shown = [...ground.querySelectorAll('canvas')].filter((one) => one.checkVisibility() && one.width > 1);
      const pixels = (one: HTMLCanvasElement) => new Uint32Array(one.getContext('2d')!.getImageData(0, 0, one.width, one.height).data.buffer);
      return Math.max(0, ...shown.map((one) => pixels(one).filter((pixel) => pixel === accent).length));
    });
  const before = await accented();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.wall-scene')).toHaveText(/街道$/);
  await expect.poll(accented, { timeout: 10_000 }).toBeGreaterThan(before + 500);
});

test('figures that are too old are grey and say since when, and nothing grows', async ({ page }) => {
  await open(page);
  const heroes = page.locator('.wall-heroes');
  const height = (await heroes.boundingBox())!.height;
  await page.route(/\/api\/v1\/statistics\?/, async (route) => {
    const answer = await route.fetch();
    const figures = (await answer.json()) as { at: string };
    const at = new Date(Date.parse(figures.at) - 12 * 60_000).toISOString();
    await route.fulfill({ response: answer, json: { ...figures, at } });
  });
  await open(page);
  const received = page.locator('.wall-hero').filter({ hasText: '近 30 天受理' });
  await expect(received).toHaveClass(/aged/);
  // Of another day the day is said.
  await expect(received).toContainText(/截至 \d\d[:-]\d\d/);
  await expect(panel(page, 'clocks')).toContainText(/截至 \d\d[:-]\d\d/);
  await expect(page.locator('.wall-fresh.live'), 'the stream lives').toBeVisible();
  await expect(page.locator('.wall-hero').first(), 'and so does what comes with it').not.toHaveClass(/aged/);
  expect((await heroes.boundingBox())!.height).toBe(height);
  expect(await cut(page)).toEqual([]);
  expect(await contrast(page), 'grey reads, too').toEqual([]);
  await open(page, '?theme=day');
  await expect(received).toHaveClass(/aged/);
  expect(await contrast(page), 'on paper').toEqual([]);
  // An answer may be on its way.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('passes the audit in ink, on paper and upright, and reads at 7:1', async ({ page }) => {
  await open(page);
  await audit(page, 'the wall in ink');
  expect(await contrast(page), 'ink').toEqual([]);
  const atHand = async () => {
    await page.keyboard.press('Shift');
    await expect(handOf(page).getByRole('button', { name: '继续轮播' })).toBeVisible();
    await handOf(page).getByRole('button', { name: '手机遥控' }).click();
    await expect(page.locator('.wall-pairing-code')).toBeVisible();
    return contrast(page);
  };
  expect(await atHand(), 'what a hand calls, and the code').toEqual([]);
  await page.setViewportSize({ width: 1080, height: 1920 });
  await open(page, '?theme=day');
  await audit(page, 'the wall on paper, upright');
  expect(await contrast(page), 'paper').toEqual([]);
  expect(await atHand(), 'the same on paper').toEqual([]);
});

test('whatever it speaks of, legend, foot and the title of a red warning too, reads at 7:1 by night and by day', async ({ page }) => {
  test.slow();
  // No place turns red by itself.
  await speakAsServer(page, ['warning']);
  await speakOf(page, ['district', 'streets', 'heat', 'warnings', 'stations', 'mediation', 'psychological'], { red_s: 3_600 });
  await open(page);
  const scene = page.locator('.wall-scene');
  const reads = async () => {
    const what = (await scene.textContent())!;
    await expect(page.locator('.wall-waiting'), what).toHaveCount(0);
    await expect(page.locator('.wall-foot .legend'), what).toHaveCount(/诉求热点|纠纷调处/.test(what) ? 1 : 0);
    for (const theme of ['day', 'night']) {
      await page.evaluate((theme) => document.documentElement.setAttribute('data-theme', theme), theme);
      await expect.poll(() => contrast(page), { message: `${what} by ${theme}` }).toEqual([]);
    }
    return what;
  };
  // As it stands without a hand; then each in turn, held by one.
  const seen = new Set([await reads()]);
  for (let turn = 0; turn < 12; turn += 1) {
    const before = (await scene.textContent())!;
    await page.keyboard.press('ArrowRight');
    await expect(scene).not.toHaveText(before);
    seen.add(await reads());
  }
  // The district, its six streets, and five more.
  expect(seen.size, [...seen].join('、')).toBe(12);
  await handOf(page).getByRole('button', { name: '继续轮播' }).click();
  await expect(handOf(page)).toHaveCount(0);
  const { items } = await api<{ items: { place: string; level: string }[] }>(page, 'warnings?place_level=grid&limit=1000');
  await say(page, 'warning', { place: items.find((one) => one.level !== 'red')!.place, level: 'red', score: 80 });
  await expect(page.getByRole('heading', { level: 1 })).toHaveClass(/alarm/);
  expect(await reads()).toContain('红色预警');
});

test('speaks of one thing after another; a hand turns, stops and lets it go on', async ({ page }) => {
  await open(page);
  const scene = page.locator('.wall-scene');
  await expect(scene).toHaveText('全区总览');
  await expect(page.getByRole('navigation', { name: '大屏操作' })).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(scene).toHaveText('光明街道');
  const hand = handOf(page);
  await expect(hand).toContainText(/已暂停，\d+ 秒后继续/);
  await expect(panel(page, 'streets').getByRole('heading')).toHaveText(/^(光明街道近 7 天受理居第 \d 位|近 7 天受理，部分未显示)$/);
  // What stands around is the street's, and what is not says so.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('光明街道 指挥大屏');
  await expect(panel(page, 'streets').locator('.wall-row.chosen'), 'it stands in the list, wherever its place is').toContainText('光明街道');
  await expect(panel(page, 'news').getByRole('heading')).toHaveText(/^全区：/);
  await hand.getByRole('button', { name: '上一屏' }).click();
  await expect(scene).toHaveText('全区总览');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('光明区 指挥大屏');
  // One touch that strays does not sign the wall out.
  await hand.getByRole('button', { name: '退出登录' }).click();
  await expect(hand.getByRole('button', { name: '再按一次退出' })).toBeVisible();
  await hand.getByRole('button', { name: '继续轮播' }).click();
  await expect(hand).toHaveCount(0);
  // A street that is touched on the map is spoken of.
  await page.locator('.map-ground').click();
  await expect(scene).toHaveText(/街道$/);
});

test('a wheel over its map makes the wall wait, as a touch does', async ({ page }) => {
  await open(page);
  await expect(handOf(page)).toHaveCount(0);
  const box = (await page.locator('.map-ground').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -240);
  await expect(handOf(page)).toBeVisible();
});

test('the server goes: the wall says so, greys, and comes back without a hand', async ({ page, faults }) => {
  test.setTimeout(360_000);
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), 'fengtu-wall-'));
  const district = ['--demo', 'guangming', '--seed', '7', '--cases', '1500', '--live', '2'];
  const first = await startServer(district, { port, data });
  faults.own(first.base);
  // Of a street that it has not spoken of yet it would know nothing to grey.
  await speakOf(page, ['district']);
  await page.goto(`${first.base}/wall`);
  await page.getByRole('button', { name: /以“.*大屏”进入/ }).click();
  await settled(page);
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  await first.stop();
  await expect(page.locator('.wall-fresh.stopped')).toBeVisible({ timeout: 90_000 });
  await expect(page.locator('.wall-hero.aged').first()).toContainText(/截至 \d\d[:-]\d\d/);
  // Psychological services are of whole months: asked for each hour, they are not old yet.
  await expect(page.locator('.wall-hero:not(.aged)'), 'every other figure of the row').toHaveText([/^心理服务/], { timeout: 90_000 });
  await expect(panel(page, 'warnings')).toHaveClass(/aged/);
  await expect(page.locator('.wall-map'), 'whose levels are as old').toHaveClass(/aged/);
  await expect(panel(page, 'warnings')).toContainText(/截至 \d\d[:-]\d\d/);
  await expect(hero(page, '近 30 天受理')).toHaveText(/\d/);
  const second = await startServer(district, { port, data });
  await expect(page.locator('.wall-fresh.live')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.aged')).toHaveCount(0, { timeout: 60_000 });
  expect(loads, 'without loading the page anew').toBe(0);
  await second.stop();
  await rm(data, { recursive: true, force: true });
  faults.expectFault(/console: .*(ERR_|50[0-9])/);
});
