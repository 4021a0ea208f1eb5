// Bad starts: each gets a page that says what is wrong and what to do, and that comes right by itself or by one button.
import type { Page } from '@playwright/test';
import { startServer } from '../fixtures/server.ts';
import { audit, expect, test } from '../fixtures/test.ts';

const CONFIG = '**/config.json';
const SETTINGS = '**/api/v1/config';
const ANY = '**/api/v1/**';
/** What a browser says of requests that fail, which is what these tests make them do. */
const FAILED = /console: Failed to load resource/;

async function expectTold(page: Page, ...words: RegExp[]): Promise<void> {
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 30_000 });
  for (const word of words) await expect(page.getByRole('main').getByText(word).first()).toBeVisible();
  await audit(page);
}

async function retry(page: Page): Promise<void> {
  await page.getByRole('button', { name: '重试' }).click();
  await expect(page.getByRole('button', { name: /区领导/ }).first()).toBeVisible({ timeout: 30_000 });
}

for (const [what, body, names] of [
  ['is no JSON', '{"backends":', /config\.json cannot be read/],
  ['names no backend', '{"backends": {}}', /default/],
  ['names a dialect that nobody speaks', '{"backends": {"default": {"dialect": "soap", "base": "/"}}}', /soap/],
  ['points to a script', '{"backends": {"default": {"dialect": "fengtu", "base": "javascript:alert(1)"}}}', /no http address/],
] as const) {
  test(`a config.json that ${what} is named as what it is`, async ({ page }) => {
    await page.route(CONFIG, (route) => route.fulfill({ contentType: 'application/json', body }));
    await page.goto('/');
    await expectTold(page, /config\.json/, /管理员/);
    await page.getByText('详细信息').click();
    await expect(page.getByText(names).last()).toBeVisible();
    await page.unroute(CONFIG);
    await retry(page);
  });
}

test('a config.json that is not there is told as such', async ({ page, faults }) => {
  await page.route(CONFIG, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto('/');
  await expectTold(page, /config\.json/, /管理员/);
  await page.unroute(CONFIG);
  await retry(page);
  faults.expectFault(FAILED);
});

test('no backend: the page says so, and the button tries again', async ({ page, faults }) => {
  await page.route(ANY, (route) => route.abort('connectionrefused'));
  await page.goto('/');
  await expectTold(page, /连不上服务器/, /fengtu-server 已启动/);
  await page.unroute(ANY);
  await retry(page);
  faults.expectFault(FAILED);
});

test('a host without a backend behind it answers with its own page: told, not shown as an empty district', async ({ page }) => {
  await page.route(ANY, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>it works</title>' }));
  await page.goto('/');
  await expectTold(page, /版本不一致/);
  await page.unroute(ANY);
  await retry(page);
});

test('a backend of another version is told as such, in English too', async ({ page }) => {
  await page.route(SETTINGS, async (route) => {
    const answer = await route.fetch();
    const settings = (await answer.json()) as Record<string, unknown>;
    await route.fulfill({ response: answer, json: { ...settings, levels: ['planet'], categories: 'none' } });
  });
  await page.goto('/');
  await expectTold(page, /版本不一致/, /管理员/);
  await page.goto('/?lang=en');
  await expectTold(page, /different versions/, /administrator/);
});

test('the portal says so too', async ({ page, faults }) => {
  await page.route(ANY, (route) => route.abort('connectionrefused'));
  await page.goto('/report/');
  await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await page.unroute(ANY);
  await page.getByRole('button', { name: '重试' }).first().click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  faults.expectFault(FAILED);
});

test('a server without a district says how one gets in, on both faces', async ({ page, faults }) => {
  const server = await startServer([]);
  faults.own(server.base);
  await page.goto(server.base);
  await expect(page.getByRole('heading', { name: '还没有辖区数据' })).toBeVisible();
  await expect(page.getByText('fengtu-server import')).toBeVisible();
  await expect(page.getByText('fengtu-server account')).toBeVisible();
  await audit(page);
  await page.goto(`${server.base}/report/`);
  await expect(page.locator('#boot')).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText(/还没有|没有站点|暂无/);
  await audit(page);
  await server.stop();
});
