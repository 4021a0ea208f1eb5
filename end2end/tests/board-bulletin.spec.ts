// Bulletins: written over, printed, and laid out as GB/T 9704-2012 has official documents.
import type { Page } from '@playwright/test';
import { go, save } from '../fixtures/board.ts';
import { api, expect, type Feature, test } from '../fixtures/desk.ts';
import { expectSound } from '../fixtures/layout.ts';

test('a bulletin is made, written over and printed', async ({ page }) => {
  await go(page, '/board/bulletin');
  const sheet = page.getByRole('article');
  await expect(sheet.getByRole('heading', { level: 2 })).toHaveCount(6);
  await page.getByRole('button', { name: '月报' }).click();
  await expect(sheet.getByRole('textbox', { name: '标题' })).toContainText('月报');
  await sheet.getByRole('textbox', { name: '标题' }).fill('关于近期情况的报告');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(sheet.getByText('关于近期情况的报告')).toBeVisible();
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.length).toBeGreaterThan(10_000);
});

test('behind each chart of a bulletin is its table, on the screen alone', async ({ page }) => {
  await go(page, '/board/bulletin');
  const charts = page.locator('.sheet figure');
  await expect(charts).toHaveCount(2);
  // Nothing that comes later makes the sheet anew under somebody's hands.
  await charts.first().evaluate((figure) => (figure.dataset.first = ''));
  for (const [at, heads] of [[0, ['日期', '受理量', '化解量']], [1, ['原因', '受理量', '上期']]] as const) {
    const behind = charts.nth(at).locator('.card-behind');
    await behind.locator('summary').click();
    await expect(behind.getByRole('columnheader')).toHaveText([...heads]);
    await expect(behind.getByRole('row').nth(1)).toContainText(/\d/);
    const saved = page.waitForEvent('download');
    await behind.getByRole('button', { name: 'SVG' }).click();
    expect((await saved).suggestedFilename()).toMatch(/\.svg$/);
  }
  // What stands as a table has its files below it.
  const files = page.locator('.sheet > .card-behind, .sheet .card-behind:not(figure .card-behind)');
  await expect(files).toHaveCount(2);
  for (const at of [0, 1]) {
    for (const kind of ['CSV', 'XLSX'] as const) await save(page, files.nth(at), kind);
  }
  await expect(page.locator('.sheet figure[data-first]')).toHaveCount(1);
  await expectSound(page, 'with both tables open');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.sheet .card-behind').first()).toBeHidden();
  await expect(page.locator('.sheet table:visible')).toHaveCount(2);
});

for (const lang of ['zh-CN', 'en']) {
  test(`what a bulletin draws stays within its margins, whichever it is (${lang})`, async ({ page }) => {
    await go(page, '/board/bulletin', { lang });
    for (const kind of ['Day', 'Week', 'Month', 'Quarter']) {
      await page.locator(`#bulletin-${kind}`).click();
      await expect(page.locator(`#bulletin-${kind}`)).toHaveAttribute('aria-pressed', 'true');
      await expect(page.locator('.sheet table')).toHaveCount(2);
      for (const width of [1280, 820, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await expect.poll(() => page.evaluate(beyond), `${kind} at ${width}`).toEqual([]);
        await expectSound(page, `${kind} at ${width}`);
      }
    }
  });
}

/** How far tables and figures stick out of what the sheet leaves between its margins. */
function beyond(): number[] {
  const sheet = document.querySelector('.sheet')!;
  const edge = sheet.getBoundingClientRect().right - parseFloat(getComputedStyle(sheet).paddingRight);
  return [...sheet.querySelectorAll('table, figure')].map((each) => Math.round(each.getBoundingClientRect().right - edge)).filter((by) => by > 0);
}

/** How a part of the sheet is set: its first family, and lengths in points. */
const set = (page: Page, query: string) =>
  page.locator(query).first().evaluate((each) => {
    const { fontFamily, fontSize, lineHeight, textIndent } = getComputedStyle(each);
    const points = (px: string) => Math.round(parseFloat(px) * 75) / 100;
    return { family: fontFamily.split(',')[0]!.replaceAll('"', ''), size: points(fontSize), line: points(lineHeight), indent: points(textIndent) };
  });

test('a printed bulletin is laid out as official documents are', async ({ page }) => {
  await go(page, '/board/bulletin');
  await page.emulateMedia({ media: 'print' });
  const body = { size: 16, line: 28.95, indent: 32 };
  expect(await set(page, '#para-overall')).toEqual({ family: 'FangSong_GB2312', ...body });
  expect(await set(page, '.sheet h2')).toEqual({ family: 'SimHei', ...body });
  expect(await set(page, '#sheet-title')).toMatchObject({ family: 'FZXiaoBiaoSong-B05S', size: 22, indent: 0 });
  expect(await set(page, '#sheet-to')).toEqual({ family: 'FangSong_GB2312', ...body, indent: 0 });
  expect(await set(page, '.sheet td')).toMatchObject({ size: 10.5 });
  await expect(page.locator('#sheet-signed')).toHaveCSS('text-align', 'end');
  await expect(page.locator('#sheet-date')).toHaveCSS('text-align', 'end');
  // 28 characters a line, the first line two fewer.
  const para = page.locator('#para-overall');
  const lines = async (n: number) => {
    await para.fill('字'.repeat(n));
    return para.evaluate((each) => Math.round(each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight)));
  };
  expect([await lines(54), await lines(55)]).toEqual([2, 3]);
});

test('a bulletin is printed on A4 between official margins, the board between its own', async ({ page }) => {
  const name = () => page.evaluate(() => getComputedStyle(document.body).getPropertyValue('page'));
  await go(page);
  await page.emulateMedia({ media: 'print' });
  expect(await name()).toBe('auto');
  await page.emulateMedia({ media: 'screen' });
  await go(page, '/board/bulletin');
  await page.emulateMedia({ media: 'print' });
  expect(await name()).toBe('official');
  const margins = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) =>
      rule instanceof CSSPageRule && rule.selectorText === 'official' ? [rule.style.margin] : []));
  expect(margins).toEqual(['37mm 26mm 35mm 28mm']);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, ...sides]) => sides.map(Number).map(Math.round));
  expect(boxes.length).toBeGreaterThan(1);
  for (const box of boxes) expect(box).toEqual([595, 842]);
});

test('on the screen a bulletin looks like its page', async ({ page }) => {
  await go(page, '/board/bulletin');
  const sheet = await page.locator('.sheet').evaluate((each) => {
    const { paddingTop, paddingRight, paddingBottom, paddingLeft } = getComputedStyle(each);
    const mm = (px: number) => Math.round((px / 96) * 25.4);
    return [each.getBoundingClientRect().width, ...[paddingTop, paddingRight, paddingBottom, paddingLeft].map(parseFloat)].map(mm);
  });
  expect(sheet).toEqual([210, 37, 26, 35, 28]);
  expect(await set(page, '#para-overall')).toEqual({ family: 'FangSong_GB2312', size: 16, line: 28.95, indent: 32 });
  expect(await set(page, '#sheet-title')).toMatchObject({ family: 'FZXiaoBiaoSong-B05S', size: 22 });
});

test('a bulletin goes to the leaders of its own level', async ({ page }) => {
  const first = async (level: string) => (await api<{ features: Feature<{ id: string }>[] }>(page, `places?level=${level}`)).features[0]!.properties.id;
  const [street, community] = [await first('street'), await first('community')];
  const to = page.locator('#sheet-to');
  for (const [place, zh, en] of [
    ['440311', '主送：区委、区政府领导，各街道', 'To: leaders of the district; streets'],
    [street, '主送：街道党工委、办事处领导，各社区', 'To: leaders of the street; communities'],
    [community, '主送：社区党委、居委会，各网格', "To: Party committee and residents' committee of the community; grids"],
  ] as const) {
    await go(page, '/board/bulletin', { place });
    await expect(to).toContainText(zh);
    await go(page, '/board/bulletin', { place, lang: 'en' });
    await expect(to).toContainText(en);
  }
});
