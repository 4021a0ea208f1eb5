// What goes wrong in weeks without a hand, for real: files that are missing or damaged, a new version.
import { expect, test } from '../fixtures/desk.ts';
import { open, settled } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

const WASM = /\/fengtu-[^/]+\.wasm$/;
const SCRIPT = /\/fengtu-[^/]+\.js$/;
// What a browser says when the app's own files are broken.
const BROKEN = /^(console: (Failed to (load|find)|.*(MIME|integrity|panicked|memory allocation))|page: )/;

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

type Page = Parameters<typeof open>[0];
const card = (page: Page) => page.locator('#failure');

for (const [what, url, body] of [
  ['its script is missing', SCRIPT, undefined],
  ['its wasm is damaged', WASM, Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 255])],
] as const) {
  test(`${what} when it opens anew: a card at once, three attempts in ten minutes, back when it is there`, async ({ page, faults }) => {
    await open(page);
    let loads = 0;
    page.on('domcontentloaded', () => (loads += 1));
    await page.route(url, (route) => route.fulfill(body ? { status: 200, contentType: 'application/wasm', body } : { status: 404, body: 'gone' }));
    await page.reload();
    const began = Date.now();
    await expect(card(page)).toBeVisible();
    expect(Date.now() - began).toBeLessThan(1_000 * PATIENCE);
    await expect(card(page).locator('[data-when=stop]')).toBeVisible({ timeout: 30_000 });
    expect(loads, 'the one by hand and three').toBe(4);
    await page.unroute(url);
    await page.locator('#failure-reload').click();
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('night');
    faults.expectFault(BROKEN);
  });
}

test('a new version is taken up by itself, fetched before the old one goes, in the look of the old one', async ({ page }) => {
  const order: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/wall' && request.isNavigationRequest()) order.push('page');
    else if (SCRIPT.test(pathname) || WASM.test(pathname)) order.push(request.isNavigationRequest() ? 'page' : 'file');
  });
  test.slow();
  await page.clock.install();
  await page.goto('/wall?theme=day');
  await page.clock.runFor(3_000);
  await expect(page.locator('.wall-panel').first()).toBeVisible();
  // The next version is this one under another name.
  await page.route(/\/fengtu-[^/]+$/, (route) => route.fallback({ url: route.request().url().replace('-00000000', '-') }));
  await page.route(/\/wall(\?.*)?$/, async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replaceAll(/\/fengtu-(?=[0-9a-f]{8,})/g, '/fengtu-00000000');
    await route.fulfill({ response: answer, body: html });
  });
  order.length = 0;
  const reloaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
  await page.clock.fastForward(5 * 60_000);
  await reloaded;
  expect(order[0], 'the files before the page').toBe('file');
  expect(order).toContain('page');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('day');
});

test('the screen is kept awake, and again after it was hidden; nothing sounds unless it is switched on', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { locks: 0, tones: 0 };
    Object.assign(window, { seen });
    const request = async () => ((seen.locks += 1), { release: async () => undefined });
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      seen.tones += 1;
      return start.apply(this, when);
    };
    // The stream, to say what a server would say.
    const native = window.fetch.bind(window);
    window.fetch = async (...asked) => {
      const answer = await native(...asked);
      if (!answer.body || !String(asked[0]).includes('/events')) return answer;
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      const body = new ReadableStream<Uint8Array>({
        start(out) {
          Object.assign(window, { say: (text: string) => out.enqueue(new TextEncoder().encode(text)) });
        },
        async pull(out) {
          const { done, value } = await reader.read();
          if (done) return out.close();
          const id = [...decoder.decode(value, { stream: true }).matchAll(/^id: ?(.+)$/gm)].at(-1)?.[1];
          if (id) Object.assign(window, { lastId: id });
          out.enqueue(value);
        },
      });
      return new Response(body, { status: answer.status, headers: answer.headers });
    };
  });
  await open(page);
  const seen = () => page.evaluate(() => ({ ...(window as any).seen }) as { locks: number; tones: number });
  expect((await seen()).locks).toBe(1);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect.poll(async () => (await seen()).locks).toBe(2);
  const grids = (await (await page.request.get('/api/v1/grids')).json()) as { features: { properties: { id: string } }[] };
  const warned = (await (await page.request.get('/api/v1/warnings?limit=1000')).json()) as { items: { place: string; level: string }[] };
  const red = new Set(warned.items.filter((one) => one.level === 'red').map((one) => one.place));
  const quiet = grids.features.map((grid) => grid.properties.id).filter((id) => !red.has(id));
  let sequence = 0;
  const turnsRed = async (place: string) => {
    sequence += 1;
    await page.evaluate(
      ({ place, sequence }) => {
        const data = JSON.stringify({ kind: 'warning', data: { place, level: 'red', score: 80 } });
        const last = (window as any).lastId ?? '';
        (window as any).say(`event: warning\nid: ${last.replace(/:\d+$/, `:${1e9 + sequence}`)}\ndata: ${data}\n\n`);
      },
      { place, sequence },
    );
  };
  await expect.poll(() => page.evaluate(() => Boolean((window as any).lastId)), { timeout: 15_000 }).toBe(true);
  await turnsRed(quiet[0]!);
  await expect(page.locator('.wall-scene')).toContainText('红色预警');
  expect((await seen()).tones, 'silent by default').toBe(0);
  await page.keyboard.press('s');
  await expect(page.locator('.wall-foot')).toContainText('提示音已开');
  await turnsRed(quiet[1]!);
  await expect.poll(async () => (await seen()).tones).toBe(1);
});
