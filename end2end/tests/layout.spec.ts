// From 320 px to 4K: nothing sticks out, nothing is cut, nothing lies over a control; the focus is always seen.
import type { Page } from '@playwright/test';
import { drawer, expect, ground, list, open, panel, settled, stations, test } from '../fixtures/desk.ts';
import { expectSound } from '../fixtures/layout.ts';

const SIZES = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
];

/** Looks at the page at every size. */
async function everySize(page: Page, what: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expect.poll(async () => (await ground(page).boundingBox())?.width ?? 0).toBeLessThanOrEqual(size.width);
    await expectSound(page, `${what} at ${size.width} × ${size.height}`);
  }
}

for (const lang of ['zh-CN', 'en']) {
  test(`the desk fits every window, with everything open (${lang})`, async ({ page }) => {
    await open(page, { lang });
    await everySize(page, 'plain');
    await open(page, { lang, sel: 'place:440311001', list: 'cases', layers: 'warnings.stations.appeal.coverage.heat.cases.labels' });
    await expect(drawer(page).getByRole('table').first()).toBeVisible();
    await expect(list(page).getByRole('row').nth(3)).toBeVisible();
    await everySize(page, 'all open');
  });
}

test('a phone has the map first; panel and drawer are sheets from the bottom that cover no control', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await open(page);
  await expect(panel(page).getByRole('switch').first()).toBeHidden();
  await panel(page).getByRole('button', { name: '展开图层面板' }).click();
  await expect(panel(page).getByRole('switch').first()).toBeVisible();
  await expectSound(page, 'the panel');
  const map = (await ground(page).boundingBox())!;
  expect(map.height).toBeGreaterThan(120);
  await panel(page).getByRole('button', { name: '收起图层面板' }).click();

  const one = (await stations(page))[0]!;
  await open(page, { sel: `station:${one.properties.id}` });
  await expect(drawer(page).getByRole('heading', { name: one.properties.name })).toBeVisible();
  await expectSound(page, 'the drawer');
  await drawer(page).getByRole('button', { name: '关闭' }).click();
  await page.getByRole('button', { name: '打开列表' }).click();
  await expect(list(page).getByRole('row').nth(2)).toBeVisible();
  await expectSound(page, 'the list');
});

test('on paper nothing lies over another thing, and source and watermark are there', async ({ page }) => {
  for (const size of [SIZES[0]!, SIZES[4]!]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ media: 'print' });
    await open(page, { sel: 'place:440311001' });
    await expectSound(page, `print at ${size.width}`);
    await expect(page.locator('.watermark')).toBeVisible();
    await expect(page.locator('.map-notice')).toHaveText(/演示数据/);
  }
});

test('the focus is seen at every stop of a hundred steps, and no stop holds it', async ({ page }) => {
  await open(page, { sel: 'place:440311001', list: 'stations', layers: 'warnings.stations.heat.coverage' });
  await expect(drawer(page).getByRole('table').first()).toBeVisible();
  const stops = new Set<string>();
  for (let step = 0; step < 100; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      // A radio button or a check box may be drawn by the label around it.
      const marked = [element, element.closest('label')].some((each) => {
        const style = each && getComputedStyle(each);
        return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
      });
      const box = element.getBoundingClientRect();
      const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
      return { name: `${element.tagName} ${element.id} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40)}`, marked, inside };
    });
    if (!stop) continue;
    stops.add(stop.name);
    expect(stop, 'the focus is seen').toMatchObject({ marked: true, inside: true });
  }
  expect(stops.size).toBeGreaterThan(50);
});

test('with reduced motion and forced colours the desk works the same', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
  await open(page);
  await panel(page).getByRole('switch', { name: /案件热力/ }).click();
  await settled(page);
  await expectSound(page, 'forced colours');
});
