// Orders one by one: which wait, who was late, who came; and the ways there and on.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ago, card, go, save } from '../fixtures/board.ts';
import { api, asked, drawer, expect, press, test } from '../fixtures/desk.ts';
import { expectSound } from '../fixtures/layout.ts';
import { audit } from '../fixtures/test.ts';

interface Summons {
  department: string;
  check_in: { at: string; in_time: boolean } | null;
}

interface Order {
  number: string;
  kind: string;
  state: string;
  title: string;
  case: string | null;
  clock: { state: string };
  departments: Summons[];
}

/** Most of a year that is over: of a small district's orders there are few in a month, and none of these waits any more. */
const YEAR = { from: ago(300), to: ago(3) };

const ordersOf = async (page: Page, query: Record<string, string> = YEAR) =>
  (await api<{ items: Order[] }>(page, `orders?limit=1000&${new URLSearchParams(query).toString()}`)).items;

/** A list with an order of each kind of standing, whose minutes run out by the server's own clock. */
async function withStandings(page: Page): Promise<Order[]> {
  const all = await ordersOf(page);
  const [like] = all.filter((one) => one.departments.length > 0);
  const now = Date.now();
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const made = (number: string, state: string, standing: string, [from, due]: [number, number], came: number | null) => ({
    ...like!,
    number,
    state,
    title: number,
    issued_at: at(from),
    clock: { kind: 'check_in', started_at: at(from), due_at: at(due), stopped_at: came === null ? null : at(came), state: standing },
    departments: [{ department: '区人力资源局', check_in: null, report: null, score: null }],
  });
  const items = [
    made('FL-RUNS', 'issued', 'running', [-5, 55], null),
    made('FL-MISSING', 'issued', 'overdue', [-70, -10], null),
    made('FL-LATE', 'checked_in', 'overdue', [-300, -240], -200),
    made('FL-DONE', 'scored', 'met', [-300, -240], -290),
  ];
  await page.route(/\/api\/v1\/orders\?/, (route) => route.fulfill({ json: { items, next: null, total: null } }));
  return items as unknown as Order[];
}

const rows = (page: Page) => page.locator('.order');

test('from the board to its orders, by department and one by one, and on to a case', async ({ page }) => {
  const orders = await ordersOf(page);
  expect(orders.length, 'there are orders to look at').toBeGreaterThan(3);
  await go(page, '/board', YEAR);
  await page.locator('#orders').scrollIntoViewIfNeeded();
  await page.getByRole('link', { name: '逐道查看发令' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('发令与报到');
  expect([asked(page, 'from'), asked(page, 'to')]).toEqual([YEAR.from, YEAR.to]);
  await expect(rows(page)).toHaveCount(Math.min(orders.length, 50));
  await expect(card(page, '发令与报到').locator('.card-says')).toContainText(`共 ${orders.length} 道`);
  const summoned = new Map<string, number>();
  for (const { department } of orders.flatMap((one) => one.departments)) summoned.set(department, (summoned.get(department) ?? 0) + 1);
  for (const [name, n] of summoned) {
    const row = card(page, '受令部门').locator('.card-chart tr').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    await expect(row.locator('td').first(), name).toHaveText(`${n}`);
  }
  const at = orders.findIndex((one) => one.case);
  const one = orders[at]!;
  await rows(page).nth(at).locator('summary').click();
  await expect(rows(page).nth(at).locator('tbody tr')).toHaveCount(one.departments.length);
  await rows(page).nth(at).getByRole('link', { name: `案件 ${one.case}` }).click();
  await expect(drawer(page)).toContainText(one.case!);
});

test('what waits, what is late and what is done is told apart, and filtered; a file has what is left', async ({ page }) => {
  await withStandings(page);
  await go(page, '/board/orders');
  await expect(card(page, '发令与报到').locator('.card-says')).toHaveText('共 4 道，按时报到 33.3%；1 道正在计时，1 道逾时未到，1 道待反馈。');
  await expect(rows(page).filter({ hasText: 'FL-RUNS' })).toContainText(/还剩 5[45] 分钟（限 1 小时/);
  await expect(rows(page).filter({ hasText: 'FL-MISSING' })).toContainText(/已超 (9|10|11) 分钟未到/);
  await expect(rows(page).filter({ hasText: 'FL-LATE' })).toContainText('用时 1 小时 40 分钟，迟 40 分钟');
  const choose = (word: string) => page.getByRole('radio', { name: word, exact: true }).check({ force: true });
  for (const [word, left] of [['待报到', ['FL-RUNS', 'FL-MISSING']], ['逾时', ['FL-MISSING', 'FL-LATE']], ['待反馈', ['FL-LATE']], ['已反馈', ['FL-DONE']]] as const) {
    await choose(word);
    await expect(rows(page), word).toHaveCount(left.length);
    for (const number of left) await expect(rows(page).filter({ hasText: number }), word).toHaveCount(1);
  }
  const own = card(page, '发令与报到');
  await own.locator('.card-behind > summary').click();
  const download = page.waitForEvent('download');
  await own.getByRole('button', { name: 'CSV', exact: true }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text.split('\r\n').filter((line) => line.startsWith('FL-')).map((line) => line.split(',')[0])).toEqual(['FL-DONE']);
  await save(page, own, 'XLSX');
});

test('what is opened stays open while it is asked again, and a list that fails is said to', async ({ page, faults }) => {
  await page.clock.install();
  const items = await withStandings(page);
  await go(page, '/board/orders', {});
  const opened = rows(page).filter({ hasText: 'FL-RUNS' });
  await press(page, opened.locator('summary'), 'Enter');
  await expect(opened).toContainText('未报到');
  items[0]!.departments[0]!.check_in = { at: new Date(Date.now() - 60_000).toISOString(), in_time: true, spot: '塘家社区', position: null, rank: 'head', person: null, people: 2 } as unknown as Summons['check_in'];
  // While somebody is waited for it is asked every minute.
  await page.clock.fastForward(70_000);
  await expect(opened).toContainText('按时');
  await expect(opened).toHaveAttribute('open');
  await page.route(/\/api\/v1\/orders\?/, (route) => route.abort());
  await page.clock.fastForward(70_000);
  await expect(page.locator('main .note').first()).toBeVisible();
  await expect(rows(page)).toHaveCount(4);
  faults.expectFault(/ERR_FAILED .*orders/);
});

test('an order that is open passes the audit, on a phone too', async ({ page }) => {
  test.slow();
  await withStandings(page);
  for (const [colorScheme, lang] of [['light', 'zh-CN'], ['dark', 'en']] as const) {
    await page.emulateMedia({ colorScheme });
    await go(page, '/board/orders', { lang });
    for (const row of await rows(page).all()) await row.locator('summary').click();
    await expect(page.locator('.order tbody tr')).toHaveCount(4);
    await audit(page, `orders, ${colorScheme}`);
    await page.evaluate(() => scrollTo(0, 0));
    for (const width of [1024, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await expectSound(page, `orders at ${width}, ${lang}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  }
});

test.describe('whoever may see no single order', () => {
  test.use({ account: 'auditor' });

  test('has no way to them, and is told so at their address', async ({ page }) => {
    await go(page);
    await page.locator('#orders').scrollIntoViewIfNeeded();
    await expect(page.getByRole('link', { name: /发令/ })).toHaveCount(0);
    await page.goto('/board/orders');
    await expect(page.getByRole('heading', { name: '发令' })).toBeVisible();
    await expect(page.getByText('您的角色没有这一页')).toBeVisible();
  });
});
