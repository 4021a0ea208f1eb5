// A config.json on its way: written in the studio, taken up by a desk that is open, and what a hidden tab asks by it.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, settled } from '../fixtures/desk.ts';
import { caption, needs, openStudio, openWith, test } from '../fixtures/foreign-desk.ts';
import { guide } from '../fixtures/guide.ts';
import { startProxy } from '../fixtures/proxy.ts';
import { audit } from '../fixtures/test.ts';

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });
test.beforeEach(({ faults, foreign }) => faults.own(foreign.base));

test('the studio tells every fault at its place, and opens, copies and downloads a file', async ({ page, foreign }) => {
  needs(foreign, 'backend-postgrest');
  const config = JSON.parse(guide('backend-postgrest').config);
  await openStudio(page, foreign, JSON.stringify(config));
  // Counted where it is a list; nothing is said to be none that nobody has counted.
  await expect(page.getByRole('row', { name: /组织树 places/ })).toContainText(/读懂 \d+ 条/, { timeout: 30_000 });
  await expect(page.getByText('读懂 0 条')).toHaveCount(0);
  const { resources } = config.backends.db.mapping;
  delete config.backends.db.mapping.datum;
  resources.cases.fields.state.table['1'] = 'waiting';
  const file = { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(config)) };
  await page.getByLabel('打开文件').setInputFiles(file);
  await page.getByRole('button', { name: '取样并试用' }).click();
  const faulty = page.getByRole('table').filter({ hasText: '文件中的位置' });
  for (const place of ['/cases/fields/at', '/cases/fields/state']) await expect(faulty).toContainText(`/backends/db/mapping/resources${place}`);
  config.backends.db.mapping.datum = 'CGCS2000';
  resources.cases.fields.state.table = { 0: 'reported' };
  resources.cases.fields.address = '/nowhere';
  resources.cases.fields.category = { at: '/lx', table: { nothing: 'mediation.wages' } };
  await page.getByLabel('打开文件').setInputFiles({ ...file, buffer: Buffer.from(JSON.stringify(config)) });
  await page.getByRole('button', { name: '取样并试用' }).click();
  const fields = page.getByRole('table').filter({ hasText: '原因，以及文件中的位置' });
  for (const field of ['state', 'category']) await expect(fields).toContainText(`/backends/db/mapping/resources/cases/fields/${field}`);
  await expect(fields, 'why, in the reader’s language').toContainText('对应表中没有');
  await expect(fields).not.toContainText('the table has no');
  await expect(page.getByText(/样本 \d+ 条，其中 [1-9]\d* 条未读懂/)).toBeVisible();
  // Of a kind that nobody understands none is shown: it may be one that is shown to nobody. What they are made of is.
  await expect(page.getByText('这些记录或许不可显示')).toBeVisible();
  await expect(page.getByRole('figure', { name: '原始记录' })).toHaveCount(0);
  resources.cases.fields.category = { value: 'mediation.wages' };
  await page.getByLabel('打开文件').setInputFiles({ ...file, buffer: Buffer.from(JSON.stringify(config)) });
  await page.getByRole('button', { name: '取样并试用' }).click();
  await expect(fields).toContainText('/backends/db/mapping/resources/cases/fields/state');
  // As it came, beside what was understood of it; the next one at a press.
  const [raw, understood] = ['原始记录', '枫图的理解'].map((name) => page.getByRole('figure', { name }));
  const before = (await raw!.locator('pre').textContent())!;
  const number = await understood!.getByRole('row', { name: /^number/ }).getByRole('cell').innerText();
  expect(before).toContain(number);
  await page.getByRole('button', { name: '下一条' }).click();
  await expect(raw!.locator('pre')).not.toHaveText(before);
  expect(await raw!.locator('pre').textContent()).toContain(await understood!.getByRole('row', { name: /^number/ }).getByRole('cell').innerText());
  await audit(page, 'the studio');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: '复制' }).click();
  await expect(page.getByText('已复制。')).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 config.json' }).click()]);
  expect(download.suggestedFilename()).toBe('config.json');
  expect(JSON.parse(await readFile(await download.path(), 'utf8')), 'what is in the studio, byte for byte').toEqual(config);
  await expect(page.getByText('已下载。')).toBeVisible();
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(config);
});

test('another config.json is told of on a desk that is open, taken up when people say so, and nothing is built for it', async ({ page, foreign }) => {
  needs(foreign, 'backend-json');
  const own = JSON.stringify({ backends: { default: { dialect: 'fengtu', base: '/api/v1' } }, resources: {}, basemaps: [] });
  await openWith(page, foreign, own, { layers: 'stations', list: 'stations' });
  // 198 that stand, and three that go round.
  await expect(caption(page)).toContainText('201 条');
  await page.evaluate(() => ((window as any).stays = true));
  const told = page.getByText('网站已更新');
  const isPage = (url: URL) => url.pathname === '/';
  // As when somebody comes back to the tab: what came is told with the next frame.
  const comeBack = async () => {
    const looked = [page.waitForResponse('**/config.json'), page.waitForResponse((answer) => isPage(new URL(answer.url())))];
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await Promise.all((await Promise.all(looked)).map((answer) => answer.finished()));
    await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 50)));
  };
  await comeBack();
  await expect(told, 'the same says nothing').toBeHidden();
  await page.route(isPage, async (route) => {
    const answer = await route.fetch();
    return route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/-[0-9a-f]{16}/g, '-0123456789abcdef') });
  });
  await comeBack();
  await expect(told, 'another version of the pages').toBeVisible();
  await page.unroute(isPage);
  await comeBack();
  await expect(told, 'it was taken back').toBeHidden();
  const giveConfig = async (body: string) => {
    await page.unroute('**/config.json');
    await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
  };
  const other = guide('backend-json').config;
  await giveConfig(other);
  await comeBack();
  await expect(told).toBeVisible();
  await audit(page, 'told of another version');
  const whole = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  for (const lang of ['en', 'zh-CN']) {
    await page.evaluate((lang) => document.documentElement.setAttribute('lang', lang), lang);
    await expect(page.getByText('The site has been updated')).toBeVisible({ visible: lang === 'en' });
    await expect(told).toBeVisible({ visible: lang !== 'en' });
    const { x, width } = (await page.locator('#newer').boundingBox())!;
    expect(x >= 0 && x + width <= 320, `${lang}: ${x} + ${width} in 320`).toBe(true);
  }
  await page.setViewportSize(whole);
  await page.getByRole('button', { name: '稍后' }).click();
  await expect(told).toBeHidden();
  await comeBack();
  await expect(told, 'it is not said again at once').toBeHidden();
  await giveConfig(`${other}\n`);
  await comeBack();
  await expect(told).toBeVisible();
  await expect(caption(page)).toContainText('201 条');
  expect(await page.evaluate(() => (window as any).stays), 'nothing is taken up unasked').toBe(true);
  await page.getByRole('button', { name: '重新载入' }).click();
  await settled(page);
  await expect(caption(page)).toContainText(`${foreign.district.stations.length} 条`);
});

test('a hidden tab asks nothing; shown again, it asks at once', async ({ page, foreign, faults }) => {
  needs(foreign, 'backend-json');
  const between = await startProxy(foreign.base);
  faults.own(between.base);
  const there = { ...foreign, base: between.base };
  const questions = () => between.asked.filter((url) => url.startsWith('/proxy/gongdan/gongdan')).length;
  await page.clock.install();
  await openWith(page, there, guide('backend-json').config, { layers: 'cases' });
  await page.clock.fastForward(35_000);
  const before = questions();
  await expect.poll(questions, { message: 'a tab that is shown asks every half a minute' }).toBeGreaterThan(before);
  await between.quiet();
  await show(page, false);
  const hidden = between.asked.length;
  // Longer than the longest time between two questions, again and again; the page's ticker runs each second.
  for (let time = 0; time < 6; time += 1) await page.clock.runFor(130_000);
  expect(between.asked.slice(hidden), 'what a hidden tab asked').toEqual([]);
  const asked = questions();
  await show(page, true);
  await page.clock.runFor(1_000);
  await expect.poll(questions, { message: 'a tab that is shown again asks at once' }).toBeGreaterThan(asked);
  await page.close();
  await between.stop();
});

/** Hides the tab, or shows it again, as far as the page can tell. */
const show = (page: Page, shown: boolean) =>
  page.evaluate((shown) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !shown });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (shown ? 'visible' : 'hidden') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, shown);
