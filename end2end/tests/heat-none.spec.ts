// What the panel says of heat where there is no case to show: in a period, of a category, in what is seen of the map; and no more once there are some.
import type { Page } from '@playwright/test';
import { expectDrawn, ink } from '../fixtures/canvas.ts';
import { camera, cameraOf, expect, ground, middle, open, panel, test, type Position } from '../fixtures/desk.ts';
import { placeOf, world } from '../fixtures/geo.ts';
import { begin, centreOf, held, looked, prepare, release, seenOnGround, until } from '../fixtures/motion.ts';
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

const ZOOM = 16;
/** How far east of what is seen the case lies, as a share of the map's width: the margin is 0.2. */
const BEYOND = 0.08;

/** The middle of a map of this width whose east edge the case lies beyond. */
function westOfCase(width: number): Position {
  const { x, y } = world(CASE, ZOOM);
  return placeOf({ x: x - width * (0.5 + BEYOND), y }, ZOOM);
}

test('where the margin alone has heat none is said to be seen, and a drag brings it in before the worker speaks', async ({ page }) => {
  await prepare(page);
  await serveOne(page);
  // A radius of 50 m takes 23 pixels.
  const asks = { layers: 'heat', half: '0', radius: '50', ...PERIOD };
  await open(page, asks);
  const { width } = (await ground(page).boundingBox())!;
  await open(page, { ...asks, map: camera(westOfCase(width), ZOOM) });
  const canvas = page.locator('canvas[data-picture=Heat]');
  const none = panel(page).getByText('当前视野与时段内没有可显示的案件');
  await expect(none).toBeVisible();
  await expect.poll(async () => (await ink(page, 'Heat')).painted, { message: 'the margin, which comes later, is drawn' }).toBeGreaterThan(0);
  await expect(canvas).toHaveJSProperty('hidden', false);
  await expect(none).toBeVisible();
  const [box, heat] = [(await ground(page).boundingBox())!, (await canvas.evaluate(centreOf))!];
  expect((heat.x - box.x) / box.width, 'heat lies beyond the east edge, in widths of the map').toBeCloseTo(1 + BEYOND, 2);

  await begin(page, CASE);
  await until(page, 'moveend', async () => {
    const { x, y } = await middle(page);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - width * 0.3, y, { steps: 25 });
    await page.mouse.up();
  });
  await expect.poll(() => held(page), { message: 'the next picture has been asked for' }).toBeGreaterThan(0);
  // Leaflet sets a marker on a whole pixel; the picture's own are two wide.
  expect((await looked(page)).off, 'most pixels off in a frame').toBeLessThan(2);
  expect(await seenOnGround(page), 'places at which heat was seen on the map').toBeGreaterThanOrEqual(2);
  await expect(none).toBeVisible();
  await release(page);
  await expectNone(page, false);
});
