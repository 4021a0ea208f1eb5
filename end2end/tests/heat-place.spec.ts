// Where heat lies on the screen: one case that the test has made, against what Web Mercator says, at whole and other zooms, on screens of
// every sharpness, after a drag and after a flight; and while the next picture is on its way, against a marker of Leaflet's in each frame.
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { camera, cameraOf, expect, ground, middle, open, panel, stations, test as desk, type Position } from '../fixtures/desk.ts';
import { expectDrawn } from '../fixtures/canvas.ts';
import { metres, world } from '../fixtures/geo.ts';
import { begin, centreOf, held, isNew, looked, prepare, release, releaseInMotion, sizeOfMap, until } from '../fixtures/motion.ts';
import { CASE, PERIOD, serveOne } from '../fixtures/one-case.ts';

const test = desk.extend<{ another: (screen: BrowserContextOptions) => Promise<Page> }>({
  /** Opens a page on another screen, signed in as the first. */
  another: async ({ browser, context, faults }, use) => {
    const made: BrowserContext[] = [];
    await use(async (screen) => {
      const other = await browser.newContext({ viewport: { width: 1000, height: 700 }, baseURL: process.env.FENGTU_BASE!, locale: 'zh-CN', ...screen });
      made.push(other);
      await faults.watch(other);
      await other.addCookies(await context.cookies());
      return other.newPage();
    });
    await Promise.all(made.map((each) => each.close()));
  },
});

const centre = (page: Page) => page.locator('canvas[data-picture=Heat]').evaluate(centreOf);

/** Where the case lies on the screen, by the camera of the address. */
async function wanted(page: Page): Promise<{ x: number; y: number }> {
  const { at, zoom } = cameraOf(page)!;
  const [here, there, screen] = [world(at, zoom), world(CASE, zoom), await middle(page)];
  return { x: screen.x + there.x - here.x, y: screen.y + there.y - here.y };
}

async function expectInPlace(page: Page, what: string): Promise<void> {
  const off = async () => {
    const [is, should] = [await centre(page), await wanted(page)];
    return is ? Math.hypot(is.x - should.x, is.y - should.y) : Infinity;
  };
  // The picture's own pixels are two of the screen's wide.
  await expect.poll(off, { message: `${what}: pixels off` }).toBeLessThan(1.5);
}

const near = (east: number, north: number): Position => [CASE[0] + east, CASE[1] + north];

/** From zoom 13 on, as farther out the whole district is in the middle, wherever the address looks; and to 18, where the smallest radius is
 * the one of which all that one case heats is still in the picture. */
async function everyZoom(page: Page): Promise<void> {
  await serveOne(page);
  const places = [[13, 0.01, -0.005], [14, 0, 0], [14.25, -0.012, 0.006], [15.5, 0.004, 0.003], [16.75, -0.0004, -0.0002], [18, -0.0003, 0.0002, '50']] as const;
  for (const [zoom, east, north, radius] of places) {
    await open(page, { layers: 'heat', half: '0', ...PERIOD, ...(radius && { radius }), map: camera(near(east, north), zoom) });
    await expectDrawn(page, 'Heat');
    await expectInPlace(page, `zoom ${zoom}`);
  }
}

test('heat lies where its case is, at whole zooms and others', async ({ page }) => everyZoom(page));

for (const deviceScaleFactor of [1.25, 1.5, 2]) {
  test(`the same on a screen of ${deviceScaleFactor} pixels to one of CSS`, async ({ another }) => everyZoom(await another({ deviceScaleFactor })));
}

test('the same after a drag and after the map has flown in', async ({ page }) => {
  await serveOne(page);
  await open(page, { layers: 'heat', half: '0', ...PERIOD, map: camera(near(0.006, 0.004), 14) });
  await expectInPlace(page, 'at rest');
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 180, y - 90, { steps: 8 });
  await page.mouse.up();
  await expectInPlace(page, 'after a drag');
  const { zoom } = cameraOf(page)!;
  await page.locator('.map-zoom button').first().click();
  await expect.poll(() => cameraOf(page)!.zoom).toBe(zoom + 1);
  await expectInPlace(page, 'after the flight');
});

/** Styles by which a map has no size: taken out of the page, and left in it. */
const NO_SIZE: Record<string, string>[] = [{ display: 'none' }, { width: '0', height: '0', 'min-width': '0', 'min-height': '0', flex: 'none' }];

/** Gives the map's element a style, or takes it back. */
const dress = (page: Page, style: Record<string, string>, isOn: boolean) =>
  ground(page).evaluate((element, [style, isOn]) => {
    const { style: own } = element as HTMLElement;
    for (const [name, value] of Object.entries(style)) isOn ? own.setProperty(name, value, 'important') : own.removeProperty(name);
  }, [style, isOn] as const);

/** Lets what is asked for with this frame and the next be drawn. */
const twoFrames = (page: Page) =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));

test('the same on a map that has had no size for a while, with another radius meanwhile', async ({ page }) => {
  await prepare(page);
  await serveOne(page);
  await open(page, { layers: 'heat', half: '0', ...PERIOD, map: camera(near(0.006, 0.004), 14) });
  await expectInPlace(page, 'at rest');
  const before = await sizeOfMap(page);
  for (const style of NO_SIZE) {
    await dress(page, style, true);
    await expect.poll(() => sizeOfMap(page), { message: 'the map has no size' }).toEqual({ x: 0, y: 0 });
    const radius = panel(page).getByRole('slider', { name: '影响半径' });
    const said = await radius.getAttribute('aria-valuetext');
    await radius.press('ArrowRight');
    await expect(radius).not.toHaveAttribute('aria-valuetext', said!);
    await twoFrames(page);
    await dress(page, style, false);
    await expect.poll(() => sizeOfMap(page), { message: 'it has one again' }).toEqual(before);
    await expectDrawn(page, 'Heat');
    await expectInPlace(page, `after ${JSON.stringify(style)}`);
    await expect.poll(() => isNew(page), { message: 'the picture is of all that is seen' }).toBe(true);
  }
});

const drag = (page: Page) =>
  until(page, 'moveend', async () => {
    const { x, y } = await middle(page);
    await page.mouse.move(x - 250, y + 60);
    await page.mouse.down();
    // Farther than the picture reaches beyond the map.
    await page.mouse.move(x + 250, y - 60, { steps: 25 });
    await page.mouse.up();
  });

const zoom = (page: Page, way: 'in' | 'out') => until(page, 'zoomend', () => page.locator('.map-zoom button').nth(way === 'in' ? 0 : 1).click());

/** An animation has few frames on a slow machine: so often, then, that enough of them are seen. */
async function zoomOften(page: Page): Promise<void> {
  for (let turn = 0; turn < 4 && (await looked(page)).places < ENOUGH; turn += 1) {
    await zoom(page, 'in');
    await zoom(page, 'out');
  }
  await zoom(page, 'in');
}

/** By steps of a quarter and more, around what is under the pointer. */
async function wheel(page: Page): Promise<void> {
  const { x, y } = await middle(page);
  await page.mouse.move(x + 200, y + 120);
  for (const by of [-60, 30, -90, 30]) await until(page, 'zoomend', () => page.mouse.wheel(0, by));
}

/** With two fingers, apart and together again: every zoom in between, and at the end of each an animation to the next quarter. */
async function pinch(page: Page): Promise<void> {
  const touch = await page.context().newCDPSession(page);
  const { x, y } = await middle(page);
  const fingers = (apart: number) => [-1, 1].map((side, id) => ({ id, x: x + 40 + side * apart, y: y + side * apart * 0.3 }));
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { id: number; x: number; y: number }[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  for (const [from, by] of [[80, 4], [150, -2]] as const) {
    await until(page, 'zoomend', async () => {
      await send('touchStart', fingers(from));
      for (let step = 1; step <= 20; step += 1) await send('touchMove', fingers(from + step * by));
      await send('touchEnd', []);
    });
  }
}

/** To the nearest station, which somebody has searched for. */
async function fly(page: Page): Promise<void> {
  const far = ({ geometry }: { geometry: { coordinates: any } | null }) => metres(geometry!.coordinates, CASE);
  const station = (await stations(page)).reduce((best, each) => (far(each) < far(best) ? each : best));
  await until(page, 'zoomend', async () => {
    await page.getByRole('combobox', { name: /^搜索/ }).fill(station.properties.name);
    await page.getByRole('group', { name: '站点' }).getByRole('option').first().click();
  });
}

/** So many places on the screen at which a moving map must have been seen: where it began, where it ended, and one between. A machine
 * that does something else too shows few frames of a flight. */
const ENOUGH = 3;

/** Leaflet sets a marker on a whole pixel, which is 0.7 off at the most; the picture's own are two wide. */
const LEAFLET_PX = 2;

async function startMoving(page: Page): Promise<void> {
  await prepare(page);
  await serveOne(page);
  await open(page, { layers: 'heat', half: '0', ...PERIOD, map: camera(near(0.006, 0.004), 14) });
  await expectInPlace(page, 'at rest');
  await expect.poll(() => isNew(page), { message: 'the picture is of all that is seen' }).toBe(true);
  await begin(page, CASE);
}

/** The map never waits: it moves, frame by frame, and its heat with it, though the next picture of heat does not come. */
async function expectHeatToFollow(page: Page, move: (page: Page) => Promise<void>): Promise<void> {
  await startMoving(page);
  await move(page);
  await expect.poll(() => held(page), { message: 'the next picture has been asked for' }).toBeGreaterThan(0);
  const { places, off } = await looked(page);
  expect(off, 'the last one, moved and scaled: most pixels off in a frame').toBeLessThan(LEAFLET_PX);
  expect(places, 'places at which the moving map was seen').toBeGreaterThanOrEqual(ENOUGH);
  expect(await isNew(page), 'the picture is still the last one').toBe(false);
  await release(page);
  await expect.poll(() => isNew(page), { message: 'the next one has come' }).toBe(true);
  await expectInPlace(page, 'the next one');
  expect((await looked(page)).off, 'the same with the frames in which it came').toBeLessThan(LEAFLET_PX);
}

for (const [what, move] of [['is dragged', drag], ['zooms', zoomOften], ['zooms by parts of a step', wheel], ['flies', fly]] as const) {
  test(`while the worker is silent the map ${what}, and its heat with it in each frame`, async ({ page }) => expectHeatToFollow(page, move));
}

test('the same with two fingers, on a screen of 1.5 pixels to one of CSS', async ({ another }) => {
  await expectHeatToFollow(await another({ deviceScaleFactor: 1.5, hasTouch: true }), pinch);
});

test('a picture that comes in the midst of a zoom does not slide over the ground', async ({ page }) => {
  await startMoving(page);
  await drag(page);
  await expect.poll(() => held(page)).toBeGreaterThan(0);
  await releaseInMotion(page);
  await zoom(page, 'out');
  await expect.poll(() => isNew(page), { message: 'one of all that is seen comes' }).toBe(true);
  await expectInPlace(page, 'after the zoom');
  const { places, off } = await looked(page);
  expect(off, 'most pixels off in a frame').toBeLessThan(LEAFLET_PX);
  expect(places, 'where it began, where it ended, and between').toBeGreaterThanOrEqual(ENOUGH);
});
