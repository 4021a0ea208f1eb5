// What is touched on the wall is what lies there, at every scale of a screen; and levels as they are painted differ to every eye.
import type { BrowserContext, Page } from '@playwright/test';
import { asked, camera, expect, ground, open as openDesk, test, type Feature, type Grid, type Position, type Station } from '../fixtures/desk.ts';
import { inside, outerRing, world } from '../fixtures/geo.ts';
import { differ } from '../fixtures/sight.ts';
import { hand, open, panel, say, scene, speakAsServer, speakOf } from '../fixtures/wall.ts';

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
type Spot = { x: number; y: number };
type Spotted = { grid: Grid; street: Place; spot: Spot };

/** A screen of a scale, with a mouse and a finger. */
const screen = (deviceScaleFactor: number, width: number, height: number, baseURL?: string) => ({
  viewport: { width, height }, deviceScaleFactor, hasTouch: true, baseURL, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' as const,
});

/** Asks the backend for features, as whoever has signed in. */
async function all<P>(context: BrowserContext, path: string): Promise<Feature<P>[]> {
  const answer = await context.request.get(`/api/v1/${path}`);
  expect(answer.status(), path).toBe(200);
  return ((await answer.json()) as All<P>).features;
}

/** Where the grids of the district lie on the screen, each with its street. */
async function spotted(context: BrowserContext, at: (place: Position) => Spot): Promise<{ streets: Place[]; spots: Spotted[] }> {
  const [streets, communities, grids] = await Promise.all([
    all<Place>(context, 'places?level=street'),
    all<Place>(context, 'places?level=community'),
    all<Grid>(context, 'grids'),
  ]);
  const of = (places: Feature<Place>[], id: string) => places.find((one) => one.properties.id === id)!.properties;
  const one = ({ properties: grid, geometry }: Feature<Grid>) =>
    ({ grid, street: of(streets, of(communities, grid.parent).parent), spot: at(inside(outerRing(geometry!))) });
  return { streets: streets.map((street) => street.properties), spots: grids.map(one) };
}

const apart = (a: Spot, b: Spot) => Math.hypot(a.x - b.x, a.y - b.y);

/** The two grids that lie nearest to each other in two streets: whoever is off by a grid hits another street with one of them. */
function neighbours(spots: Spotted[]): [Spotted, Spotted] {
  const pairs = spots.flatMap((a) => spots.filter((b) => a.street.id < b.street.id).map((b) => [a, b] as [Spotted, Spotted]));
  // Not so small that a pixel decides.
  const large = pairs.filter(([a, b]) => apart(a.spot, b.spot) >= 12);
  return large.sort(([a, b], [c, d]) => apart(a.spot, b.spot) - apart(c.spot, d.spot))[0]!;
}

test('a street that is pressed in the list is spoken of, by pointer, finger and key, and by the very first press', async ({ browser, faults, signIn, baseURL }) => {
  test.slow();
  const context = await browser.newContext(screen(1, 1920, 1080, baseURL));
  await faults.watch(context);
  await context.addCookies([await signIn('wall')]);
  await context.route(/\/api\/v1\/statistics\?.*level=street/, async (route) => {
    const figures = (await (await route.fetch()).json()) as { children: object[] };
    figures.children.forEach((street, n) => Object.assign(street, { received: 181 + n, settled: 140, overdue: n % 2 ? null : 7 }));
    await route.fulfill({ json: figures });
  });
  /** Slowly, and where the picture would have changed under it. */
  const click = async (page: Page, { x, y }: Spot) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.waitForTimeout(600);
    await expect(hand(page), 'the bar comes when the press is over').toHaveCount(0);
    await page.mouse.up();
  };
  const tap = (page: Page, { x, y }: Spot) => page.touchscreen.tap(x, y);
  const enter = (page: Page) => page.keyboard.press('Enter');
  for (const [turn, press] of [click, tap, enter].entries()) {
    // A wall of its own each time: the scene that a hand leaves stays for its length, and its rows are others.
    const page = await context.newPage();
    await speakAsServer(page, ['warning']);
    await speakOf(page, ['district']);
    await open(page);
    await expect(hand(page)).toHaveCount(0);
    const rows = panel(page, 'streets').getByRole('button');
    const row = rows.nth((await rows.count()) - 1 - turn);
    const name = (await row.locator('.wall-name').textContent())!;
    await expect(row).toHaveAccessibleName(new RegExp(`^${name} ?\\d+ ?化解 \\d+%( ?超时 \\d+)?$`));
    const box = (await row.boundingBox())!;
    expect(box.height, 'large enough for a finger').toBeGreaterThanOrEqual(44);
    await row.focus();
    await press(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await expect(scene(page)).toHaveText(name);
    await expect(panel(page, 'streets').locator('.chosen [aria-current=true]')).toContainText(name);
    await page.close();
  }
  await context.close();
});

for (const { scale, width, height } of SCALES) {
  test(`a pointer and a finger hit the street that lies there, at the grids along its border, at a scale of ${scale}`, async ({ browser, faults, signIn, baseURL }) => {
    test.slow();
    const context = await browser.newContext(screen(scale, width, height, baseURL));
    await faults.watch(context);
    await context.addCookies([await signIn('wall')]);
    const page = await context.newPage();
    await open(page);
    // Held by a hand: neither the next scene nor a red warning comes between.
    await page.keyboard.press('Shift');
    await expect(hand(page)).toBeVisible();
    await expect(scene(page)).toHaveText('全区总览');
    // Sharp: what is seen of the map has as many pixels as the screen, up to four for each of CSS.
    const pixels = await page.locator('.map canvas:visible').evaluateAll((all) => (all as HTMLCanvasElement[]).map((one) => one.width / one.getBoundingClientRect().width));
    expect(pixels.length).toBeGreaterThan(0);
    for (const each of pixels) expect(each).toBeCloseTo(Math.min(Math.max(scale, 1), 4), 1);
    const box = (await page.locator('.map-ground').boundingBox())!;
    const scaleBar = page.locator('.map-scale');
    const whole = (await scaleBar.getAttribute('style'))!;
    const [district] = await all<Place>(context, 'places?level=district&geometry=true');
    const at = frame(outerRing(district!.geometry!), box);
    const { streets, spots } = await spotted(context, at);
    const symbols = await stationsAt(page, context, at);
    // Beside the symbols of stations, and where the hand's own bar and buttons are not.
    const isFree = ({ spot }: Spotted) => symbols.every((symbol) => symbol(spot)) && spot.x < box.x + box.width - 70 && spot.y < height - 100;
    const pair = neighbours(spots.filter(isFree));
    expect(pair, 'grids beside each other in two streets').toBeDefined();
    // Each by the one and by the other.
    for (const [turn, { grid, street, spot }] of [...pair, pair[1], pair[0]].entries()) {
      if (turn % 2) await page.touchscreen.tap(spot.x, spot.y);
      else await page.mouse.click(spot.x, spot.y);
      await expect(scene(page), `${grid.name} at ${scale}`).toHaveText(street.name);
      // Back to the whole district, where the next one is looked for.
      const steps = streets.findIndex(({ id }) => id === street.id);
      for (let step = 0; step <= steps; step += 1) await hand(page).getByRole('button', { name: '上一屏' }).click();
      await expect(scene(page)).toHaveText('全区总览');
      // The map comes after its title.
      await expect(scaleBar, 'the map shows the district again').toHaveAttribute('style', whole);
    }
    await context.close();
  });

  // The wall speaks of streets alone. The desk has the same map, and its card and its address name the very grid.
  test(`a pointer and a finger hit the very grid that lies there, on the same map of the desk, at a scale of ${scale}`, async ({ browser, faults, signIn, baseURL }) => {
    test.slow();
    const context = await browser.newContext(screen(scale, width, height, baseURL));
    await faults.watch(context);
    await context.addCookies([await signIn('leader')]);
    const page = await context.newPage();
    const grids = await all<Grid>(context, 'grids');
    const center = inside(outerRing(grids[Math.floor(grids.length / 2)]!.geometry!));
    const look = () => openDesk(page, { layers: 'warnings', map: camera(center, ZOOM) });
    await look();
    // Far from the middle, where a wrong scale is most off; a grid of its own for each.
    const [first, second] = await farthest(page, (await spotted(context, await around(page, center))).spots);
    await page.mouse.move(first.spot.x - 2, first.spot.y - 2);
    await page.mouse.move(first.spot.x, first.spot.y);
    // The text of the card, whether or not a screen with a finger shows it.
    await expect(page.locator('.hover-card strong')).toHaveText(first.grid.name);
    await page.mouse.click(first.spot.x, first.spot.y);
    await expect.poll(() => asked(page, 'sel'), { message: `${first.grid.name} at ${scale}, by mouse` }).toBe(`place:${first.grid.id}`);
    await look();
    await page.touchscreen.tap(second.spot.x, second.spot.y);
    await expect.poll(() => asked(page, 'sel'), { message: `${second.grid.name} at ${scale}, by finger` }).toBe(`place:${second.grid.id}`);
    await context.close();
  });
}

/** A zoom that shows grids. */
const ZOOM = 14.5;

/** Where a place is on the screen, around the one in the middle of the desk's map. */
async function around(page: Page, center: Position): Promise<(place: Position) => Spot> {
  const box = (await ground(page).boundingBox())!;
  const middle = world(center, ZOOM);
  return (place) => {
    const { x, y } = world(place, ZOOM);
    return { x: box.x + box.width / 2 + x - middle.x, y: box.y + box.height / 2 + y - middle.y };
  };
}

/** Of the spots on the bare map, not under a panel, the two farthest from its middle. */
async function farthest(page: Page, spots: Spotted[]): Promise<[Spotted, Spotted]> {
  const box = (await ground(page).boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const bare = await page.evaluate(
    (spots) => spots.map(({ x, y }) => Boolean(document.elementFromPoint(x, y)?.closest('.map-ground'))),
    spots.map(({ spot }) => spot),
  );
  const isWell = ({ spot }: Spotted) => spot.x > box.x + 10 && spot.x < box.x + box.width - 10 && spot.y > box.y + 10 && spot.y < box.y + box.height - 10;
  const seen = spots.filter((one, index) => bare[index] && isWell(one)).sort((a, b) => apart(b.spot, middle) - apart(a.spot, middle));
  expect(seen.length, 'grids on the bare map').toBeGreaterThan(3);
  return [seen[0]!, seen[1]!];
}

/** For each station that the district's scene shows: whether a spot is beside its symbol, which is 16 px at most times the map's own scale. */
async function stationsAt(page: Page, context: BrowserContext, at: (place: Position) => Spot): Promise<((spot: Spot) => boolean)[]> {
  const scale = await page.evaluate(() => Number(getComputedStyle(document.documentElement).getPropertyValue('--map-scale')));
  expect(scale, 'the scale of what the map draws').toBeGreaterThan(0);
  const shown = (await all<Station>(context, 'stations')).filter(({ properties }) => properties.level !== 'site');
  const stood = (geometry: Feature<Station>['geometry']) => (geometry ? [geometry.coordinates as Position] : []);
  const places = shown.flatMap(({ geometry, properties }) => [...stood(geometry), ...(properties.stops ?? []).map((stop) => stop.at)]);
  return places.map((place) => (spot: Spot) => apart(at(place), spot) > 17 * scale);
}

/** Where a place is on the screen: the district's own ring as large as the map takes it, 24 px from its edges. */
function frame(ring: Position[], box: { x: number; y: number; width: number; height: number }): (place: Position) => Spot {
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

test('the same of the marks on the map and of the ground that most of it is, as they are painted', async ({ page }) => {
  await speakAsServer(page);
  for (const theme of ['night', 'day']) {
    await open(page, `?theme=${theme}`);
    // While a hand is there the map goes to no place that has just turned red.
    await page.keyboard.press('Shift');
    await expect(hand(page)).toBeVisible();
    // Small grids have no room for a mark.
    const large = (await all<Grid>(page.context(), 'grids')).sort((a, b) => extent(b) - extent(a)).slice(0, 12);
    for (const [n, { properties }] of large.entries()) await say(page, 'warning', { place: properties.id, level: ['red', 'yellow', 'blue'][n % 3], score: 80 });
    await expect(page.locator('canvas[data-sheet=Over]:not([hidden])')).toHaveCount(1);
    let seen!: Awaited<ReturnType<typeof coloursOf>>;
    // Of each level one mark at least has an inside, once the map has come to rest.
    await expect(async () => {
      seen = await page.evaluate(coloursOf, (await page.locator('.wall-map').screenshot()).toString('base64'));
      expect(Math.min(...Object.values(seen.counts)), `${theme}: ${JSON.stringify(seen.counts)}`).toBeGreaterThanOrEqual(10);
    }).toPass({ timeout: 20_000 });
    const { worst, pair, eye } = differ({ ...seen.wanted, none: seen.none });
    expect(worst, `${theme}: ${pair} to ${eye}`).toBeGreaterThanOrEqual(20);
  }
});

/** The area of the box around a grid, square degrees. */
function extent({ geometry }: Feature<Grid>): number {
  const side = (axis: 0 | 1) => Math.max(...outerRing(geometry!).map((at) => at[axis])) - Math.min(...outerRing(geometry!).map((at) => at[axis]));
  return side(0) * side(1);
}

/** In the page: how many pixels of a picture have the very colour of each level's mark, and the colour that most have. */
async function coloursOf(png: string) {
  type Triple = [number, number, number];
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const pixels = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
    pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
  }
  const triple = (colour: number): Triple => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const style = getComputedStyle(document.documentElement);
  const token = (level: string) => parseInt(style.getPropertyValue(`--map-level-${level}`).trim().slice(1), 16);
  const levels = ['red', 'yellow', 'blue'].map((level) => [level, token(level)] as const);
  const most = [...pixels].sort((a, b) => b[1] - a[1])[0]![0];
  return {
    counts: Object.fromEntries(levels.map(([level, colour]) => [level, pixels.get(colour) ?? 0])),
    wanted: Object.fromEntries(levels.map(([level, colour]) => [level, triple(colour)])) as Record<string, Triple>,
    none: triple(most),
  };
}

/** The colour of one pixel as it is painted. */
async function painted(page: Page, at: Spot): Promise<[number, number, number]> {
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
