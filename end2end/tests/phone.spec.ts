// The desk on a phone: the map first, everything else a sheet from the bottom, all of it by touch.
import { expectDrawn } from '../fixtures/canvas.ts';
import { asked, camera, drawer, expect, ground, list, middle, open, panel, stations, test, timeBar } from '../fixtures/desk.ts';
import { expectSound } from '../fixtures/layout.ts';
import { audit } from '../fixtures/test.ts';

test('a tap on a station opens its sheet under the map, and the station stays in sight', async ({ page }) => {
  await page.goto('/');
  const one = (await stations(page)).find((each) => each.properties.level === 'community')!;
  await open(page, { layers: 'stations', map: camera(one.geometry!.coordinates, 16) });
  const { x, y } = await middle(page);
  await page.touchscreen.tap(x, y);
  const title = drawer(page).getByRole('heading', { name: one.properties.name });
  await expect(title).toBeVisible();
  await expectSound(page, 'the sheet of a station');
  const [sheet, map] = [(await drawer(page).boundingBox())!, (await ground(page).boundingBox())!];
  expect(map.y + map.height).toBeLessThanOrEqual(sheet.y + 1);
  await audit(page, 'the sheet');
  await drawer(page).getByRole('button', { name: '关闭' }).tap();
  await expect(title).toHaveCount(0);
});

test('layers, list, search and time work by touch', async ({ page }) => {
  await open(page);
  await panel(page).getByRole('button', { name: '展开图层面板' }).tap();
  await panel(page).getByRole('switch', { name: /案件热力/ }).tap();
  await expectDrawn(page, 'Heat');
  await expectSound(page, 'the sheet of layers');
  await audit(page, 'the sheet of layers');
  await panel(page).getByRole('button', { name: '收起图层面板' }).tap();

  await page.getByRole('button', { name: '打开列表' }).tap();
  const row = list(page).getByRole('row').nth(2);
  await expect(row).toBeVisible();
  await expectSound(page, 'the list');
  await audit(page, 'the list');
  await row.tap();
  await expect.poll(() => asked(page, 'sel')).toMatch(/^place:/);
  await drawer(page).getByRole('button', { name: '关闭' }).tap();
  await list(page).getByRole('button', { name: '关闭列表' }).tap();

  await timeBar(page).getByRole('button', { name: '前一天' }).tap();
  await expect(timeBar(page).locator('output')).toHaveText(/^历史/);
  await timeBar(page).getByRole('button', { name: '回到现在' }).tap();

  await page.getByRole('combobox').tap();
  await page.getByRole('combobox').fill('公明街道');
  await page.getByRole('option').first().tap();
  await expect(drawer(page).getByRole('heading', { name: /公明街道/ }).first()).toBeVisible();
});
