// What stands while a wall opens anew: how long, and where not.
import { expect, test } from '../fixtures/desk.ts';
import { noteStandin, open, settled, WASM } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

test('what was seen last stands for ten seconds where the app has nothing to show, and no longer', async ({ page }) => {
  await page.clock.install();
  const stood = await noteStandin(page);
  await page.goto('/wall');
  await page.clock.runFor(3_000);
  await settled(page);
  await page.evaluate(() => void dispatchEvent(new Event('fengtu:renew')));
  // The app's file is on its way, and does not arrive.
  await page.route(WASM, () => undefined);
  await page.reload({ waitUntil: 'commit' });
  await expect(page.locator('#boot')).toBeAttached();
  // Its ten seconds begin when it stands.
  await expect(page.locator('#standin')).toBeAttached();
  await page.clock.fastForward(10_000);
  await expect.poll(stood, { message: 'ms that it stood' }).toBeGreaterThanOrEqual(10_000);
  await expect(page.locator('#standin')).toHaveCount(0);
  await expect(page.locator('#boot'), 'the app is not there').toBeAttached();
});

test('where there are no panels, and where the map has no ground, it goes as soon as the app shows as much', async ({ page }) => {
  const stood = await noteStandin(page);
  const before = { heroes: 0, panels: 0 };
  for (const [query, ground] of [['?height_mm=1350&farthest_m=8', true], ['', false]] as const) {
    if (!ground) await page.route('**/api/v1/basemap*', (route) => route.fulfill({ json: { type: 'FeatureCollection', features: [] } }));
    await page.goto(`/wall${query}`);
    await expect(page.locator('.wall-fresh.live')).toBeVisible();
    await expect(page.locator('.wall-waiting')).toHaveCount(0);
    await expect(page.locator('.wall-value').first()).toHaveText(/\d/);
    before.heroes += await page.locator('.wall-hero').count();
    before.panels += Number(ground) * (await page.locator('.wall-panel').count());
    await expect(page.locator('canvas[data-picture=Base]:not([hidden])')).toHaveCount(Number(ground));
    await page.evaluate(() => void dispatchEvent(new Event('fengtu:renew')));
    await page.reload({ waitUntil: 'domcontentloaded' });
    await expect.poll(stood, { message: `ms that it stood, ${query}`, timeout: 12_000 * PATIENCE }).toBeGreaterThan(0);
    expect(await stood(), query).toBeLessThan(9_900);
  }
  expect([before.heroes > 0, before.panels], 'figures and no panels').toEqual([true, 0]);
});

test('what was seen last does not stand where it is old, nor over the form of a wall that was signed out meanwhile', async ({ page, context }) => {
  const stood = await noteStandin(page);
  await open(page);
  const keep = () => page.evaluate(() => void dispatchEvent(new Event('fengtu:renew')));
  const standin = page.locator('#standin');
  await keep();
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('fengtu.standin')!) as { at: number };
    sessionStorage.setItem('fengtu.standin', JSON.stringify({ ...kept, at: kept.at - 31_000 }));
  });
  await page.reload({ waitUntil: 'domcontentloaded' });
  await settled(page);
  expect(await stood(), 'of half a minute ago').toBe(0);
  await keep();
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect.poll(stood, { message: 'of now', timeout: 20_000 * PATIENCE }).toBeGreaterThan(0);
  await settled(page);
  await keep();
  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole('button', { name: '登录大屏' })).toBeVisible();
  await expect(standin).toHaveCount(0, { timeout: 1_000 * PATIENCE });
});
