// What opens on the pages beside the map: long names, chosen warnings, other bulletins, a way down to one case, a tablet's fingers.
import type { Page } from '@playwright/test';
import { card, go, hero, OVER } from '../fixtures/board.ts';
import { asked, drawer, expect, figure, list, test } from '../fixtures/desk.ts';
import { expectSound, lengthen } from '../fixtures/layout.ts';
import { audit } from '../fixtures/test.ts';

const PAGES = ['/board', '/board/warnings', '/board/orders', '/board/bulletin'] as const;

for (const path of PAGES) {
  test(`names of twelve characters stand whole on ${path}`, async ({ page }) => {
    test.slow();
    await page.route(/\/api\/v1\/places(\?|$)/, lengthen);
    await go(page, path);
    await expect(page.getByText(path === '/board/orders' ? /一二三四五六七八/ : '光明街道一二三四五六七八').first()).toBeAttached();
    for (const [width, height] of [[1440, 900], [1024, 768], [390, 844], [320, 640]] as const) {
      await page.setViewportSize({ width, height });
      await expectSound(page, `${path} at ${width}`);
    }
  });
}

test('a warning that is chosen, and thresholds that were tried, pass the audit', async ({ page }) => {
  test.slow();
  for (const [colorScheme, lang] of [['light', 'zh-CN'], ['dark', 'en']] as const) {
    await page.emulateMedia({ colorScheme });
    await go(page, '/board/warnings', { lang });
    await page.locator('.inbox-row').first().click();
    await expect(page.locator('#warning-note')).toBeVisible();
    await expect.poll(() => page.locator('#warning-to option').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: lang === 'en' ? 'Try' : '试算', exact: true }).click();
    await expect(page.locator('.trial tbody tr, #trial tbody tr').first()).toBeVisible();
    await audit(page, `a warning, ${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate(() => scrollTo(0, 0));
    await expectSound(page, `a warning at 390, ${lang}`);
    await audit(page, `a warning at 390, ${colorScheme}`);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
});

test('every bulletin passes the audit', async ({ page }) => {
  await go(page, '/board/bulletin');
  for (const kind of ['Day', 'Week', 'Month', 'Quarter']) {
    await page.locator(`#bulletin-${kind}`).click();
    await expect(page.locator(`#bulletin-${kind}`)).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('.sheet table')).toHaveCount(2);
    await audit(page, `bulletin: ${kind}`);
  }
});

test('a board that is brushed passes the audit, and goes down to a grid and one of its cases', async ({ page }) => {
  test.slow();
  await go(page);
  const ranking = card(page, '各地排名');
  await ranking.locator('tbody tr').first().getByRole('button').first().click();
  await expect.poll(() => asked(page, 'place')).toMatch(/^44031100\d$/);
  await ranking.locator('.segmented').getByText('社区', { exact: true }).click();
  await ranking.locator('tbody tr').first().getByRole('button').first().click();
  await expect.poll(() => asked(page, 'place')).toMatch(/^44031100\d{4}$/);
  await audit(page, 'a community');
  await ranking.locator('tbody tr').first().getByRole('button').first().click();
  await expect.poll(() => asked(page, 'place')).toMatch(/^44031100\d{7}$/);
  await audit(page, 'a grid');
  await page.getByRole('link', { name: '背后的案件' }).click();
  await list(page).getByRole('row').filter({ has: page.getByRole('cell') }).first().click();
  await expect(drawer(page).getByRole('heading', { name: '办理过程' })).toBeVisible();
});

/** Draws a line with a finger through points of the small map, in parts of its sides. */
async function drawByFinger(page: Page, points: [number, number][]): Promise<void> {
  const map = page.locator('#areas-plot');
  await map.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = (await map.boundingBox())!;
  const touch = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: [number, number]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: box.x + box.width * at[0], y: box.y + box.height * at[1] }] : [] });
  await send('touchStart', points[0]);
  for (const [index, [x, y]] of points.slice(1).entries()) {
    const from = points[index]!;
    for (let step = 1; step <= 5; step += 1) {
      await send('touchMove', [from[0] + ((x - from[0]) * step) / 5, from[1] + ((y - from[1]) * step) / 5]);
      // Of all moves between two pictures a page is told the last.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  }
  await send('touchEnd');
  await touch.detach();
}

test.describe('on a tablet', () => {
  test.use({ hasTouch: true, viewport: { width: 1180, height: 820 } });

  test('every control is large enough for a finger', async ({ page }) => {
    for (const path of PAGES) {
      await go(page, path, OVER);
      expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true);
      const small = await page.evaluate(() => {
        const controls = [...document.querySelectorAll<HTMLElement>('main button, main select, main summary, main input:not([type=hidden]), main nav a, header button, header summary, header a')];
        const shown = controls.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1 && !one.closest('.skip, .sr-only'));
        // What is pressed is the control, or the label around it.
        const box = (one: HTMLElement) => (one.closest('label') ?? one).getBoundingClientRect();
        return shown.filter((one) => box(one).height < 43.5).map((one) => `${one.className || one.tagName} “${one.textContent?.trim().slice(0, 12)}” ${Math.round(box(one).height)}`);
      });
      expect([...new Set(small)], path).toEqual([]);
    }
  });

  test('a finger draws an area that begins downwards, and another beside it', async ({ page }) => {
    const received = async () => figure(await hero(page, '受理量').textContent());
    await go(page);
    const whole = await received();
    const places = card(page, '地图圈选');
    await places.scrollIntoViewIfNeeded();
    const [map, draw] = [places.locator('#areas-plot'), places.getByRole('button', { name: '手绘区域' })];
    await expect(map).toHaveCSS('touch-action', 'pan-y');
    await draw.tap();
    await expect(draw).toHaveAttribute('aria-pressed', 'true');
    await expect(map).toHaveCSS('touch-action', 'none');
    expect((await draw.boundingBox())!.height).toBeGreaterThan(43.5);
    await drawByFinger(page, [[0.35, 0.35], [0.35, 0.6], [0.6, 0.6], [0.6, 0.35]]);
    await expect.poll(() => page.url()).toMatch(/[?&](area|within)=/);
    await expect.poll(received).toBeLessThan(whole);
    const some = await received();
    expect(some).toBeGreaterThan(0);
    await drawByFinger(page, [[0.62, 0.3], [0.62, 0.6], [0.8, 0.6], [0.8, 0.3]]);
    await expect.poll(received).toBeGreaterThan(some);
    expect(await received()).toBeLessThan(whole);
    // Without it a line is one area, and the page scrolls under a finger.
    // After strokes that are sent to it, Chromium makes no click of a tap that is sent.
    await draw.click();
    await expect(draw).toHaveAttribute('aria-pressed', 'false');
    await expect(map).toHaveCSS('touch-action', 'pan-y');
  });
});
