// An administrator puts a configuration on the site from the studio.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { startServer } from '../fixtures/server.ts';
import { audit } from '../fixtures/test.ts';
import { signInAt } from '../fixtures/wall.ts';

const text = (page: Page) => page.getByRole('textbox', { name: 'config.json' });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const said = (page: Page) => page.locator('.studio-file').getByRole('status');

async function studio(context: BrowserContext, base: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${base}/backends`);
  await expect(text(page)).toHaveValue(/"backends"/);
  return page;
}

test('a file from the studio holds for everybody, and for nobody before it is put there', async ({ browser, faults, baseURL }) => {
  test.slow();
  const data = await mkdtemp(join(tmpdir(), 'fengtu-put-'));
  const own = join(data, 'own.json');
  const server = await startServer(['--demo', 'guangming', '--seed', '7', '--cases', '300', '--config', own], { data });
  faults.own(server.base);
  const office = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  await faults.watch(office);
  await signInAt(office, server.base, 'sysadmin');
  const [first, second] = [await studio(office, server.base), await studio(office, server.base)];

  const file = JSON.parse(await text(first).inputValue());
  file.backends.gis = { dialect: 'json', base: '/proxy/gis', mapping: { resources: { stations: { list: '/stations', paging: { kind: 'odd' } } } } };
  file.resources = { stations: 'gis' };
  await text(first).fill(JSON.stringify(file));
  await press(first, '放到网站上');
  await expect(said(first)).toHaveText('会换掉所有页面现用的 config.json。');
  await audit(first, 'the studio before a file is put on the site');
  await press(first, '再按一次放上去');
  await expect(said(first), 'a mapping that cannot be used').toHaveText('文件里有不能用的地方，没有放上去。');
  await expect(first.getByRole('table').filter({ hasText: '文件中的位置' })).toContainText('/backends/gis/mapping');
  await expect(readFile(own), 'nothing was written').rejects.toThrow();

  // What every page would refuse, though no mapping is wrong.
  file.backends.gis = null;
  file.resources.stations = null;
  file.language = 5;
  await text(first).fill(JSON.stringify(file));
  await press(first, '放到网站上');
  // Once more changed, or pressed twice at once, it is not pressed again.
  await text(first).press('End');
  await text(first).pressSequentially(' ');
  await expect(said(first)).toHaveText('');
  await first.getByRole('button', { name: '放到网站上' }).dblclick();
  await expect(said(first)).toHaveText('会换掉所有页面现用的 config.json。');
  await press(first, '再按一次放上去');
  await expect(said(first), 'a language of another kind').toHaveText('文件里有不能用的地方，没有放上去。');
  await expect(first.locator('.studio-result')).toContainText('config.json');
  await expect(readFile(own), 'nothing was written').rejects.toThrow();

  file.language = 'en';
  const good = `${JSON.stringify(file, null, 2)}\n`;
  await text(first).fill(good);
  await press(first, '放到网站上');
  await press(first, '再按一次放上去');
  await expect(said(first)).toHaveText('已放到网站上，重新载入后生效。');
  expect(await readFile(own, 'utf8'), 'byte for byte').toBe(good);
  // What is taken away by `null` is taken away, and pages open.
  await expect(studio(office, server.base), 'a page that opens anew').resolves.toBeTruthy();

  // Whoever began with the old one looks first; whoever wrote it goes on.
  await press(second, '放到网站上');
  await press(second, '再按一次放上去');
  await expect(said(second)).toHaveText('config.json 刚被别人改过，没有放上去。请重新载入本页，再改一次。');
  faults.expectFault(/console: .*412/);
  expect(await readFile(own, 'utf8')).toBe(good);
  await text(first).fill(good.replace('"en"', '"zh-CN"'));
  await press(first, '放到网站上');
  await press(first, '再按一次放上去');
  await expect.poll(() => readFile(own, 'utf8')).toContain('"language": "zh-CN"');
  await second.reload();
  await expect(text(second)).toHaveValue(good.replace('"en"', '"zh-CN"'));

  // A server that was given no place for it says what to do, and keeps what it has.
  const elsewhere = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  await faults.watch(elsewhere);
  await signInAt(elsewhere, baseURL!, 'sysadmin');
  const closed = await studio(elsewhere, baseURL!);
  await press(closed, '放到网站上');
  await press(closed, '再按一次放上去');
  await expect(said(closed)).toHaveText('这个网站不接受写入。请用 --config 启动 fengtu-server，或按下面的步骤手工放置。');
  faults.expectFault(/console: .*405/);
  await Promise.all([office.close(), elsewhere.close()]);
  // An administrator may read no case: each page asks how it is answered, and says so, sooner or later.
  faults.expectFault(/console: .*403/);
  await server.stop();
  await rm(data, { recursive: true, force: true });
});
