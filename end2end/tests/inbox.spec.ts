// The inbox of warnings: read, written about, dealt with, taken along; by pointer and by keyboard.
import { card, go, save } from '../fixtures/board.ts';
import { api, asked, expect, press, reach, test } from '../fixtures/desk.ts';
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
