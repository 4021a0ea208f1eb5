// The period of the board, set by its two dates: by pointer and by keyboard.
import type { Page } from '@playwright/test';
import { go } from '../fixtures/board.ts';
import { asked, expect, test } from '../fixtures/desk.ts';

const [first, last] = [(page: Page) => page.getByLabel('起始日期'), (page: Page) => page.getByLabel('结束日期')];

/** The midnights around the days that the fields show, as an address has them. */
const midnight = (day: string, later: number) => new Date(Date.parse(`${day}T00:00:00+08:00`) + later * 86_400_000).toISOString().replace('.000', '');
const address = (from: string, to: string) => ({ from: midnight(from, 0), to: midnight(to, 1) });
const shown = (page: Page) => ({ from: asked(page, 'from'), to: asked(page, 'to') });

test('a date is typed digit by digit, and counts when the field is left', async ({ page }) => {
  const before = address('2025-03-01', '2025-09-09');
  await go(page, '/board', before);
  await last(page).focus();
  // The month or the day, as the browser orders them: either may be the twelfth.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await expect(last(page)).toBeFocused();
  const typed = await last(page).inputValue();
  expect(['2025-09-12', '2025-12-09']).toContain(typed);
  expect(shown(page), 'nothing is asked while somebody types').toEqual(before);
  await first(page).focus();
  await expect.poll(() => shown(page)).toEqual(address('2025-03-01', typed));
  await expect(first(page)).toBeFocused();
});

test('arrows move a date on and on, Enter sets it, and the other date gives way', async ({ page }) => {
  await go(page, '/board', address('2025-08-01', '2025-09-09'));
  await last(page).focus();
  const values = [await last(page).inputValue()];
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('ArrowDown');
    values.push(await last(page).inputValue());
  }
  expect(new Set(values).size, values.join()).toBe(4);
  const day = values.at(-1)!;
  expect(day < '2025-08-01', day).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => shown(page)).toEqual(address(day, day));
  await expect(first(page)).toHaveValue(day);
  await expect(last(page)).toHaveValue(day);
  await expect(last(page)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(last(page)).not.toHaveValue(day);
});

test('the days of the chart are typed likewise, and the focus goes on where it was led', async ({ page }) => {
  const days = '2025-08-05.2025-08-20';
  await go(page, '/board', { ...address('2025-08-01', '2025-09-09'), days });
  await expect(page.locator('#day-1')).toHaveValue('2025-08-20');
  await page.locator('#day-1').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  // The twelfth month is beyond the last day.
  const typed = (await page.locator('#day-1').inputValue()) === '2025-08-12' ? '2025-08-12' : '2025-09-09';
  expect(asked(page, 'days')).toBe(days);
  await page.locator('#day-0').focus();
  await expect.poll(() => asked(page, 'days')).toBe(`2025-08-05.${typed}`);
  await expect(page.locator('#day-1')).toHaveValue(typed);
  await expect(page.locator('#day-0')).toBeFocused();
});

test('a day that is chosen in the calendar counts at once, and a field that is left empty shows its day again', async ({ page }) => {
  await go(page, '/board', address('2025-08-01', '2025-09-09'));
  await first(page).fill('2025-08-20');
  await expect.poll(() => shown(page)).toEqual(address('2025-08-20', '2025-09-09'));
  await last(page).focus();
  await page.keyboard.press('Delete');
  await expect(last(page)).toHaveValue('');
  await first(page).focus();
  await expect(last(page)).toHaveValue('2025-09-09');
  expect(shown(page)).toEqual(address('2025-08-20', '2025-09-09'));
});
