// What the map of a scene says while what it speaks of cannot be had: never that there is none.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { open, panel, speakOf } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

const legend = (page: Page) => page.locator('.wall-foot .legend');
const hint = (page: Page) => page.locator('.wall-hint');
const scene = (page: Page) => page.locator('.wall-scene');
const HEAT = /\/api\/v1\/heat\?/;
const STATIONS = /\/api\/v1\/stations(\?|$)/;
const RETRYING = '数据暂时取不到，正在重试';

async function next(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ArrowRight');
  await expect(scene(page)).toHaveText(name);
}

test('heat that cannot be had is said to be lacking, and has no legend of nought; once it was there it stays', async ({ page, faults }) => {
  await page.route(HEAT, (route) => route.fulfill({ status: 503 }));
  await speakOf(page, ['heat', 'district']);
  await open(page);
  await expect(scene(page)).toHaveText('诉求热点');
  await expect(hint(page)).toHaveText(RETRYING);
  await expect(legend(page)).toHaveCount(0);
  await page.unroute(HEAT);
  // It asks again by itself.
  await expect(legend(page)).toContainText(/[1-9]/, { timeout: 40_000 });
  await expect(hint(page)).toContainText('每格不少于');
  const told = await legend(page).textContent();
  let asked = 0;
  await page.route(HEAT, (route) => {
    asked += 1;
    return route.fulfill({ status: 503 });
  });
  await next(page, '全区总览');
  await expect(legend(page)).toHaveCount(0);
  await next(page, '诉求热点');
  await expect.poll(() => asked, { message: 'it was asked for anew, in vain' }).toBeGreaterThan(0);
  await expect(legend(page)).toHaveText(told!);
  await expect(hint(page)).toContainText('每格不少于');
  faults.expectFault(/console: .*503/);
});

test('stations that cannot be had leave nothing uncovered', async ({ page, faults }) => {
  await page.route(STATIONS, (route) => route.fulfill({ status: 503 }));
  await speakOf(page, ['stations', 'psychological']);
  await open(page);
  for (const name of ['服务站与服务圈', '心理服务']) {
    await expect(scene(page)).toHaveText(name);
    await expect(hint(page)).toHaveText(RETRYING);
    await expect(panel(page, 'stations').getByRole('heading')).toHaveText(RETRYING);
    await page.keyboard.press('ArrowRight');
  }
  await page.unroute(STATIONS);
  await expect(hint(page)).toContainText('斜线处尚未覆盖', { timeout: 40_000 });
  await expect(panel(page, 'stations')).toContainText(/\d+\.\d%/);
  faults.expectFault(/console: .*503/);
});
