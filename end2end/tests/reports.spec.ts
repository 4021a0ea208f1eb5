// A resident reports to a GeoReport server and follows the report, on a small phone: through the worker and the proxy.
import type { Page } from '@playwright/test';
import { foreignServers, type Foreign } from '../fixtures/foreign.ts';
import { expectSound } from '../fixtures/layout.ts';
import { audit, expect, test as base } from '../fixtures/test.ts';

const SHAPES = ['clean', 'wrapped', 'xml'] as const;
type Shape = (typeof SHAPES)[number];

const test = base.extend<object, { foreign: Foreign }>({ foreign: [...foreignServers(SHAPES.map((shape) => `georeport-${shape}`), [])] });

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });
test.use({ viewport: { width: 320, height: 640 } });
test.beforeEach(({ faults, foreign }) => faults.own(foreign.base));

/** Opens a page of residents where reports go to a server of this shape; nothing else does. */
async function open(page: Page, foreign: Foreign, shape: Shape, path: string): Promise<void> {
  const backends = { default: { dialect: 'fengtu', base: '/api/v1' }, hotline: { dialect: 'georeport', base: `/proxy/georeport-${shape}` } };
  const body = JSON.stringify({ backends, resources: { reports: 'hotline' }, basemaps: [] });
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
  await page.goto(foreign.base + path);
}

const next = (page: Page) => page.getByRole('button', { name: '下一步' }).click();
const step = (page: Page, title: string) => expect(page.getByRole('heading', { name: title })).toBeFocused();

/** Fills in all of a report; what is looked at on the way is told by `at`. */
async function fill(page: Page, kind: string, description: string, at: (what: string) => Promise<void> = async () => {}): Promise<void> {
  await page.getByRole('radio', { name: kind }).check();
  await at('kind');
  await next(page);
  await step(page, '在哪里发生？');
  await page.locator('#address').fill('没有这条路 999 号');
  await page.locator('#address').press('Enter');
  await at('place');
  await page.getByRole('button', { name: '作为地点' }).click();
  await expect(page.getByText('地点：没有这条路 999 号')).toBeVisible();
  await next(page);
  await step(page, '发生了什么？');
  await page.getByLabel('请写明情况').fill(description);
  await next(page);
}

const send = (page: Page) => page.locator('#send').click();
const number = (page: Page) => page.locator('.report-number');

for (const shape of SHAPES) {
  test(`${shape}: kinds and questions appear, what is missing is told, a report is made and followed`, async ({ page, foreign, faults }) => {
    // Each step is looked at whole, and audited.
    test.slow();
    const workers: string[] = [];
    page.on('request', (request) => request.url().includes('dialects-worker') && workers.push(request.url()));
    await open(page, foreign, shape, '/report/');
    await expect(page.getByRole('link', { name: '查进度' })).toBeVisible();
    expect(workers, 'whoever looks for a station does not fetch it').toEqual([]);
    await page.getByRole('link', { name: '我要反映' }).click();
    await expect(page.getByRole('heading', { name: '要反映什么事？' })).toBeVisible();
    await next(page);
    await expect(page.getByRole('alert')).toBeFocused();
    await expect(page.getByRole('alert')).toContainText('请选一个事项');
    const look = async (what: string) => {
      if (shape !== 'clean') return;
      await expectSound(page, what);
      await audit(page, what);
    };
    await fill(page, '占道经营', '路口每晚有摊贩', look);
    await step(page, '受理单位还想知道');
    await expect(page.getByText('紧急情况请拨打 110')).toBeVisible();
    await next(page);
    await expect(page.getByRole('alert')).toContainText('请回答：占道的是什么');
    await look('what is missing');
    await page.getByRole('radio', { name: '摊贩' }).check();
    await page.getByLabel('从什么时候开始').fill('2026-03-01T09:30');
    await next(page);
    await step(page, '怎样联系您？');
    await page.getByLabel('电话').fill('12');
    await send(page);
    await expect(page.getByRole('alert')).toContainText('电话号码不完整');
    await page.getByLabel('电话').fill('13912345678');
    await look('contact');
    await send(page);
    await step(page, '已收到您的反映');
    await expect(number(page)).toHaveText(/^N\d+$/);
    await expect(page.getByText('将在两日内答复')).toBeVisible();
    await look('the receipt');
    const made = await number(page).innerText();
    await page.reload();
    await expect(number(page), 'a reload shows the receipt and reports nothing anew').toHaveText(made);
    await page.getByRole('button', { name: '查进度' }).click();
    await expect(page.getByText('已收到，等待受理')).toBeVisible();
    await expect(page.getByRole('article')).toContainText(/反映时间\s*20\d\d-\d\d-\d\d \d\d:\d\d \(UTC\+08:00\)/);
    await look('tracking');
    await page.getByLabel('编号').fill('Z-1');
    await page.getByRole('button', { name: '查询' }).click();
    await expect(page.getByRole('alert')).toContainText('没有查到这个编号');
    expect(workers.length).toBeGreaterThan(0);
    // The number that nobody knows; and what has XML alone knows no .json.
    faults.expectFault(/404/);
  });

  test(`${shape}: a refusal is told in the server’s words, and nothing typed is lost`, async ({ page, foreign, faults }) => {
    await open(page, foreign, shape, '/report/new/');
    await fill(page, '路灯不亮', '请拒收这一件');
    await send(page);
    const alert = page.getByRole('alert');
    await expect(alert).toBeFocused();
    await expect(alert).toContainText('还没有收下');
    await expect(alert).toContainText('description is not acceptable');
    await audit(page, 'refused');
    await page.reload();
    await expect(page.getByRole('definition').filter({ hasText: '请拒收这一件' })).toBeVisible();
    await page.getByRole('button', { name: '更改 情况' }).click();
    await page.getByLabel('请写明情况').fill('灯不亮三天了');
    await next(page);
    await send(page);
    await expect(number(page)).toHaveText(/^N\d+$/);
    faults.expectFault(/400/);
    if (shape === 'xml') faults.expectFault(/404/);
  });
}

/** The trees of the fixture, more than are drawn as buttons. */
const TREES = ['榕树', '樟树', '紫荆', '凤凰木', '木棉', '芒果树', '棕榈', '其他'];

for (const shape of SHAPES) {
  test(`${shape}: some of several, a number, one of many and lines are asked for, and arrive by the names of the standard`, async ({ page, foreign, faults }) => {
    test.slow();
    await open(page, foreign, shape, '/report/new/');
    await fill(page, '树木问题', '台风后有树倒了');
    await step(page, '受理单位还想知道');
    const some = page.getByRole('group', { name: '妨碍了什么' });
    const count = page.getByLabel('有几棵');
    const kind = page.getByRole('combobox', { name: '是什么树' });
    const near = page.getByLabel('靠近什么');
    const alert = page.getByRole('alert');
    await expect(some.getByRole('checkbox')).toHaveCount(3);
    await expect(some).toContainText('可选多项');
    await expect(count).toHaveAttribute('inputmode', 'decimal');
    await expect(kind.locator('option')).toHaveText(['请选择', ...TREES]);
    await expect(near, 'lines, and not one').toHaveJSProperty('tagName', 'TEXTAREA');
    await expect(page.getByLabel('编号牌')).toHaveJSProperty('tagName', 'INPUT');
    await next(page);
    await expect(alert).toBeFocused();
    await expect(alert, 'what may be left empty is not asked for').toContainText('有 4 处需要改');
    for (const question of ['妨碍了什么', '有几棵', '是什么树', '靠近什么']) await expect(alert).toContainText(`请回答：${question}`);
    await expect(kind).toHaveAttribute('aria-invalid', 'true');
    if (shape === 'clean') {
      await expectSound(page, 'the other questions');
      await audit(page, 'the other questions');
    }
    await alert.getByRole('link', { name: '请回答：是什么树' }).click();
    await expect(kind).toBeFocused();
    for (const name of ['人行道', '车行道', '电线']) await some.getByRole('checkbox', { name }).check();
    await some.getByRole('checkbox', { name: '车行道' }).uncheck();
    await count.fill('两棵');
    await kind.selectOption({ label: '榕树' });
    await near.fill('ATM 机旁\n第二个树池');
    await next(page);
    await expect(alert).toContainText('请只填数字');
    await expect(alert).not.toContainText('请回答');
    await count.fill('2');
    await page.reload();
    await expect(some.getByRole('checkbox', { checked: true }), 'a reload loses nothing').toHaveCount(2);
    await expect(some.getByRole('checkbox', { name: '车行道' })).not.toBeChecked();
    await expect(count).toHaveValue('2');
    await expect(kind).toHaveValue('banyan');
    await expect(near).toHaveValue('ATM 机旁\n第二个树池');
    await next(page);
    await step(page, '怎样联系您？');
    await expect(page.getByRole('definition').filter({ hasText: '人行道；电线；2；榕树；ATM 机旁' })).toBeVisible();
    await send(page);
    await expect(number(page)).toHaveText(/^N\d+$/);
    const answer = await fetch(`${foreign.at(`georeport-${shape}`)}/received/${await number(page).innerText()}`);
    expect(answer.status).toBe(200);
    const form = new URLSearchParams((await answer.json()) as string[][]);
    const names = [...new Set(form.keys())].filter((name) => name.startsWith('attribute'));
    expect(form.get('service_code')).toBe('004');
    expect(Object.fromEntries(names.map((name) => [name, form.getAll(name)])), 'and nothing of what was left empty').toEqual({
      'attribute[HARM][]': ['walk', 'wire'],
      'attribute[COUNT]': ['2'],
      'attribute[TREE]': ['banyan'],
      'attribute[NEAR]': ['ATM 机旁\n第二个树池'],
    });
    if (shape === 'xml') faults.expectFault(/404/);
  });
}

test('a page instead of an answer, and an answer that is lost: told, and never reported twice', async ({ page, foreign, faults }) => {
  await open(page, foreign, 'clean', '/report/new/');
  await fill(page, '路灯不亮', '第三根灯杆不亮');
  const posts = '**/proxy/georeport-clean/requests.json';
  const onPost = (answer: (route: import('@playwright/test').Route) => Promise<void>) =>
    page.route(posts, (route) => (route.request().method() === 'POST' ? answer(route) : route.fallback()));
  await onPost((route) => route.fulfill({ status: 500, contentType: 'text/html', body: '<!doctype html><h1>Internal Server Error</h1>' }));
  await send(page);
  await expect(page.getByRole('alert')).toContainText('不知道是否已收到');
  await expect(page.getByRole('alert').getByRole('blockquote')).toHaveCount(0);
  await page.unroute(posts);
  let arrived = 0;
  await onPost(async (route) => {
    arrived += (await route.fetch()).ok() ? 1 : 0;
    await route.abort('connectionreset');
  });
  await send(page);
  await expect(page.getByRole('button', { name: '再发送一次' })).toBeEnabled();
  expect(arrived, 'it is there, and its answer is lost').toBe(1);
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('上次发送还没有回音');
  await send(page);
  await step(page, '已收到您的反映');
  await expect(page.getByText('没有重复')).toBeVisible();
  expect(arrived).toBe(1);
  faults.expectFault(/Failed to load resource|ERR_|500/);
});

test('a token is followed until there is a number', async ({ page, foreign }) => {
  await open(page, foreign, 'wrapped', '/report/new/');
  await fill(page, '噪声扰民', '夜间施工');
  await send(page);
  await expect(page.getByText('受理单位正在编号')).toBeVisible();
  await audit(page, 'a number on its way');
  await expect(number(page)).toHaveText(/^N\d+$/, { timeout: 15_000 });
});

test('the place may be the phone’s, whose point alone is sent; English is one press away', async ({ page, context, foreign }) => {
  await context.grantPermissions(['geolocation'], { origin: foreign.base });
  await context.setGeolocation({ longitude: 113.93, latitude: 22.77, accuracy: 20 });
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.postData() ?? ''));
  await open(page, foreign, 'clean', '/report/new/');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('radio', { name: '路灯不亮' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Use my position' }).click();
  await expect(page.getByText('22.77000° N, 113.93000° E')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Please describe it').fill('no light');
  await page.getByRole('button', { name: 'Next' }).click();
  await expectSound(page, 'English');
  await audit(page, 'English');
  await page.getByRole('button', { name: 'Send' }).dblclick();
  await expect(page.getByRole('heading', { name: 'Your report has arrived' })).toBeVisible();
  expect(sent.length, 'one press or two, it is sent once').toBe(1);
  expect(sent[0]).toContain('lat=22.770000&');
});

test('where the backend takes no reports, nothing of it is shown', async ({ page, foreign }) => {
  await page.goto(`${foreign.base}/report/`);
  await expect(page.getByRole('heading', { name: '附近的诉求服务站' })).toBeVisible();
  await expect(page.getByRole('link', { name: '我要反映' })).toHaveCount(0);
  await page.goto(`${foreign.base}/report/new/`);
  await expect(page.getByText('这里还不能在网上反映')).toBeVisible();
  await audit(page, 'not offered');
});
