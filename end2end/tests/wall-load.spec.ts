// Loads of the wall that hang: broken off after a minute, and forgiven where they come late.
import type { Page, Route } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { WASM } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

// What a browser says when the app's own files are broken.
const BROKEN = /^(console: (Failed to (load|find)|.*(MIME|integrity|panicked|memory allocation|RuntimeError))|page: )/;

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

const card = (page: Page) => page.locator('#failure');

/** Opens the wall and holds back what the app is made of; counts the page's loads. */
async function hang(page: Page): Promise<{ held: Route[]; loads: () => number }> {
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  const asked = page.waitForRequest(WASM);
  const held: Route[] = [];
  await page.route(WASM, (route) => void held.push(route));
  await page.goto('/wall', { waitUntil: 'commit' });
  await asked;
  // The watchdog is there: what it says first is the look.
  await expect(page.locator('html[data-theme=night]')).toBeAttached();
  return { held, loads: () => loads };
}

test('a load that neither ends nor fails is broken off after a minute, and tried again', async ({ page, faults }) => {
  await page.clock.install();
  const { held, loads } = await hang(page);
  // A slow machine has taken some seconds of the minute already.
  await page.clock.fastForward(45_000);
  await expect(page.locator('#boot')).toBeVisible();
  await expect(card(page)).toBeHidden();
  await page.clock.fastForward(16_000);
  await expect(card(page).locator('[data-when=retry]').first()).toBeVisible();
  // What the browser says of a load that is broken off it says now.
  const said = page.waitForEvent('pageerror');
  for (const route of held) await route.abort();
  await said;
  await page.unroute(WASM);
  await page.clock.runFor(3_000);
  await expect.poll(loads, { message: 'it is opened anew' }).toBe(2);
  await page.clock.runFor(3_000);
  await expect(page.locator('.wall-panel').first()).toBeVisible({ timeout: 20_000 * PATIENCE });
  faults.expectFault(BROKEN);
});

test('a load that comes late is forgiven, and a fault after it is one: it has its card, and the wall opens anew', async ({ page }) => {
  await page.clock.install();
  // Three attempts are spent: the watchdog would try again in ten minutes.
  await page.addInitScript(() => {
    if (!sessionStorage.getItem('fengtu.restarts')) sessionStorage.setItem('fengtu.restarts', JSON.stringify([Date.now(), Date.now(), Date.now()]));
  });
  const { held, loads } = await hang(page);
  await page.clock.fastForward(61_000);
  await expect(card(page).locator('[data-when=stop]').first()).toBeVisible();
  for (const route of held) await route.continue();
  await page.unroute(WASM);
  await expect(page.locator('.wall-panel').first()).toBeVisible({ timeout: 20_000 * PATIENCE });
  await expect(card(page), 'it went with what it stood in').toHaveCount(0);
  // Before anybody has forgiven the load.
  await page.evaluate(() => dispatchEvent(new CustomEvent('fengtu:panic')));
  await expect(card(page)).toBeVisible();
  await expect(page.locator('html[data-failed=panic]')).toBeAttached();
  await page.clock.runFor(11 * 60_000);
  await expect.poll(loads, { message: 'it is opened anew' }).toBe(2);
  await expect(page.locator('.wall-panel').first()).toBeVisible({ timeout: 20_000 * PATIENCE });
  await expect(card(page)).toBeHidden();
});
