// A wall takes up what its server has got meanwhile, a new version or another playlist, by itself and without a blank.
import { readFileSync } from 'node:fs';
import { expectDrawn } from '../fixtures/canvas.ts';
import { expect, test } from '../fixtures/desk.ts';
import { noteStandin, open, scene, SCRIPT, settled, speakOf, WASM } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

type Page = Parameters<typeof open>[0];

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

test('each screen shows the playlist that its address names', async ({ page }) => {
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as object;
    const of = (scene: string) => [{ scene, seconds: 36_000 }];
    await route.fulfill({ response: answer, json: { ...config, wall: { playlist: of('district'), playlists: { court: of('mediation') } } } });
  });
  for (const [address, words] of [['/wall', '全区总览'], ['/wall?playlist=court', '纠纷调处']] as const) {
    await page.goto(address);
    // A place may turn red meanwhile, and is spoken of for half a minute.
    await expect(scene(page), address).toHaveText(words, { timeout: 60_000 });
  }
});

test('another playlist is taken up; a server that alternates makes no wall blink, and one that has gone back for good is believed in time', async ({ page, faults }) => {
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
  // Late in the evening the page's clock, which is put on, comes to a day of which the server knows nothing yet.
  const day = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
  const isTomorrow = day(await page.evaluate(() => Date.now())) !== day(Date.now());
  if (isTomorrow && faults.list.length > 0) faults.expectFault(/status of 400/);
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
