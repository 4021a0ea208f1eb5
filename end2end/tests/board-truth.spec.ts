// What the board says is of what was asked: a brush without an answer, files, older links, a day that goes on.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ago, card, go, hero, OVER } from '../fixtures/board.ts';
import { api, asked, expect, figure, test } from '../fixtures/desk.ts';

const CUBE = '**/api/v1/statistics/cube?*';

test('a brush whose answer does not come shows no figures of another question, and can be tried again', async ({ page, faults }) => {
  await go(page);
  const first = card(page, '诉求原因').locator('.cause').first();
  const count = figure(await first.locator('.cause-count').textContent());
  await page.route(CUBE, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"type":"about:blank","title":"x","status":500}' }));
  await first.click();
  await expect(page.getByRole('list', { name: '已选条件' }).getByRole('listitem')).toHaveCount(1);
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toBeInViewport();
  await expect(page.locator('.hero')).toHaveCount(0);
  // The board asks again by itself with each minute: no answer comes before the button is pressed.
  let press!: () => void;
  const pressed = new Promise<void>((done) => (press = done));
  await page.unroute(CUBE);
  await page.route(CUBE, (route) => pressed.then(() => route.continue()));
  faults.expectFault(/500/);
  await alert.getByRole('button', { name: '重试' }).click();
  press();
  await expect.poll(async () => figure(await hero(page, '受理量').textContent())).toBe(count);
});

/** Saves a file of a card and returns its name and its text. */
async function saved(page: Page, name: string, kind: string): Promise<[string, string]> {
  const download = page.waitForEvent('download');
  await card(page, name).getByRole('button', { name: kind, exact: true }).click();
  const file = await download;
  return [file.suggestedFilename(), (await readFile(await file.path())).toString()];
}

test('files say of what they are, and what of it was chosen', async ({ page }) => {
  await go(page, '/board', { ...OVER, hours: '10' });
  await card(page, '诉求原因').locator('.card-behind > summary').click();
  const [csv] = await saved(page, '诉求原因', 'CSV');
  expect(csv).toMatch(/^光明区_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d_诉求原因_10_00\.csv$/);
  const [svg, text] = await saved(page, '诉求原因', 'SVG');
  expect(svg).toContain('10_00');
  const seen = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words).join('\n');
  for (const words of ['诉求原因', /光明区 \d{4}-\d\d-\d\d—/, '10:00', '演示数据', '数据截至', '竖线为上期']) expect(seen).toMatch(words);
});

test('a link with days holds when they have left the last four weeks', async ({ page }) => {
  const day = (days: number) => ago(days - 1).slice(0, 10);
  await go(page, '/board', { days: `${day(40)}.${day(36)}` });
  await expect(page.locator('.hero')).toHaveCount(6);
  expect(figure(await hero(page, '受理量').textContent())).toBeGreaterThan(0);
  expect(await page.locator('#board-from').inputValue()).toBe(day(40));
  await page.getByRole('button', { name: '全部清除' }).click();
  await expect.poll(() => asked(page, 'days')).toBeNull();
  await expect(page.locator('#board-from')).not.toHaveValue(day(40));
});

test('coverage is of the one place that is chosen, and says of several that it does not follow them', async ({ page }) => {
  const { features } = await api<{ features: { properties: { id: string } }[] }>(page, 'places?level=street');
  const [one, other] = features.map((street) => street.properties.id);
  const reached = card(page, '服务覆盖');
  const cell = async (name: string) => figure(await reached.getByRole('row', { name }).locator('td').first().textContent());
  const told = async (places: string[]) => {
    await page.goto(`/board?${new URLSearchParams([...Object.entries(OVER), ...places.map((id) => ['within', id])])}`);
    await expect(page.getByRole('list', { name: '已选条件' }).getByRole('listitem')).toHaveCount(1);
    await reached.scrollIntoViewIfNeeded();
    await expect(reached.locator('.reach-next p:not(.quiet)')).toBeVisible();
    return (await cell('诉求服务圈')) + (await cell('未覆盖人口'));
  };
  const people = async (place: string) => (await api<{ population: number[] }>(page, `buildings/points?place=${place}`)).population.reduce((sum, n) => sum + n);
  const [some, all] = [await people(one!), await people('440311')];
  expect(some).toBeLessThan(all);
  expect(await told([one!])).toBe(some);
  await expect(reached.locator('.card-says')).not.toContainText('选了多个地点');
  expect(await told([one!, other!])).toBe(all);
  await expect(reached.locator('.card-says')).toContainText('这里的数按整个光明区计算，不随所选区域变化。');
});

test('of an amount nobody says that its change is usual', async ({ page }) => {
  await go(page);
  const amount = page.locator('.group-row').filter({ has: page.getByText('涉及金额', { exact: true }) });
  await expect(amount.locator('.changes')).toHaveText(/^较上期 [↑↓] [\d.]+%/);
  await expect(amount).not.toContainText('属正常波动');
});

test.describe('who gets counts from k up', () => {
  test.use({ account: 'auditor' });
  test('reads no part of a day against a whole one', async ({ page }) => {
    await go(page, '/board', {});
    await page.getByText('今天', { exact: true }).click();
    const received = page.locator('.hero').filter({ has: page.getByText('受理量', { exact: true }) });
    // Where either is withheld there is nothing to compare, and late in the evening little of the day is missing.
    const isLate = new Date(Date.now() + 8 * 3_600_000).getUTCHours() >= 22;
    await expect(received.locator('.changes')).toHaveText(isLate ? /较上期/ : /较上期 (本期未满，不与整日相比|—)/);
    await expect(received.locator('.changes [title]')).toHaveAttribute('title', /整天/);
  });
});

test('where the board’s own address is too long for a code, the wall’s, which is not, stays', async ({ page }) => {
  const { features } = await api<{ features: { properties: { id: string } }[] }>(page, 'grids');
  // Far from one another: of neighbours the address holds the ends of their numbers alone.
  const within = features.filter((_, n) => n % 6 === 0).slice(0, 250).map((grid) => ['within', grid.properties.id]);
  await page.goto(`/board?${new URLSearchParams([...Object.entries(OVER), ...within])}`);
  await expect(page.locator('.freshness.live')).toBeVisible();
  await page.getByText('扫码带走').click();
  await expect(page.getByText('所选地点太多，地址放不进二维码')).toBeVisible();
  await expect(page.getByRole('img', { name: '送上大屏的二维码' })).toBeVisible();
  await expect(page.getByRole('img', { name: '当前页面地址的二维码' })).toHaveCount(0);
});
