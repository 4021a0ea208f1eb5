// What goes wrong in weeks without a hand, for real: a trap, memory that runs out, files that are missing or damaged, a new version.
import { readFileSync } from 'node:fs';
import { expectDrawn } from '../fixtures/canvas.ts';
import { expect, test } from '../fixtures/desk.ts';
import { exposeMemory, hand, noteStandin, open, say, scene, settled, speakAsServer, speakOf } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

const WASM = /\/fengtu-[^/]+\.wasm$/;
const SCRIPT = /\/fengtu-[^/]+\.js$/;
// What a browser says when the app's own files are broken.
const BROKEN = /^(console: (Failed to (load|find)|.*(MIME|integrity|panicked|memory allocation|RuntimeError))|page: )/;

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

type Page = Parameters<typeof open>[0];
const card = (page: Page) => page.locator('#failure');

/** Keeps when the page heard of the first fault. */
const noteFault = (page: Page) =>
  page.addInitScript(() => {
    for (const name of ['error', 'unhandledrejection']) addEventListener(name, () => ((window as any).faultAt ??= performance.now()), true);
  });

/** What breaks the wall has been done: the card is there within a second over the last picture, the wall is back within ten. */
async function breaks(page: Page, faults: { expectFault(pattern: RegExp): void }, what: () => Promise<unknown>): Promise<void> {
  await what();
  const began = Date.now();
  await expect(card(page)).toBeVisible();
  // From the fault itself: what leads to it takes its time.
  const shown = await page.evaluate(() => performance.now() - (window as any).faultAt);
  await expect(page.locator('.wall-panel').first(), 'the last picture').toBeVisible();
  // Of a street few cases may be withheld, which is a figure too.
  expect(await page.locator('.wall-hero .wall-value').first().textContent()).not.toBe('');
  await expect(card(page)).toBeHidden({ timeout: 20_000 * PATIENCE });
  await settled(page);
  // The promise itself, on any machine.
  expect(shown, 'ms to the card').toBeLessThan(1_000);
  expect(Date.now() - began, 'ms until it is back').toBeLessThan(10_000);
  faults.expectFault(BROKEN);
}

test('a trap in its own code, and memory that has run out: the last picture with a card, and back', async ({ page, faults }) => {
  test.slow();
  await exposeMemory(page);
  await noteFault(page);
  await open(page);
  await breaks(page, faults, () =>
    page.evaluate(() => {
      // What the page calls back, with an address beyond all memory: the machine's own trap, wherever the names of exports come from.
      const exports = (window as any).wasm as Record<string, (...given: unknown[]) => void>;
      const name = Object.keys(exports).find((each) => /^__wasm_bindgen_func_elem|^wasm_bindgen__convert__closures/.test(each))!;
      setTimeout(() => exports[name]!(0xfffffff0, 0xfffffff0));
    }),
  );
  // An answer that is larger than what lies free waits until no page of memory is left: what is asked for meanwhile cannot come before it.
  let usedUp!: () => void;
  const used = new Promise<void>((done) => (usedUp = done));
  let spoilt = false;
  await page.route(/\/api\/v1\/statistics/, async (route) => {
    if (spoilt) return route.fallback();
    spoilt = true;
    const answer = await route.fetch();
    await used;
    return route.fulfill({ response: answer, body: `${await answer.text()}${' '.repeat(24_000_000)}` });
  });
  await breaks(page, faults, async () => {
    const before = (await scene(page).textContent())!;
    const asked = page.waitForRequest(/\/api\/v1\/statistics/);
    await page.keyboard.press('ArrowRight');
    await expect(scene(page)).not.toHaveText(before);
    await asked;
    await page.evaluate(() => {
      const memory = (window as any).wasm.memory as WebAssembly.Memory;
      for (let pages = 16_384; pages >= 1; pages = Math.floor(pages / 2)) {
        try {
          for (;;) memory.grow(pages);
        } catch {
          // No more of this size.
        }
      }
    });
    usedUp();
  });
  expect(spoilt).toBe(true);
});

for (const [what, url, body] of [
  ['its script is missing', SCRIPT, undefined],
  ['its wasm is damaged', WASM, Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 255])],
] as const) {
  test(`${what} when it opens anew: a card at once, three attempts in ten minutes, back when it is there`, async ({ page, faults }) => {
    await noteFault(page);
    await open(page);
    let loads = 0;
    page.on('domcontentloaded', () => (loads += 1));
    await page.route(url, (route) => route.fulfill(body ? { status: 200, contentType: 'application/wasm', body } : { status: 404, body: 'gone' }));
    await page.reload();
    await expect(card(page)).toBeVisible();
    expect(await page.evaluate(() => performance.now() - (window as any).faultAt), 'ms to the card').toBeLessThan(1_000);
    await expect(card(page).locator('[data-when=stop]')).toBeVisible({ timeout: 30_000 });
    // The card stands before the page that shows it says that it is loaded.
    await expect.poll(() => loads, { message: 'the one by hand and three' }).toBe(4);
    await page.unroute(url);
    // By itself it tries again when the oldest attempt is ten minutes old (a test below); whoever stands there need not wait for that.
    const pressed = Date.now();
    await page.locator('#failure-reload').click();
    await settled(page);
    expect(Date.now() - pressed, 'ms until it is back').toBeLessThan(10_000);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('night');
    faults.expectFault(BROKEN);
  });

  test(`${what} for a moment: a wall that has attempts left is back within ten seconds of when it is whole, without a hand`, async ({ page, faults }) => {
    await open(page);
    let broken = 0;
    await page.route(url, (route) => ((broken += 1), route.fulfill(body ? { status: 200, contentType: 'application/wasm', body } : { status: 404, body: 'gone' })));
    await page.reload();
    await expect(card(page).locator('[data-when=retry]').first()).toBeVisible();
    expect(broken, 'it was broken').toBeGreaterThan(0);
    await page.unroute(url);
    const whole = Date.now();
    await expect(card(page)).toBeHidden({ timeout: 20_000 * PATIENCE });
    await settled(page);
    expect(Date.now() - whole, 'ms until it is back').toBeLessThan(10_000);
    faults.expectFault(BROKEN);
  });
}

test('a stack or a buffer that does not suffice in its own code is a fault, one elsewhere is none', async ({ page, faults }) => {
  await noteFault(page);
  await open(page);
  const thrown = (where: string) =>
    page.evaluate(
      (stack) =>
        setTimeout(() => {
          const error = new RangeError('Maximum call stack size exceeded');
          error.stack = `${error}\n    at ${stack}`;
          throw error;
        }),
      where,
    );
  await thrown('fold (chrome-extension://abc/content.js:1:1)');
  await expect.poll(() => page.evaluate(() => typeof (window as any).faultAt)).toBe('number');
  await expect(card(page)).toBeHidden();
  await page.evaluate(() => delete (window as any).faultAt);
  await breaks(page, faults, () => thrown('fengtu.wasm (wasm://wasm/fengtu.wasm-00c0ffee:wasm-function[7]:0x1234)'));
});

test('where three attempts did not help there is another for each that is ten minutes old, until one helps', async ({ page, faults }) => {
  test.slow();
  const SECOND = 1_000;
  await page.clock.install();
  // One attempt of nine minutes ago, and two of a minute ago.
  await page.addInitScript(() => {
    if (!location.pathname.startsWith('/wall') || sessionStorage.getItem('fengtu.restarts') !== null) return;
    const ago = (seconds: number) => Date.now() - seconds * 1_000;
    sessionStorage.setItem('fengtu.restarts', JSON.stringify([ago(540), ago(60), ago(60)]));
  });
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  await page.route(SCRIPT, (route) => route.fulfill({ status: 404, body: 'gone' }));
  // An attempt asks for the page before it opens it: what is asked for after that is answered after it.
  const untouched = async (n: number) => {
    await page.evaluate(() => fetch('/config.json').then((answer) => answer.text()));
    expect(loads, 'how often it was opened').toBe(n);
  };
  const stopped = card(page).locator('[data-when=stop]');
  await page.goto('/wall');
  await expect(stopped).toBeVisible();
  await page.clock.fastForward(30 * SECOND);
  await untouched(1);
  await page.clock.fastForward(40 * SECOND);
  await expect.poll(() => loads, { message: 'the oldest is ten minutes old' }).toBe(2);
  // It is spent: the next is that of the two others, eight minutes on.
  await expect(stopped).toBeVisible();
  await page.clock.fastForward(7 * 60 * SECOND);
  await untouched(2);
  await page.unroute(SCRIPT);
  await page.clock.fastForward(2 * 60 * SECOND);
  await expect.poll(() => loads).toBe(3);
  await page.clock.runFor(3 * SECOND);
  await expect(page.locator('.wall-panel').first()).toBeVisible({ timeout: 20_000 * PATIENCE });
  await expect(card(page)).toBeHidden();
  faults.expectFault(BROKEN);
});

/** Looks at every frame that the browser shows: which part of it is of another colour than its ground. */
async function filmed(page: Page): Promise<{ end: () => Promise<number[]> }> {
  const [session, frames] = [await page.context().newCDPSession(page), [] as string[]];
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    frames.push(data);
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  await session.send('Page.startScreencast', { format: 'png', maxWidth: 640, maxHeight: 360 });
  const drawn = (data: string) =>
    page.evaluate(async (text) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const colours = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
      const counts = new Map<number, number>();
      for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
      return 1 - Math.max(...counts.values()) / colours.length;
    }, data);
  return {
    async end() {
      await session.send('Page.stopScreencast');
      await session.detach();
      const parts: number[] = [];
      for (const frame of frames) parts.push(await drawn(frame));
      return parts;
    },
  };
}

test('a new version is taken up by itself, fetched before the old one goes, in its look, and without a blank', async ({ page }) => {
  const order: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/wall' && request.isNavigationRequest()) order.push('page');
    else if (SCRIPT.test(pathname) || WASM.test(pathname)) order.push(request.isNavigationRequest() ? 'page' : 'file');
  });
  test.slow();
  await page.clock.install();
  await speakOf(page, ['district']);
  const stood = await noteStandin(page);
  // What was seen stands for ten seconds at most, which a busy machine needs to open a wall: here it has as long as it takes, so that
  // there is no frame that proves nothing. The ten seconds are a test of wall-standin.spec.ts.
  let patient = 0;
  await page.route('**/standin.js', async (route) => {
    // As it was written: what is served has no such names any more.
    const script = readFileSync(new URL('../../public/standin.js', import.meta.url), 'utf8');
    const longer = script.replace(/LONGEST_MS = [^;]+/, 'LONGEST_MS = 1e9');
    patient += Number(longer !== script);
    await route.fulfill({ response: await route.fetch(), body: longer });
  });
  await page.goto('/wall?theme=day');
  await page.clock.runFor(3_000);
  await settled(page);
  // The next version is this one under another name.
  await page.route(/\/fengtu-[^/]+$/, (route) => route.fallback({ url: route.request().url().replace('-00000000', '-') }));
  await page.route(/\/wall(\?.*)?$/, async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replaceAll(/\/fengtu-(?=[0-9a-f]{8,})/g, '/fengtu-00000000');
    await route.fulfill({ response: answer, body: html });
  });
  // With a wall at rest: a busy machine shows its map later than it says.
  const map = page.locator('.wall-map');
  await expectDrawn(page, 'Base');
  await expect(async () => expect((await map.screenshot()).equals(await map.screenshot())).toBe(true)).toPass();
  order.length = 0;
  const film = await filmed(page);
  const reloaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
  await page.clock.fastForward(5 * 60_000);
  await reloaded;
  expect(order[0], 'the files before the page').toBe('file');
  expect(order).toContain('page');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('day');
  // It stands until the app has as much to show, and goes then.
  await expect.poll(stood, { message: 'ms that it stood', timeout: 40_000 * PATIENCE }).toBeGreaterThan(0);
  await settled(page);
  const frames = await film.end();
  // A wall that was still on its way somewhere when the film began has more of its map in sight than one at rest.
  const whole = Math.min(frames.at(0) ?? 0, frames.at(-1) ?? 0);
  expect([frames.length > 2, whole > 0.3, patient > 1], `frames that were looked at: ${frames}`).toEqual([true, true, true]);
  expect(Math.min(...frames), `the part of a frame that is drawn upon: ${frames}`).toBeGreaterThan(whole * 0.9);
});

test('another playlist is taken up; a server that alternates makes no wall blink, and one that has gone back for good is believed in time', async ({ page }) => {
  test.slow();
  let [version, looks, loads] = [0, 0, 0];
  await page.clock.install();
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as object;
    const playlist = [{ scene: version ? 'heat' : 'district', seconds: 36_000 }];
    await route.fulfill({ response: answer, json: { ...config, wall: { playlist } } });
    looks += 1;
  });
  page.on('domcontentloaded', () => (loads += 1));
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  await settled(page);
  const comesBack = async (words: string) => {
    const reloaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
    await page.clock.fastForward(5 * 60_000);
    await reloaded;
    await expect(page.locator('#standin')).toHaveCount(0, { timeout: 20_000 * PATIENCE });
    // A place may turn red meanwhile, and is spoken of for half a minute.
    await expect(scene(page)).toHaveText(words, { timeout: 60_000 });
  };
  /** One more look, which changes nothing. */
  const look = async () => {
    const before = looks;
    await page.clock.fastForward(5 * 60_000);
    await expect.poll(() => looks).toBeGreaterThan(before);
    // What would follow comes before this; what comes later still is counted with the next.
    await page.evaluate(() => fetch('/standin.js').then((answer) => answer.text()));
  };
  version = 1;
  await comesBack('诉求热点');
  for (const other of [0, 1, 0, 1, 0, 0, 1]) {
    version = other;
    await look();
  }
  version = 0;
  for (let turn = 0; turn < 5; turn += 1) await look();
  expect(loads, 'what it has come from is not gone back to at once').toBe(2);
  await comesBack('全区总览');
  expect(loads).toBe(3);
});

test('a server that goes while a new version is fetched leaves the wall where it is', async ({ page, faults }) => {
  let asked = 0;
  await page.clock.install();
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  await settled(page);
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  // The first look finds a new version, the second no server.
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: '{}' }));
  await page.route(/\/wall$/, (route) => ((asked += 1), asked > 1 ? route.abort() : route.fallback()));
  await page.clock.fastForward(5 * 60_000);
  await expect.poll(() => asked).toBe(2);
  // It would open anew as soon as it knows, which is before this.
  await page.evaluate(() => fetch('/standin.js').then((answer) => answer.text()));
  expect([loads, asked]).toEqual([0, 2]);
  await expect(page.locator('.wall-panel').first()).toBeVisible();
  faults.expectFault(/console: .*ERR_FAILED/);
});

test('what a hand has set outlives the page, and is forgotten when it is old', async ({ page }) => {
  await open(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('s');
  const sounds = page.locator('.wall-foot', { hasText: '提示音已开' });
  await expect(sounds).toBeVisible();
  const held = (await scene(page).textContent())!;
  await page.reload();
  await settled(page);
  await expect(scene(page)).toHaveText(held);
  await expect(hand(page)).toBeVisible();
  await expect(sounds).toBeVisible();
  const kept = await page.evaluate(() => {
    const parts = () => sessionStorage.getItem('fengtu.show')!.split(' ');
    // As the last thing that the page does: it is written anew with every minute.
    addEventListener('pagehide', () => {
      const [at, ...rest] = parts();
      sessionStorage.setItem('fengtu.show', [Number(at) - 700, ...rest].join(' '));
    });
    return parts().slice(1).join(' ');
  });
  expect(kept, 'numbers, a scene, the number of a street').toMatch(/^[01] 30 0 \d+ 0 streets \S+$/);
  await page.reload();
  await settled(page);
  await expect(scene(page)).toHaveText('全区总览');
  await expect(hand(page)).toHaveCount(0);
  await expect(sounds).toHaveCount(0);
});

test('the screen is kept awake, and again after it was hidden; nothing sounds unless it is switched on', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { locks: 0, tones: 0 };
    Object.assign(window, { seen });
    let lock = new EventTarget();
    const request = async () => ((seen.locks += 1), (lock = Object.assign(new EventTarget(), { release: async () => undefined })));
    Object.assign(window, { letGo: () => lock.dispatchEvent(new Event('release')) });
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      seen.tones += 1;
      return start.apply(this, when);
    };
  });
  await speakAsServer(page);
  await page.clock.install();
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  await settled(page);
  const seen = () => page.evaluate(() => ({ ...(window as any).seen }) as { locks: number; tones: number });
  expect((await seen()).locks).toBe(1);
  const letGo = () => page.evaluate(() => (window as any).letGo());
  const show = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await show();
  expect((await seen()).locks, 'it is held').toBe(1);
  // Of a page that is hidden the browser lets go.
  await letGo();
  await show();
  await expect.poll(async () => (await seen()).locks).toBe(2);
  await page.clock.fastForward(61_000);
  await page.clock.runFor(1_000);
  expect((await seen()).locks, 'none beside the one that is held').toBe(2);
  // It lets go to save power too, with the page in view.
  await letGo();
  await page.clock.fastForward(61_000);
  await expect.poll(async () => (await seen()).locks).toBe(3);
  const grids = (await (await page.request.get('/api/v1/grids')).json()) as { features: { properties: { id: string } }[] };
  const warned = (await (await page.request.get('/api/v1/warnings?limit=1000')).json()) as { items: { place: string; level: string }[] };
  const red = new Set(warned.items.filter((one) => one.level === 'red').map((one) => one.place));
  const quiet = grids.features.map((grid) => grid.properties.id).filter((id) => !red.has(id));
  const turnsRed = (place: string) => say(page, 'warning', { place, level: 'red', score: 80 });
  await turnsRed(quiet[0]!);
  await expect(page.locator('.wall-scene')).toContainText('红色预警');
  expect((await seen()).tones, 'silent by default').toBe(0);
  await page.keyboard.press('s');
  await expect(page.locator('.wall-foot')).toContainText('提示音已开');
  await turnsRed(quiet[1]!);
  await expect.poll(async () => (await seen()).tones).toBe(1);
});
