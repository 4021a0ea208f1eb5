// Where heat lies on the screen: one case that the test has made, against what Web Mercator says, at whole and other zooms, on screens of
// every sharpness, after a drag and after a flight.
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { camera, cameraOf, expect, middle, open, test as desk, type Position } from '../fixtures/desk.ts';
import { expectDrawn } from '../fixtures/canvas.ts';
import { world } from '../fixtures/geo.ts';

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

const CASE: Position = [113.9312, 22.7713];

const DAY_MS = 86_400_000;
/** A period that is over: what comes live is in none. */
const PERIOD = { from: new Date(Date.now() - 100 * DAY_MS).toISOString(), to: new Date(Date.now() - 70 * DAY_MS).toISOString() };

/** All the heat that there is in it: that of one case. */
async function serveOne(page: Page): Promise<void> {
  const feature = { type: 'Feature', geometry: { type: 'Point', coordinates: CASE }, properties: { number: 'A', category: 'mediation.noise', place: null, t: Math.floor(Date.now() / 1000) - 80 * 86_400, weight: 1 } };
  await page.route('**/api/v1/heat/points?*', (route) =>
    route.fulfill({ contentType: 'application/geo+json', body: JSON.stringify({ type: 'FeatureCollection', features: [feature] }) }));
}

/** The middle of what the picture of heat shows, in pixels of the screen, each counted by how strong it is; where the canvas itself is drawn now. */
const centre = (page: Page): Promise<{ x: number; y: number } | undefined> =>
  page.locator('canvas[data-picture=Heat]').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    if (canvas.hidden || canvas.width < 8) return undefined;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let [sum, x, y] = [0, 0, 0];
    for (let at = 0; at < canvas.width * canvas.height; at += 1) {
      const strength = data[4 * at + 3]!;
      sum += strength;
      x += strength * ((at % canvas.width) + 0.5);
      y += strength * (Math.floor(at / canvas.width) + 0.5);
    }
    if (sum === 0) return undefined;
    const box = canvas.getBoundingClientRect();
    return { x: box.left + (x / sum / canvas.width) * box.width, y: box.top + (y / sum / canvas.height) * box.height };
  });

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

/** From zoom 13 on, as farther out the whole district is in the middle, wherever the address looks; and to 17, where all that one case heats is still in the picture. */
async function everyZoom(page: Page): Promise<void> {
  await serveOne(page);
  for (const [zoom, east, north] of [[13, 0.01, -0.005], [14, 0, 0], [14.25, -0.012, 0.006], [15.5, 0.004, 0.003], [16.75, -0.0004, -0.0002]] as const) {
    await open(page, { layers: 'heat', half: '0', ...PERIOD, map: camera(near(east, north), zoom) });
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
