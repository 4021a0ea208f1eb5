// What the panel says of heat where there is no case to show: in a period, of a category, in what is seen of the map; and no more once there are some.
import type { Page } from '@playwright/test';
import { expectDrawn } from '../fixtures/canvas.ts';
import { camera, cameraOf, expect, open, panel, test } from '../fixtures/desk.ts';
import { CASE, PERIOD, serveOne } from '../fixtures/one-case.ts';

/** Expects the panel to say that there is no case, and the map to show none; or that there are some. */
async function expectNone(page: Page, isNone: boolean): Promise<void> {
  await expect(panel(page).getByText('当前视野与时段内没有可显示的案件')).toBeVisible({ visible: isNone });
  await expect(panel(page).getByRole('list', { name: '件/平方公里' })).toBeVisible({ visible: !isNone });
  await expectDrawn(page, 'Heat', !isNone);
}

test('a period without a case is said to have none, until another is chosen', async ({ page }) => {
  await open(page, { layers: 'heat', from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' });
  await expectNone(page, true);
  await panel(page).getByRole('group', { name: '时段' }).getByText('90 天').click();
  await expectNone(page, false);
});

test('the same of a category and of what is seen of the map', async ({ page }) => {
  await serveOne(page);
  // At zoom 15 the case is 140 pixels west of the middle; at 18, where a radius of 50 m takes 90, 1,100, which is beyond the map's edge.
  await open(page, { layers: 'heat', half: '0', radius: '50', ...PERIOD, map: camera([CASE[0] + 0.006, CASE[1]], 15) });
  await expectNone(page, false);

  await panel(page).getByText('全部类别').click();
  await panel(page).getByRole('searchbox', { name: '查找类别' }).fill('欠薪');
  for (const isOther of [true, false]) {
    await panel(page).getByRole('checkbox', { name: /欠薪/ }).setChecked(isOther);
    await expectNone(page, isOther);
  }

  for (const [button, zoom] of [[0, 18], [1, 15]] as const) {
    for (let now = cameraOf(page)!.zoom; now !== zoom; now = cameraOf(page)!.zoom) {
      await page.locator('.map-zoom button').nth(button).click();
      await expect.poll(() => cameraOf(page)!.zoom).not.toBe(now);
    }
    await expectNone(page, zoom === 18);
  }
});
