// Walls whose last seat is far: how high everything is, and what has room then.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { lengthen } from '../fixtures/layout.ts';
import { cut, open, speakOf, WALLS } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

test('what has no room is counted at the foot, panels and figures alike', async ({ page }) => {
  await open(page, '?height_mm=1350&farthest_m=4');
  const words = page.locator('.wall-foot p', { hasText: '放不下 7 块内容、2 个大数字' });
  await expect(words).toBeVisible();
  // In the line that is seen, not in the one below it.
  const [line, foot] = [await words.boundingBox(), await page.locator('.wall-foot').boundingBox()];
  expect(line!.y + line!.height).toBeLessThanOrEqual(foot!.y + foot!.height + 1);
  await expect(page.locator('.wall-hero')).toHaveCount(6);
  await expect(page.locator('.wall-hero').filter({ hasText: '心理服务' })).toBeVisible();
});

test('at the foot of a wall for very far seats nothing is seen in part', async ({ page }) => {
  await speakOf(page, ['psychological']);
  for (const far of [9, 16]) {
    await open(page, `?height_mm=1350&farthest_m=${far}`);
    const inPart = await page.locator('.wall-foot').evaluate((foot) => {
      const [range, { right, bottom }] = [document.createRange(), foot.getBoundingClientRect()];
      range.selectNodeContents(foot);
      const seen = [...range.getClientRects()].filter((line) => line.width > 0 && line.top < bottom - 1);
      return seen.filter((line) => line.right > right + 1 || line.bottom > bottom + 1).length;
    });
    expect(inPart, `${far} m`).toBe(0);
    // Where a row of figures would lie over the foot, there is none.
    await expect(page.locator('.wall-heroes')).toHaveCount(far < 12 ? 1 : 0);
  }
});

for (const lang of ['zh-CN', 'en']) {
  test(`title, legend and figures are seen whole from every seat (${lang})`, async ({ page }) => {
    test.slow();
    await speakOf(page, ['mediation']);
    await page.route(/\/api\/v1\/(places|grids)(\?|$)/, lengthen);
    const upright = [3, 4, 4.5, 5, 6, 8].map((far) => [1080, 1920, 1800, far] as const);
    const lying = [4, 6, 7, 8].map((far) => [1920, 1080, 1350, far] as const);
    for (const [width, height, mm, far] of [...upright, ...lying, [3840, 2160, 1800, 8] as const]) {
      const what = `${width}×${height}, ${mm} mm, ${far} m`;
      await page.setViewportSize({ width, height });
      await open(page, `?height_mm=${mm}&farthest_m=${far}&lang=${lang}`);
      await expect(page.locator('.wall-foot .legend'), what).toHaveCount(1);
      await expect.poll(() => cut(page), { message: what }).toEqual([]);
      // As a row, or as a list where a row has no room.
      expect(await page.locator('.wall-hero, [aria-labelledby=wall-heroes] .wall-row').count(), what).toBeGreaterThan(0);
    }
  });
}

test('from the last seat figures are 30 minutes of arc high and all else 20, on every wall that has seats', async ({ page }) => {
  test.slow();
  const seats = { height_mm: 1800, farthest_m: 8 };
  for (const wall of WALLS) {
    const what = `${wall.width}×${wall.height}`;
    const least = (minutes: number) => ((Math.tan((minutes / 60 / 180) * Math.PI) * seats.farthest_m * 1000) / seats.height_mm) * wall.height;
    await page.setViewportSize(wall);
    for (const kind of ['warnings', 'stations', 'psychological', 'heat', 'district']) {
      await speakOf(page, [kind]);
      await open(page, `?height_mm=${seats.height_mm}&farthest_m=${seats.farthest_m}`);
      const sizes = await fontSizes(page);
      // A digit is 0.71 of its font's size high, a Chinese character 0.88.
      expect(sizes.figure * 0.71, `${kind}, ${what}`).toBeGreaterThanOrEqual(least(30));
      expect(sizes.text * 0.88, `${kind}, ${what}: ${sizes.smallest}`).toBeGreaterThanOrEqual(least(20));
      await expect(page.locator('.wall-clock > span').first(), `the date at ${what}`).toBeVisible();
      expect(await cut(page), `${kind}, ${what}`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect(page.locator('.wall-foot')).toContainText(/放不下 \d+ 块内容/);
  // On the larger wall something was left out already: the words do not say that the smaller one is laid out.
  await expect.poll(() => cut(page)).toEqual([]);
});

/** The least sizes of the fonts of what is seen: of figures, and of all else. */
function fontSizes(page: Page): Promise<{ figure: number; text: number; smallest: string }> {
  return page.evaluate(() => {
    const found = { figure: Infinity, text: Infinity, smallest: '' };
    const walk = document.createTreeWalker(document.querySelector('.wall')!, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const element = walk.currentNode.parentElement!;
      if (!walk.currentNode.textContent?.trim() || element.closest('.sr-only') || !element.checkVisibility()) continue;
      const size = parseFloat(getComputedStyle(element).fontSize);
      const kind = element.closest('.wall-figure, .wall-roll') ? 'figure' : 'text';
      if (kind === 'text' && size < found.text) found.smallest = element.outerHTML.slice(0, 120);
      found[kind] = Math.min(found[kind], size);
    }
    return found;
  });
}
