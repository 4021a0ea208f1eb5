// What moves on the wall, and what grows: digits that have changed and nothing else, no flashes, nothing at all where less motion is wanted;
// and after many turns of its scenes as much memory, as many nodes and listeners as before. The whole day is `cargo xtask bench soak`.
import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { prepare } from '../fixtures/motion.ts';
import { exposeMemory, hero, open, say, scene, settled, speakAsServer, speakOf } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

interface Moved {
  at: number;
  what: string;
  of: number;
}

/** Notes every transition and animation that begins on the page, with a number for the element. */
async function watchMotion(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Moved[] = [];
    const numbers = new Map<EventTarget, number>();
    Object.assign(window, { seen });
    for (const name of ['transitionrun', 'animationstart']) {
      addEventListener(name, (event) => {
        const { pseudoElement, propertyName, animationName } = event as TransitionEvent & AnimationEvent;
        const element = event.target as Element;
        if (!numbers.has(element)) numbers.set(element, numbers.size);
        const what = `${element.className}${pseudoElement} ${propertyName ?? animationName}`;
        seen.push({ at: performance.now(), what, of: numbers.get(element)! });
      }, true);
    }
  });
}

const moved = (page: Page) => page.evaluate(() => (window as any).seen as Moved[]);

/** Turns to the next scenes, as fast as they are there. */
async function turn(page: Page, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const before = (await scene(page).textContent())!;
    await page.keyboard.press('ArrowRight');
    await expect(scene(page)).not.toHaveText(before);
    await expect(page.locator('.wall-waiting')).toHaveCount(0);
  }
}

/** The most of these times, in ms, that lie within one second. */
const inOneSecond = (times: number[]) => Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

/**
 * How often, at most, a part of the picture gets lighter and darker again within a second. WCAG's general flash is a change by a tenth
 * of all light in a quarter of 341 × 256 px: of the mean of parts as large as that, a fortieth.
 */
function flashes(frames: { at: number; light: number[] }[]): number {
  const parts = frames[0]?.light.length ?? 0;
  const counts = Array.from({ length: parts }, (_, part) => {
    const changes: number[] = [];
    let [extreme, way] = [frames[0]!.light[part]!, 0];
    for (const { at, light } of frames) {
      const now = light[part]!;
      const change = now - extreme;
      if (Math.abs(change) >= 0.025 && Math.min(now, extreme) < 0.8 && Math.sign(change) !== way) {
        changes.push(at);
        [extreme, way] = [now, Math.sign(change)];
      } else if (Math.sign(change) === way) extreme = now;
    }
    return inOneSecond(changes);
  });
  return Math.max(0, ...counts) / 2;
}

/** The light of 6 × 4 parts of each picture that the browser draws meanwhile. */
async function film(page: Page, devtools: CDPSession, meanwhile: () => Promise<void>): Promise<{ at: number; light: number[] }[]> {
  const shots: { at: number; data: string }[] = [];
  devtools.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    shots.push({ at: metadata.timestamp! * 1_000, data });
    void devtools.send('Page.screencastFrameAck', { sessionId });
  });
  await devtools.send('Page.startScreencast', { format: 'jpeg', quality: 70, maxWidth: 640, maxHeight: 360 });
  await meanwhile();
  await devtools.send('Page.stopScreencast');
  const lab = await page.context().newPage();
  const found = await lab.evaluate(async (shots) => {
    const context = new OffscreenCanvas(96, 64).getContext('2d', { willReadFrequently: true })!;
    const linear = (byte: number) => (byte <= 10 ? byte / 3294 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
    const frames = [];
    for (const { at, data } of shots) {
      const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
      context.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })), 0, 0, 96, 64);
      const light = Array.from({ length: 24 }, (_, part) => {
        // Sixteen by sixteen pixels of each.
        const pixels = context.getImageData((part % 6) * 16, Math.floor(part / 6) * 16, 16, 16).data;
        let sum = 0;
        for (let n = 0; n < pixels.length; n += 4) sum += 0.2126 * linear(pixels[n]!) + 0.7152 * linear(pixels[n + 1]!) + 0.0722 * linear(pixels[n + 2]!);
        return sum / 256;
      });
      frames.push({ at, light });
    }
    return frames;
  }, shots);
  await lab.close();
  return found;
}

test('digits roll where they have changed and nothing else moves or flashes', async ({ page }) => {
  test.slow();
  // What would be found: a lamp that blinks five times a second, and one that blinks once.
  const lamp = (times: number) => flashes(Array.from({ length: 40 }, (_, n) => ({ at: n * 25, light: [Math.floor((n * 25 * times) / 500) % 2] })));
  expect([lamp(5) > 3, lamp(1) <= 1, flashes([])]).toEqual([true, true, 0]);
  await watchMotion(page);
  await speakAsServer(page, ['figures']);
  await open(page);
  const frames = await film(page, await page.context().newCDPSession(page), async () => {
    // Cases come, and the figure of today goes on.
    const { today } = (await (await page.request.get('/api/v1/snapshot')).json()) as { today: object };
    // These half seconds wait for nothing: how often something moves within a second is counted on the browser's own clock, by which it
    // draws, and no test can set that. So what it is given must come as fast as the world gives it, on a fast machine too.
    for (const received of [4_321, 4_322, 4_399]) {
      await say(page, 'figures', { ...today, received });
      await expect(hero(page, '今日受理')).toHaveText(String(received));
      // A server tells figures no faster; what is counted is what the wall makes of each.
      await page.waitForTimeout(500);
    }
    for (let scenes = 0; scenes < 4; scenes += 1) {
      await turn(page, 1);
      // No hand turns faster.
      await page.waitForTimeout(500);
    }
    await expect.poll(async () => (await moved(page)).length).toBeGreaterThan(0);
  });
  const all = await moved(page);
  expect(all.filter(({ what }) => !/^digit::before transform$/.test(what)), 'what moves beside digits').toEqual([]);
  const one = [...new Set(all.map(({ of }) => of))].map((of) => inOneSecond(all.filter((each) => each.of === of).map(({ at }) => at)));
  expect(Math.max(...one), 'how often one digit moves within a second').toBeLessThanOrEqual(3);
  expect(frames.length, 'pictures seen').toBeGreaterThan(8);
  expect(flashes(frames), 'flashes within a second').toBeLessThanOrEqual(3);
});

/** At how many places the map is seen, frame by frame, while something is done and until it has stood still for longer than a flight takes. */
async function flight(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const { leafletMap } = window as any;
    const [places, flown] = [new Set<string>(), { places: 0, still: 0 }];
    Object.assign(window, { flown });
    let [last, since] = ['', 0];
    const look = () => {
      const { lat, lng } = leafletMap.getCenter();
      const now = `${lat.toFixed(5)} ${lng.toFixed(5)} ${leafletMap.getZoom().toFixed(3)}`;
      if (now !== last) [last, since] = [now, performance.now()];
      places.add(now);
      Object.assign(flown, { places: places.size, still: performance.now() - since });
      if ((window as any).flown === flown) requestAnimationFrame(look);
    };
    look();
  });
  await act();
  const flown = () => page.evaluate(() => (window as any).flown as { places: number; still: number });
  await expect.poll(async () => (await flown()).places, { message: 'the map has moved' }).toBeGreaterThan(1);
  await expect.poll(async () => (await flown()).still).toBeGreaterThan(1_000);
  return (await flown()).places;
}

test('where less motion is wanted nothing moves, and the map is at once where it else flies to', async ({ page }) => {
  await watchMotion(page);
  await prepare(page);
  // A flight is neither transition nor animation.
  const flights = async () => {
    await open(page);
    return [await flight(page, () => turn(page, 1)), await flight(page, () => turn(page, 1))];
  };
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await flights(), 'where it was, and where it is').toEqual([2, 2]);
  expect(await moved(page)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(Math.min(...(await flights())), 'and what lies between').toBeGreaterThan(4);
});

test('against burning in the whole picture takes another place every three minutes, never beyond the screen', async ({ page }) => {
  await speakAsServer(page);
  await open(page);
  const place = () =>
    page.locator('body > .wall').evaluate((wall) => {
      const { m41, m42 } = new DOMMatrix(getComputedStyle(wall).transform);
      const { left, top, right, bottom } = wall.getBoundingClientRect();
      return { at: `${m41} ${m42}`, inside: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight };
    });
  // The page goes by the server's clock, and of what that says by the latest: whoever says it has the time in hand.
  const STEP = 3 * 60_000;
  const { server_time } = (await (await page.request.get('/api/v1/snapshot')).json()) as { server_time: string };
  const begin = (Math.floor(Date.parse(server_time) / STEP) + 1) * STEP + 1_000;
  const stepTo = async (n: number) => {
    const before = (await place()).at;
    await say(page, 'heartbeat', { server_time: new Date(begin + n * STEP).toISOString() });
    await expect.poll(async () => (await place()).at, { message: `step ${n}` }).not.toBe(before);
    return place();
  };
  const seen = [];
  for (let n = 0; n < 9; n += 1) seen.push(await stepTo(n));
  expect(seen.every(({ inside }) => inside), JSON.stringify(seen)).toBe(true);
  // Eight places in turn, and then the first again.
  expect([new Set(seen.map(({ at }) => at)).size, seen[8]!.at]).toEqual([8, seen[0]!.at]);
});

test('round after round of scenes leaves memory, nodes and listeners as they were', async ({ page }) => {
  test.slow();
  await exposeMemory(page);
  await speakOf(page, ['district', 'heat', 'stations', 'mediation'], { theme: 'clock', day: ['00:00', '24:00'] });
  await page.goto('/wall');
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.dataset.theme), 'paper by the clock').toBe('day');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const look = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    const wasm = await page.evaluate(() => ((window as any).wasm.memory as WebAssembly.Memory).buffer.byteLength);
    return { wasm, heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
  };
  // What is kept of each scene and each map is made once.
  await turn(page, 8);
  const before = await look();
  await turn(page, 16);
  await expect(scene(page)).toHaveText('全区总览');
  const after = await look();
  const grown = Object.entries(before).map(([key, was]) => [key, after[key as keyof typeof after] / was - 1] as const);
  const most: Record<string, number> = { wasm: 0.01, heap: 0.04, nodes: 0.02, listeners: 0.01 };
  for (const [key, part] of grown) expect(part, `${key}: ${JSON.stringify({ before, after })}`).toBeLessThanOrEqual(most[key]!);
});
