// The board on paper.
import type { Page } from '@playwright/test';
import { go } from '../fixtures/board.ts';
import { expect, test } from '../fixtures/desk.ts';

interface Paper {
  lacks: boolean;
  counting: number;
  cards: number;
}

/** What paper has of the two cards that wait to be seen; a browser says when it lays out for paper. */
async function print(page: Page): Promise<Paper> {
  await page.evaluate(() => {
    const printing = matchMedia('print');
    const shown = (query: string) => [...document.querySelectorAll(query)].filter((each) => each.checkVisibility());
    const counting = () => shown('.card *').filter((each) => !each.children.length && each.textContent!.includes('正在计算'));
    const look = () => {
      const [lacks, cards] = [shown('.print-lacks').length === 1, shown('#areas-plot, .reach-next a').length];
      if (printing.matches) Object.assign(window, { paper: { lacks, counting: counting().length, cards } });
    };
    printing.addEventListener('change', look);
    Object.assign(window, { printing });
  });
  await page.pdf({ format: 'A4' });
  return page.evaluate(() => (window as unknown as { paper: Paper }).paper);
}

test('what is still counted is not printed, paper says so, and printed once more it is whole', async ({ page }) => {
  await go(page);
  expect(await print(page)).toEqual({ lacks: true, counting: 0, cards: 0 });
  await expect(page.locator('#areas-plot')).toBeVisible();
  await expect(page.locator('.reach-next a')).toBeVisible();
  expect(await print(page)).toEqual({ lacks: false, counting: 0, cards: 2 });
});

test('paper says what is chosen', async ({ page }) => {
  await go(page);
  await page.locator('.cause').first().click();
  const chip = page.locator('.board-brush .chip');
  await expect(chip).toHaveCount(1);
  await page.emulateMedia({ media: 'print' });
  await expect(chip).toBeVisible();
  await expect(page.locator('#chips-clear')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await page.locator('#chips-clear').click();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.board-brush p')).toBeHidden();
});

test('a card whose last line is still counted is not printed either', async ({ page }) => {
  // The next station is looked for 32 ms after the rest was drawn: it waits for good.
  await page.addInitScript(() => {
    const set = window.setTimeout.bind(window);
    window.setTimeout = ((then: TimerHandler, ms?: number, ...rest: unknown[]) => (ms === 32 ? 0 : set(then, ms, ...rest))) as typeof window.setTimeout;
  });
  await go(page);
  await page.locator('#reach').scrollIntoViewIfNeeded();
  await expect(page.locator('.reach-next')).toContainText('正在计算');
  await page.locator('#areas').scrollIntoViewIfNeeded();
  await expect(page.locator('#areas-plot')).toBeVisible();
  expect(await print(page)).toMatchObject({ lacks: true, counting: 0 });
});
