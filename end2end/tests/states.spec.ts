// Loading, empty, error, partial and stale: each says what is so and what to do, and nothing blanks the page.
import type { Page, Route } from '@playwright/test';
import { expectDrawn, ink } from '../fixtures/canvas.ts';
import { asked, drawer, expect, ground, list, open, panel, press, settled, test } from '../fixtures/desk.ts';
import { startServer } from '../fixtures/server.ts';

const STATIONS = '**/api/v1/stations*';
const GRIDS = '**/api/v1/grids*';
const broken = (route: Route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"type":"internal","title":"x","status":500}' });
/** Changes what the server answers. */
async function change(page: Page, url: string, by: (whole: any) => void): Promise<void> {
  await page.route(url, async (route) => {
    // A whole answer, not "as before".
    const { 'if-none-match': _, ...headers } = route.request().headers();
    // Asked once more as the test ends, it has nobody to answer to.
    const answer = await route.fetch({ headers }).catch(() => undefined);
    if (!answer) return;
    const whole = await answer.json();
    by(whole);
    await route.fulfill({ response: answer, json: whole });
  });
}

const retry = (page: Page) => page.getByRole('alert').getByRole('button', { name: '重试' });

test('loading: what is coming is named, and what is here already can be used', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(STATIONS, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  await expect(page.getByRole('status').filter({ hasText: '正在加载：服务站' })).toBeVisible();
  await expectDrawn(page, 'Areas');
  await expect(panel(page).getByRole('switch', { name: /风险预警/ })).toBeEnabled();
  release();
  await settled(page);
  await expectDrawn(page, 'Stations');
});

test('error: a part that fails is named, the rest stays, and a retry mends it', async ({ page, faults }) => {
  await page.route(STATIONS, broken);
  await page.goto('/');
  await expect(page.getByRole('alert').filter({ hasText: '服务站：服务器内部出错' })).toBeVisible({ timeout: 30_000 });
  await expectDrawn(page, 'Areas');
  await page.unroute(STATIONS);
  await retry(page).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expectDrawn(page, 'Stations');
  faults.expectFault(/500/);
});

test('error: a list that could not be had says so, and not that there is nothing', async ({ page, faults }) => {
  await page.route(STATIONS, broken);
  await page.goto('/?list=stations');
  await expect(list(page).getByText('服务器内部出错')).toBeVisible({ timeout: 30_000 });
  await expect(list(page).getByText('这里没有可列的内容。')).toHaveCount(0);
  await page.unroute(STATIONS);
  await retry(page).click();
  await expect(list(page).getByRole('row').nth(1)).toBeVisible();
  faults.expectFault(/500/);
});

test('error by keyboard: the retry is reached and pressed', async ({ page, faults }) => {
  await page.route(STATIONS, broken);
  await page.goto('/');
  await expect(retry(page)).toBeVisible({ timeout: 30_000 });
  await page.unroute(STATIONS);
  await press(page, retry(page));
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expectDrawn(page, 'Stations');
  faults.expectFault(/500/);
});

test('stale: what was here is kept and says of when it is', async ({ page, faults }) => {
  await page.route(STATIONS, broken);
  await page.goto('/');
  await expect(retry(page)).toBeVisible({ timeout: 30_000 });
  await page.unroute(STATIONS);
  await page.route(GRIDS, broken);
  const areas = await ink(page, 'Areas');
  await retry(page).click();
  await expect(page.getByRole('alert').filter({ hasText: /辖区与网格：.*显示的是 \d{4}-\d\d-\d\d \d\d:\d\d 的数据/ })).toBeVisible({ timeout: 30_000 });
  // Less of a picture with its margin than of one without.
  expect((await ink(page, 'Areas')).painted).toBeGreaterThan(areas.painted / 3);
  faults.expectFault(/500/);
});

test('partial: records that cannot be drawn are counted and named, in the list too', async ({ page }) => {
  await change(page, STATIONS, (whole) => {
    whole.features[0].geometry = null;
    whole.features[1].properties.level = 'castle';
  });
  await open(page, { list: 'stations' });
  const told = page.getByText('2 条不在地图上');
  await told.click();
  await expect(page.locator('.map-reasons')).toContainText(/castle/);
  await expect(list(page).getByRole('status').first()).toContainText('1 条没有可用坐标');
  await expect(list(page).getByRole('row', { name: /无坐标/ })).toHaveCount(1);
});

test('empty: a period without cases, a place without buildings, a filter without rows', async ({ page }) => {
  await change(page, '**/api/v1/cases?*', (whole) => Object.assign(whole, { items: [], total: 0, next: null }));
  // A day that is over: to today's the list adds what comes meanwhile.
  await open(page, { layers: 'heat', list: 'heat', sel: 'place:440311001', from: '2026-01-05T16:00:00Z', to: '2026-01-06T16:00:00Z' });
  await expect(list(page).getByText('这里没有可列的内容。')).toBeVisible();
  await expect(drawer(page).getByText('本期没有案件。')).toBeVisible();
});

test('a thing that is gone, or that one may not see, is said', async ({ page, faults }) => {
  await open(page, { sel: 'case:GM000000000' });
  await expect(drawer(page).getByText(/没有找到，可能已被删除或您无权查看/).first()).toBeVisible({ timeout: 30_000 });
  await open(page, { sel: 'station:none' });
  await expect(drawer(page).getByText(/找不到这个对象/)).toBeVisible();
  faults.expectFault(/404/);
});

test('a session that has ended leads to the sign-in page, and the address is kept', async ({ page, context, signIn, faults }) => {
  await open(page, { layers: 'heat' });
  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
  expect(asked(page, 'layers')).toBe('heat');
  await context.addCookies([await signIn('leader')]);
  await page.reload();
  await settled(page);
  faults.list.splice(0, faults.list.length, ...faults.list.filter((fault) => !/401/.test(fault)));
});

test('a config.json that is wrong, and a backend that is not there, are told with what to do', async ({ page, faults }) => {
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: '{"backends":{}}' }));
  await page.goto('/');
  await expect(page.getByText('站点配置 config.json 无法使用')).toBeVisible();
  await page.getByText('详细信息').click();
  await expect(page.getByText(/no backend named "default"/)).toBeVisible();
  await page.unroute('**/config.json');
  await page.route('**/api/v1/**', (route) => route.abort());
  await retry(page).click();
  await expect(page.getByText(/连不上服务器/)).toBeVisible({ timeout: 30_000 });
  await page.unroute('**/api/v1/**');
  await retry(page).click();
  await settled(page);
  faults.expectFault(/Failed to load/);
});

test('a server that is no demo has no demo accounts and no demo mark', async ({ browser, faults }) => {
  const empty = await startServer([]);
  try {
    const context = await browser.newContext({ baseURL: empty.base, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
    await expect(page.getByText(/演示/)).toHaveCount(0);
    await context.close();
  } finally {
    await empty.stop();
  }
  expect(faults.list).toEqual([]);
});

test('a district that has nothing yet: the map says how one gets in', async ({ page }) => {
  await change(page, '**/api/v1/config', (whole) => Object.assign(whole, { root: null, bounds: null }));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '还没有辖区数据' })).toBeVisible();
  await expect(page.getByText(/fengtu-server import/)).toBeVisible();
});

test('the map says nothing of itself when all is well', async ({ page }) => {
  await open(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText(/不在地图上/)).toHaveCount(0);
  await expect(ground(page)).toHaveAttribute('aria-label', /一张图/);
});
