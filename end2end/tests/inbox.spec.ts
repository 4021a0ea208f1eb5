// The inbox of warnings: read, written about, dealt with, taken along; by pointer and by keyboard.
import { readFile } from 'node:fs/promises';
import { card, go, save } from '../fixtures/board.ts';
import { api, asked, drawer, expect, grids, press, reach, test } from '../fixtures/desk.ts';
import { enter } from '../fixtures/mirror.ts';
import { startServer } from '../fixtures/server.ts';

interface Warning {
  place: string;
  version: number;
  state: string;
  level: string;
}

test('warnings are read and thresholds tried by keyboard', async ({ page }) => {
  await go(page, '/board/warnings');
  await reach(page, page.locator('.inbox-row').first());
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.inbox-row').nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '此前的预警及后来' })).toBeVisible();
  const trial = card(page, '阈值试算');
  await press(page, trial.getByRole('button', { name: '试算' }), 'Enter');
  await expect(trial.getByText(/过去一年会发出 \d+ 次红色预警/)).toBeVisible();
  await expect(trial.locator('tbody tr')).toHaveCount(3);
});

test('a warning is taken up, dealt with and closed; who comes late is told', async ({ page, faults }) => {
  const { items } = await api<{ items: Warning[] }>(page, 'warnings?place_level=grid&limit=50');
  const mine = items.find((each) => each.state === 'open')!;
  await go(page, '/board/warnings', { sel: `place:${mine.place}` });
  const detail = page.getByRole('region', { name: '预警详情' });
  await expect(detail.getByRole('heading', { name: '为什么' })).toBeVisible();
  await detail.getByRole('button', { name: '签收' }).click();
  await expect(detail.getByText('已签收').first()).toBeVisible();
  await expect(detail.locator('.records li')).toHaveCount(1);
  // Somebody else is quicker, and the list, which is read again by itself, has not told of it yet.
  let tell!: () => void;
  const told = new Promise<void>((done) => (tell = done));
  await page.route(/\/api\/v1\/warnings\?/, async (route) => {
    await told;
    await route.continue();
  });
  const quick = await page.request.post(`/api/v1/warnings/${mine.place}/actions`, {
    headers: { 'x-fengtu': '1', 'if-match': '"1"', 'idempotency-key': `e2e-${mine.place}` },
    data: { action: 'handle', note: '已上门' },
  });
  expect(quick.status()).toBe(201);
  await detail.getByRole('button', { name: '办结' }).click();
  await expect(detail.getByRole('status').filter({ hasText: '请先填写说明' })).toBeVisible();
  await detail.getByRole('textbox').fill('已化解');
  await detail.getByRole('button', { name: '办结' }).click();
  await expect(detail.getByRole('status').filter({ hasText: '刚刚有人处理过' })).toBeVisible();
  tell();
  await expect(detail.locator('.records li')).toHaveCount(2);
  await detail.getByRole('textbox').fill('已化解');
  await detail.getByRole('button', { name: '办结' }).click();
  await expect(detail.locator('.records li')).toHaveCount(3);
  await expect(detail.getByText('已办结').first()).toBeVisible();
  faults.expectFault(/412/);
});

test('warnings move by themselves, and leave alone whoever reads and writes', async ({ page, faults }) => {
  test.setTimeout(180_000);
  const server = await startServer(['--demo', 'guangming', '--seed', '7', '--cases', '1500', '--live', '40']);
  faults.own(server.base);
  await enter(page, `${server.base}/board/warnings`);
  let times = 0;
  page.on('response', (answer) => (times += Number(answer.url().includes('/warnings?'))));
  await page.locator('.inbox-row').first().click();
  const [chosen, note] = [asked(page, 'sel'), page.getByRole('region', { name: '预警详情' }).getByRole('textbox')];
  await note.fill('正在写');
  const before = times;
  await expect.poll(() => times, { timeout: 90_000 }).toBeGreaterThan(before + 1);
  await expect(note).toHaveValue('正在写');
  await expect(note).toBeFocused();
  expect(asked(page, 'sel')).toBe(chosen);
  // Else it asks on while the server goes.
  await page.close();
  await server.stop();
});

test('names that come late take nothing from who writes', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/api/v1/places*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/board/warnings');
  await page.locator('.inbox-row').first().click();
  const detail = page.getByRole('region', { name: '预警详情' });
  await expect(detail.getByRole('heading', { level: 2 })).toContainText(/^\d+/);
  const red = page.locator('#trial-red');
  await expect(red).not.toHaveValue('0');
  await red.fill('77');
  await detail.getByRole('textbox').fill('正在写');
  release();
  await expect(detail.getByRole('heading', { level: 2 })).toContainText('网格');
  await expect(red).toHaveValue('77');
  await expect(detail.getByRole('textbox')).toHaveValue('正在写');
  await expect(detail.getByRole('textbox')).toBeFocused();
});

test('whom a warning is handed to waits with the note while another is looked at', async ({ page }) => {
  // Not the first: those that other tests close stay in the list.
  const { items } = await api<{ items: Warning[] }>(page, 'warnings?place_level=grid&limit=50');
  const [other, mine] = items.filter((each) => each.state === 'open').slice(-2).map((each) => page.locator(`[id="warning-${each.place}"]`));
  await go(page, '/board/warnings');
  const [note, to] = [page.locator('#warning-note'), page.locator('#warning-to')];
  await mine!.click();
  await note.fill('请核实');
  await expect.poll(() => to.locator('option').count()).toBeGreaterThan(1);
  const usual = await to.inputValue();
  await to.selectOption({ index: 1 });
  const chosen = await to.inputValue();
  expect(chosen).not.toBe(usual);
  await other!.click();
  await expect(note).toHaveValue('');
  await mine!.click();
  await expect(note).toHaveValue('请核实');
  await expect(to).toHaveValue(chosen);
});

test('what was handed down stands apart, its cases are behind each reason, and no note is left behind unasked', async ({ page }) => {
  const { items } = await api<{ items: Warning[] }>(page, 'warnings?place_level=grid&limit=50');
  const mine = items.filter((each) => each.state === 'open').at(-3)!;
  await go(page, '/board/warnings', { sel: `place:${mine.place}` });
  const detail = page.getByRole('region', { name: '预警详情' });
  await expect.poll(() => page.locator('#warning-to option').count()).toBeGreaterThan(0);
  const note = detail.getByRole('textbox');
  await note.fill('请上门核实');
  await detail.getByRole('button', { name: '交办' }).click();
  const row = page.locator(`[id="warning-${mine.place}"]`);
  await expect(row).toContainText('已交办');
  const states = page.getByRole('group', { name: '状态' });
  await states.getByText('已签收').click();
  await expect(row).toBeHidden();
  await states.getByText('已交办').click();
  await expect(row).toBeVisible();
  await expect(page.locator('.inbox-row').filter({ hasNotText: '已交办' })).toHaveCount(0);
  // The browser asks; who stays still has what was typed.
  await note.fill('还没有写完');
  const question = page.waitForEvent('dialog');
  const link = detail.getByRole('link', { name: '在地图上看各项原因的案件' });
  const pressed = link.click({ noWaitAfter: true });
  const dialog = await question;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await pressed;
  await expect(note).toHaveValue('还没有写完');
  await note.fill('');
  await link.click();
  const behind = drawer(page).getByRole('button', { name: /^只看这些案件/ }).first();
  await behind.click();
  await expect(drawer(page).getByText(/^所选原因的案件/)).toBeVisible();
});

test('who writes at once keeps the focus, whenever the browser comes to draw', async ({ page }) => {
  await go(page, '/board/warnings');
  // The next frame is held back until somebody writes in the field of the warning that was pressed.
  const held = await page.evaluate(async () => {
    const frames: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (then) => frames.push(then);
    document.querySelector<HTMLElement>('.inbox-row')!.click();
    let field: HTMLElement | null = null;
    while (!(field = document.querySelector('#warning-note'))) await new Promise((then) => setTimeout(then));
    field.focus();
    for (const frame of frames.splice(0)) frame(performance.now());
    return document.activeElement?.id;
  });
  expect(held).toBe('warning-note');
});

test('the list of warnings, the earlier ones and the trial are files too', async ({ page }) => {
  await go(page, '/board/warnings');
  await page.locator('.inbox-row').first().click();
  const trial = card(page, '阈值试算');
  await trial.getByRole('button', { name: '试算' }).click();
  for (const part of [page.getByRole('region', { name: '预警列表' }), page.getByRole('region', { name: '预警详情' }), trial]) {
    for (const kind of ['CSV', 'XLSX'] as const) await save(page, part, kind);
  }
});

test('a list of several pages is read to its end, and what is open is counted among what is shown', async ({ page }) => {
  const [some] = (await api<{ items: Warning[] }>(page, 'warnings?limit=1')).items;
  const places = (await grids(page)).slice(0, 30).map((grid) => grid.properties.id);
  const items = places.map((place, at) => ({ ...some!, id: place, place, state: at < 12 ? 'closed' : 'open' }));
  // The tenth is on two pages: its score fell between them.
  const pages = [items.slice(0, 10), items.slice(9, 20), items.slice(20)];
  let release!: () => void;
  const held = new Promise<void>((done) => (release = done));
  await page.route(/\/api\/v1\/warnings\?/, async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    if (at === 2) await held;
    await route.fulfill({ json: { items: pages[at], next: at < 2 ? String(at + 1) : null } });
  });
  await go(page, '/board/warnings');
  const list = page.getByRole('region', { name: '预警列表' });
  // Of a part nobody is told that it is all, and none is saved.
  await expect(list).toContainText('已读 20 条，列出 20 条，其中待签收 8 条；尚未读全');
  await expect(list.getByRole('button', { name: 'CSV', exact: true })).toHaveCount(0);
  release();
  await expect(list.locator('.inbox-row')).toHaveCount(30);
  await expect(list.locator('p.quiet').first()).toHaveText('30 条，其中待签收 18 条。');
  const download = page.waitForEvent('download');
  await list.getByRole('button', { name: 'CSV', exact: true }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file.match(/待签收|已办结/g)).toHaveLength(30);
  await page.locator('.board-filters').getByText('已办结', { exact: true }).click();
  await expect(list.locator('p.quiet').first()).toHaveText('12 条，其中待签收 0 条。');
});
