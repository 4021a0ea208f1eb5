// A phone as the wall's remote, and a wall's login that is ended from afar.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { countColour } from '../fixtures/canvas.ts';
import { expect, grids, test, type Feature, type Grid } from '../fixtures/desk.ts';
import { outerRing } from '../fixtures/geo.ts';
import { startServer } from '../fixtures/server.ts';
import { audit } from '../fixtures/test.ts';
import { hand, open, panel, sayBetween, scene, settled, signInAt, speakAsServer, speakOf } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

test('a phone paired by the code on the wall chooses scene, street and period, holds, darkens and lets go', async ({ page, browser, faults, signIn }) => {
  test.slow();
  // Nothing turns red by itself, which would light the wall.
  await speakAsServer(page, ['warning']);
  await page.route('**/api/v1/snapshot*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), warnings: [] } });
  });
  await speakOf(page, ['district', 'streets', 'heat'], { red_s: 8 });
  await open(page);
  await page.keyboard.press('Shift');
  await hand(page).getByRole('button', { name: '手机遥控' }).click();
  const shown = page.getByRole('region', { name: '扫码或输入数字，用手机遥控大屏' });
  await expect(shown.getByRole('img', { name: '遥控页的二维码' })).toBeVisible();
  await audit(page, 'the code on the wall');
  const code = (await shown.locator('.wall-pairing-code').textContent())!.replace(/\D/g, '');
  expect(code).toMatch(/^\d{6}$/);

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await faults.watch(phone);
  await phone.addCookies([await signIn('leader')]);
  const remote = await phone.newPage();
  const said = remote.locator('.remote-said');
  await remote.goto(`${new URL(page.url()).origin}/remote#${code}`);
  await expect(remote.getByText('已连接：区指挥中心 大屏')).toBeVisible();
  await expect(shown).toHaveCount(0);
  expect(new URL(remote.url()).hash, 'a code that was used is not tried again').toBe('');
  await audit(remote, 'the remote');
  const small = await remote.getByRole('button').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 56).length);
  expect(small, 'targets under 56 px').toBe(0);

  const press = (name: string) => remote.getByRole('button', { name, exact: true }).tap();
  await press('诉求热点');
  await expect(scene(page)).toHaveText('诉求热点');
  await expect(said).toHaveText('已发送');
  await expect(hand(page), 'nobody stands before the wall').toHaveCount(0);
  await expect(page.locator('.wall-foot')).toContainText(/遥控中，\d+ 秒后继续轮播/);
  await press('公明街道');
  await expect(scene(page)).toHaveText('公明街道');
  await press('近 7 天');
  await expect(page.locator('.wall-heroes')).toContainText('近 7 天受理');
  // Or, in a week of the demo in which a street has fewer than k, that not all of them are told.
  await expect(panel(page, 'streets').getByRole('heading')).toHaveText(/^(公明街道近 7 天受理居第 \d 位|近 7 天受理，部分未显示)$/);
  await press('熄屏');
  await expect(page.locator('.wall')).toBeHidden();
  // A new version and a panic open the page anew: nobody asked for light.
  await page.reload();
  await expect(page.locator('.wall-fresh.live')).toHaveCount(1);
  await expect(page.locator('.wall')).toBeHidden();
  // What turns red lights it for as long as that is shown, though a remote holds it.
  await sayBetween(page, 'warning', { place: (await largest(page)).id, level: 'red', score: 80 });
  await expect(page.locator('.wall')).toBeVisible();
  await expect(scene(page)).toContainText('红色预警');
  await expect(page.locator('.wall'), 'and dark again').toBeHidden({ timeout: 20_000 });
  await press('亮屏');
  await expect(page.locator('.wall')).toBeVisible();
  await expect(scene(page)).toHaveText('公明街道');
  await expect(page.locator('.wall-heroes')).toContainText('近 7 天受理');
  await press('提示音开');
  await expect(page.locator('.wall-foot')).toContainText('提示音已开');
  await press('继续轮播');
  await expect(page.locator('.wall-heroes')).toContainText('近 30 天受理');
  await expect(page.locator('.wall-foot')).not.toContainText('遥控中');

  // A view that the board hands over, by its link or its code, is named and waits for a press; loaded again, it is not offered again.
  const { features } = (await (await page.request.get('/api/v1/places?level=street')).json()) as { features: { properties: { id: string; name: string } }[] };
  const street = features.at(-1)!.properties;
  await remote.goto(`${new URL(page.url()).origin}/remote?place=${street.id}&days=90`);
  await expect(remote.getByText(`${street.name} · 近 90 天`)).toBeVisible();
  await audit(remote, 'the remote with a view');
  await expect(page.locator('.wall-heroes'), 'an address alone steers no wall').toContainText('近 30 天受理');
  await press('送上大屏');
  await expect(scene(page)).toHaveText(street.name);
  await expect(page.locator('.wall-heroes')).toContainText('近 90 天受理');
  await expect(said).toHaveText('已发送');
  expect(new URL(remote.url()).search).toBe('');
  await expect(remote.getByRole('button', { name: '送上大屏' })).toHaveCount(0);

  // The wall lets go: the next press says so, and asks to pair again.
  await page.keyboard.press('Shift');
  await hand(page).getByRole('button', { name: '手机遥控' }).click();
  await shown.getByRole('button', { name: '断开所有遥控' }).click();
  await expect(async () => {
    await press('下一屏');
    await expect(remote.getByText('与大屏的连接已结束，请重新配对')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  faults.expectFault(/console: .*404/);
  // A wall that nobody can touch shows its code when it is asked from the phone.
  await remote.getByRole('button', { name: '让大屏显示配对码' }).tap();
  await expect(shown).toBeVisible();
  await remote.getByLabel('大屏上的六位配对码').fill('000000');
  await remote.getByRole('button', { name: '连接大屏' }).tap();
  await expect(said).toHaveText('没有大屏显示这个配对码，可能已过期');
  faults.expectFault(/console: .*404/);
  await phone.close();
});

/** Pairs a phone by the code on the wall. */
async function pair(wall: Page, remote: Page): Promise<void> {
  await wall.keyboard.press('Shift');
  await hand(wall).getByRole('button', { name: '手机遥控' }).click();
  const code = (await wall.locator('.wall-pairing-code').textContent())!.replace(/\D/g, '');
  await remote.goto(`${new URL(wall.url()).origin}/remote#${code}`);
  await expect(remote.getByText('已连接：区指挥中心 大屏')).toBeVisible();
}

/** The grid of the largest extent: where the whole district is seen, a small one is a few pixels. */
async function largest(page: Page): Promise<Grid> {
  const span = (all: number[]) => Math.max(...all) - Math.min(...all);
  const extent = ({ geometry }: Feature<Grid>) => {
    const ring = outerRing(geometry!);
    return span(ring.map(([lon]) => lon)) * span(ring.map(([, lat]) => lat));
  };
  return (await grids(page)).reduce((a, b) => (extent(b) > extent(a) ? b : a)).properties;
}

test('while a phone holds the wall a place that turns red is on its map and among its warnings, and comes between when it goes on', async ({ page, browser, faults, baseURL }) => {
  test.slow();
  // Logins of its own: what this phone holds, no other test lets go. A login ends the one whose cookie it comes with, which others have.
  await page.context().clearCookies();
  await signInAt(page.context(), baseURL!, 'wall');
  await speakAsServer(page, ['warning']);
  await speakOf(page, ['district'], { red_s: 8 });
  // Nothing stands at any level but what is said.
  const red: object[] = [];
  await page.route('**/api/v1/snapshot*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), warnings: red } });
  });
  await open(page);
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await faults.watch(phone);
  await signInAt(phone, baseURL!, 'leader');
  const remote = await phone.newPage();
  await pair(page, remote);
  await remote.getByRole('button', { name: '停住', exact: true }).tap();
  await expect(page.locator('.wall-foot')).toContainText(/遥控中，\d+ 秒后继续轮播/);
  await expect(hand(page)).toHaveCount(0);

  const where = page.locator('.map-scale');
  const held = (await where.getAttribute('style'))!;
  const warnings = panel(page, 'warnings');
  await expect(warnings.getByRole('heading')).toHaveText('没有红色预警');
  const painted = () => countColour(page, 'Areas', '--map-level-red');
  const before = await painted();
  const { id, name } = await largest(page);
  red.push({ place: id, level: 'red', score: 80 });
  // What the phone tells afterwards is heard too.
  await sayBetween(page, 'warning', red[0]!);
  await expect(warnings.getByRole('heading')).toHaveText('1 个网格红色预警');
  await expect(warnings.locator('.wall-row')).toHaveText([new RegExp(name)]);
  await expect.poll(painted, { message: 'pixels in red on the map' }).toBeGreaterThan(before + 20);
  // A scene is chosen once a second.
  const [clock, spokenOf] = [page.locator('.wall-clock time'), new Set<string | null>()];
  for (let second = 0; second < 4; second += 1) {
    await expect(clock).not.toHaveText((await clock.textContent())!);
    spokenOf.add(await scene(page).textContent());
  }
  expect([...spokenOf], 'it is held').toEqual(['全区总览']);
  expect(await where.getAttribute('style'), 'its map stays where it was').toBe(held);

  await remote.getByRole('button', { name: '继续轮播', exact: true }).tap();
  await expect(scene(page)).toHaveText(`红色预警：${name}`);
  await expect.poll(() => where.getAttribute('style'), { message: 'the map flies to it' }).not.toBe(held);
  await expect(scene(page), 'and back to what it came between').toHaveText('全区总览', { timeout: 20_000 });
  await phone.close();
});

test('what a wall did not take is offered again, and each command is told once', async ({ browser, faults, signIn, baseURL }) => {
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });
  await faults.watch(phone);
  await phone.addCookies([await signIn('leader')]);
  const remote = await phone.newPage();
  // Of a wall only what it answers matters here.
  const wall = { id: 'r-1', wall: '测试大屏', started_at: '2026-03-29T12:00:00+08:00', ends_at: '2099-01-01T00:00:00+08:00' };
  await remote.route('**/api/v1/walls/remotes', (route) => route.fulfill({ json: [wall] }));
  const answers = [503, 204, 503, 204];
  const told: string[] = [];
  let release!: () => void;
  const held = new Promise<void>((done) => (release = done));
  await remote.route('**/api/v1/walls/remotes/r-1/commands', async (route) => {
    const status = answers[told.length] ?? 500;
    told.push(`${(route.request().postDataJSON() as { action: string }).action} ${status}`);
    if (told.length === 4) await held;
    await route.fulfill(status === 204 ? { status } : { status, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'x', status } });
  });
  await remote.goto(`${baseURL}/remote?days=90`);
  const send = remote.getByRole('button', { name: '送上大屏' });
  const said = remote.locator('.remote-said');

  await send.tap();
  await expect.poll(() => told).toEqual(['show 503']);
  await expect(said).not.toHaveText(/^(正在发送…|已发送|)$/);
  await expect(send).toBeVisible();
  expect(new URL(remote.url()).search, 'loaded again, it is offered again').toBe('?days=90');
  // The second of the two is lost: only that is told once more.
  await send.tap();
  await expect.poll(() => told).toEqual(['show 503', 'show 204', 'period 503']);
  await expect(said).not.toHaveText(/^(正在发送…|已发送|)$/);
  await expect(remote.getByText('全区总览 · 近 90 天')).toBeVisible();
  // A second press meanwhile tells nothing.
  await send.tap();
  await expect.poll(() => told.length).toBe(4);
  await send.tap();
  release();
  await expect(send).toHaveCount(0);
  await expect(said).toHaveText('已发送');
  expect(told).toEqual(['show 503', 'show 204', 'period 503', 'period 204']);
  expect(new URL(remote.url()).search).toBe('');
  faults.expectFault(/console: .*503/);
  await phone.close();
});

test('who may not steer walls is told so', async ({ browser, faults, signIn, baseURL }) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  await faults.watch(context);
  await context.addCookies([await signIn('auditor')]);
  const page = await context.newPage();
  await page.goto(`${baseURL}/remote`);
  await expect(page.getByRole('alert').filter({ hasText: '这个账号不能遥控大屏' })).toBeVisible();
  await context.close();
});

test('an administrator ends a wall’s login from the account’s menu, and the wall asks to be signed in again', async ({ browser, faults }) => {
  test.slow();
  const data = await mkdtemp(join(tmpdir(), 'fengtu-walls-'));
  const server = await startServer(['--demo', 'guangming', '--seed', '7', '--cases', '1500'], { data });
  faults.own(server.base);
  const [room, office] = [await browser.newContext({ locale: 'zh-CN' }), await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })];
  await faults.watch(room);
  await faults.watch(office);
  await signInAt(room, server.base, 'wall');
  await signInAt(office, server.base, 'sysadmin');
  const [wall, desk] = [await room.newPage(), await office.newPage()];
  await wall.goto(`${server.base}/wall`);
  await settled(wall);
  await desk.goto(server.base);
  await desk.locator('summary.account').click();
  await desk.getByText('登录记录').click();
  const row = desk.getByRole('listitem').filter({ hasText: '区指挥中心 大屏' });
  await row.getByRole('button', { name: '结束' }).click();
  await row.getByRole('button', { name: '再按一次结束' }).click();
  await expect(row).toHaveCount(0);
  await expect(wall.getByRole('button', { name: '登录大屏' })).toBeVisible({ timeout: 30_000 });
  await expect(wall.locator('.wall')).toHaveCount(0);
  faults.expectFault(/console: .*401/);
  await Promise.all([room.close(), office.close()]);
  await server.stop();
  await rm(data, { recursive: true, force: true });
});
