// What is touched on the wall is what lies there, at every scale of a screen; and levels as they are painted differ to every eye.
import { expect, test, type Feature, type Grid, type Position } from '../fixtures/desk.ts';
import { inside, outerRing, world } from '../fixtures/geo.ts';
import { differ } from '../fixtures/sight.ts';
import { hand, open, scene } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

// The same picture of pixels, as screens of other scales have it.
const SCALES = [
  { scale: 0.5, width: 2560, height: 1440 },
  { scale: 1, width: 1920, height: 1080 },
  { scale: 1.5, width: 1280, height: 720 },
  { scale: 2, width: 1280, height: 720 },
  { scale: 3, width: 1280, height: 720 },
  { scale: 4, width: 960, height: 720 },
];

type Place = { id: string; parent: string; name: string };
type All<P> = { features: Feature<P>[] };

for (const { scale, width, height } of SCALES) {
  test(`a pointer and a finger hit the grid that lies there at a scale of ${scale}`, async ({ browser, faults, signIn, baseURL }) => {
    test.slow();
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
    await faults.watch(context);
    await context.addCookies([await signIn('wall')]);
    const page = await context.newPage();
    const get = async <T>(path: string) => (await (await context.request.get(`${baseURL}/api/v1/${path}`)).json()) as T;
    const [district] = (await get<All<Place>>('places?level=district&geometry=true')).features;
    const [streets, communities, grids] = [
      await get<All<Place>>('places?level=street'),
      await get<All<Place>>('places?level=community'),
      await get<All<Grid>>('grids'),
    ];
    const streetOf = (grid: Feature<Grid>) => {
      const community = communities.features.find((one) => one.properties.id === grid.properties.parent)!;
      return streets.features.find((one) => one.properties.id === community.properties.parent)!.properties.name;
    };
    await page.goto(`${baseURL}/wall`);
    await expect(page.locator('.wall-fresh.live')).toBeVisible();
    await expect(page.locator('canvas[data-picture=Base]:not([hidden])')).toBeAttached();
    // Sharp: what is seen of the map has as many pixels as the screen, up to three for each of CSS.
    const pixels = await page.locator('.map canvas:visible').evaluateAll((all) => (all as HTMLCanvasElement[]).map((one) => one.width / one.getBoundingClientRect().width));
    expect(pixels.length).toBeGreaterThan(0);
    for (const each of pixels) expect(each).toBeCloseTo(Math.min(Math.max(scale, 1), 3), 1);
    const box = (await page.locator('.map-ground').boundingBox())!;
    const at = frame(outerRing(district!.geometry!), box);
    // A grid of each of two streets: the first for a pointer, the second for a finger.
    const chosen = streets.features.map((street) => grids.features.filter((grid) => streetOf(grid) === street.properties.name).at(-1)!);
    for (const [turn, grid] of chosen.slice(0, 2).entries()) {
      const spot = at(inside(outerRing(grid.geometry!)));
      if (turn % 2) await page.touchscreen.tap(spot.x, spot.y);
      else await page.mouse.click(spot.x, spot.y);
      await expect(scene(page), `${grid.properties.name} at ${scale}`).toHaveText(streetOf(grid));
      // Back to the whole district, where the next one is looked for.
      for (let step = 0; step <= turn; step += 1) await hand(page).getByRole('button', { name: '上一屏' }).click();
      await expect(scene(page)).toHaveText('全区总览');
    }
    await context.close();
  });
}

/** Where a place is on the screen: the district's own ring as large as the map takes it, 24 px from its edges. */
function frame(ring: Position[], box: { x: number; y: number; width: number; height: number }) {
  const corners = ring.map((place) => world(place, 0));
  const [xs, ys] = [corners.map((one) => one.x), corners.map((one) => one.y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((box.width - 48) / (east - west), (box.height - 48) / (south - north));
  return (place: Position) => {
    const { x, y } = world(place, 0);
    return { x: box.x + box.width / 2 + (x - (west + east) / 2) * scale, y: box.y + box.height / 2 + (y - (north + south) / 2) * scale };
  };
}

test('levels as they are painted differ by 20 and more to every eye, by night and by day', async ({ page }) => {
  for (const theme of ['night', 'day']) {
    await open(page, `?theme=${theme}`);
    const marks = page.locator('.wall-panel[aria-labelledby=wall-warnings] .wall-cell .wall-mark');
    await expect(marks).toHaveCount(3);
    const colours: Record<string, [number, number, number]> = {};
    for (const [n, level] of ['red', 'yellow', 'blue'].entries()) {
      const box = (await marks.nth(n).boundingBox())!;
      // The middle of the shape, a little down: a triangle is widest there.
      colours[level] = await painted(page, { x: box.x + box.width / 2, y: box.y + box.height * 0.6 });
      if (n === 0) colours.none = await painted(page, { x: box.x - 3, y: box.y + box.height / 2 });
    }
    const { worst, pair, eye } = differ(colours);
    expect(worst, `${theme}: ${pair} to ${eye} ${JSON.stringify(colours)}`).toBeGreaterThanOrEqual(20);
  }
});

/** The colour of one pixel as it is painted. */
async function painted(page: Parameters<typeof open>[0], at: { x: number; y: number }): Promise<[number, number, number]> {
  const clip = { x: Math.round(at.x), y: Math.round(at.y), width: 1, height: 1 };
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), 0, 0);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!] as [number, number, number];
  }, png);
}
