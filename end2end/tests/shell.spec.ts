// The two documents themselves: they open, keep the strict policy, and show the card and come back when the app cannot start.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { audit, expect, test } from '../fixtures/test.ts';
import type { Page } from '@playwright/test';

const ENTRIES = [
  { name: 'desk', path: '/', wasm: /\/fengtu-[^/]+\.wasm$/, script: /\/fengtu-[^/]+\.js$/ },
  { name: 'portal', path: '/report/', wasm: /\/report\/portal-[^/]+\.wasm$/, script: /\/report\/portal-[^/]+\.js$/ },
];

// What a browser says when the app's own files are broken; a violation of the policy is not among it.
const BROKEN = /^(console: Failed to (load|find)|console: .*(MIME|integrity)|page: (Failed to fetch|WebAssembly))/;

const card = (page: Page) => page.locator('#failure');

for (const entry of ENTRIES) {
  test.describe(entry.name, () => {
    test('opens, and the app takes the place of the skeleton', async ({ page }) => {
      await page.goto(entry.path);
      await expect(page.locator('#boot')).toHaveCount(0);
      await expect(card(page)).toBeHidden();
      await expect(page.locator('h1').first()).toBeAttached();
    });

    test('is sent with a strict policy and holds no inline script', async ({ request }) => {
      const answer = await request.get(entry.path);
      expect(answer.status()).toBe(200);
      const policy = answer.headers()['content-security-policy'] ?? '';
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
      const inline = (await answer.text()).match(/<script(?![^>]*\bsrc=)[^>]*>/g);
      expect(inline).toBeNull();
    });

    const harms = [
      { what: 'the wasm is refused', url: entry.wasm, how: 'abort' as const },
      { what: 'the wasm is damaged', url: entry.wasm, how: 'damage' as const },
      { what: 'the script is missing', url: entry.script, how: 'missing' as const },
    ];
    for (const { what, url, how } of harms) {
      test(`shows the card when ${what}, and comes back by itself`, async ({ page, faults }) => {
        await harm(page, url, how);
        await page.goto(entry.path);
        await expect(card(page)).toBeVisible();
        await expect(card(page)).toContainText(/第 [1-3] 次，共 3 次/);
        await page.unroute(url);
        await expect(card(page)).toBeHidden();
        await expect(page.locator('#boot')).toHaveCount(0);
        faults.expectFault(BROKEN);
      });
    }

    test('stops after three attempts in ten minutes; the button tries again', async ({ page, faults }) => {
      let loads = 0;
      page.on('domcontentloaded', () => (loads += 1));
      await harm(page, entry.wasm, 'damage');
      await page.goto(entry.path);
      await expect(card(page).locator('[data-when=stop]')).toBeVisible({ timeout: 30_000 });
      expect(loads).toBe(4);
      await audit(page);
      await page.unroute(entry.wasm);
      await page.locator('#failure-reload').click();
      await expect(page.locator('#boot')).toHaveCount(0);
      await expect(card(page)).toBeHidden();
      faults.expectFault(BROKEN);
    });

    test('shows the card after a panic and comes back', async ({ page }) => {
      await page.goto(entry.path);
      await expect(page.locator('#boot')).toHaveCount(0);
      await page.evaluate(() => dispatchEvent(new CustomEvent('fengtu:panic')));
      await expect(card(page)).toBeVisible();
      await expect(card(page).locator('[data-when=panic]')).toBeVisible();
      await expect(card(page)).toBeHidden();
    });

    test('does not loop where storage is forbidden', async ({ page, faults }) => {
      await page.addInitScript(() => {
        Object.defineProperty(window, 'sessionStorage', {
          get() {
            throw new DOMException('forbidden', 'SecurityError');
          },
        });
      });
      let loads = 0;
      page.on('domcontentloaded', () => (loads += 1));
      await harm(page, entry.wasm, 'damage');
      await page.goto(entry.path);
      await expect(card(page).locator('[data-when=stop]')).toBeVisible({ timeout: 30_000 });
      expect(loads).toBe(4);
      faults.expectFault(BROKEN);
    });
  });
}

test('the portal loads no map and stays small', async ({ page }) => {
  const urls: string[] = [];
  page.on('request', (request) => urls.push(new URL(request.url()).pathname));
  await page.goto('/report/');
  await expect(page.locator('#boot')).toHaveCount(0);
  expect(urls.filter((url) => /leaflet|\/fengtu-/.test(url))).toEqual([]);
});

test('what comes from others is served with its licence', async ({ request }) => {
  for (const path of ['/vendor/leaflet/LICENSE', '/vendor/font/LICENSE']) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(await answer.text(), path).toMatch(/copyright/i);
  }
});

test('each large file has its compressed copies', () => {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  const names = new Set([...readdirSync(dist), ...readdirSync(`${dist}report`).map((name) => `report/${name}`)]);
  const large = [...names].filter((name) => /\.(wasm|js|css|html)$/.test(name) && !name.endsWith('/'));
  expect(large.length).toBeGreaterThan(4);
  const lacking = large.filter((name) => /\.(wasm|js)$/.test(name) && !(names.has(`${name}.br`) && names.has(`${name}.gz`)));
  expect(lacking).toEqual([]);
});

/** Breaks the answers to a pattern of addresses. */
async function harm(page: Page, url: RegExp, how: 'abort' | 'damage' | 'missing'): Promise<void> {
  await page.route(url, async (route) => {
    if (how === 'abort') return route.abort();
    if (how === 'missing') return route.fulfill({ status: 404, contentType: 'text/plain', body: 'gone' });
    return route.fulfill({ status: 200, contentType: 'application/wasm', body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 255]) });
  });
}
