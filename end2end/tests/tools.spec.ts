// Tools over the map: where am I, how far, how large.
import type { Page } from '@playwright/test';
import { expectDrawn, ink } from '../fixtures/canvas.ts';
import { camera, cameraOf, expect, figure, ground, middle, open, press, reach, test } from '../fixtures/desk.ts';
import { metres, metresPerPixel } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

const HERE: Position = [113.93, 22.77];
const tool = (page: Page, name: string) => page.getByRole('group', { name: '地图工具' }).getByRole('button', { name });
const scale = metresPerPixel(HERE[1], 14);
const near = (value: number, wanted: number) => expect(Math.abs(value / wanted - 1), `${value} against ${wanted}`).toBeLessThan(0.02);

/** Reads a length or an area of the result in metres or square metres. */
async function result(page: Page, word: string): Promise<number> {
  const text = (await page.getByText(new RegExp(`${word} [\\d.]`)).textContent()) ?? '';
  const [, number, unit] = text.match(new RegExp(`${word} ([\\d.]+)\\s?(km²|m²|km|m)`))!;
  return Number(number) * ({ km: 1_000, 'km²': 1e6 }[unit!] ?? 1);
}

test('the position of the device is shown, flown to and not sent', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['geolocation'], { origin: baseURL });
  await context.setGeolocation({ longitude: HERE[0], latitude: HERE[1], accuracy: 25 });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')));
  await open(page);
  const before = await ink(page, 'Base');
  await tool(page, '定位到我的位置').click();
  await expect(page.getByText('已定位，误差约 25')).toBeVisible();
  await expectDrawn(page, 'Marks');
  await expect.poll(async () => (await ink(page, 'Base')).sum).not.toBe(before.sum);
  expect(sent.filter((each) => each.includes('113.93'))).toEqual([]);
  await page.getByText('已定位').getByRole('button', { name: '关闭' }).click();
  await expect(page.getByText('已定位')).toHaveCount(0);
});

test('the position by keyboard, and words where it is refused', async ({ page, context, baseURL }) => {
  await open(page);
  await press(page, tool(page, '定位到我的位置'));
  await expect(page.getByText(/您没有允许定位/)).toBeVisible();
  await context.grantPermissions(['geolocation'], { origin: baseURL });
  await context.setGeolocation({ longitude: HERE[0], latitude: HERE[1], accuracy: 25 });
  await press(page, tool(page, '定位到我的位置'));
  await expect(page.getByText('已定位，误差约 25')).toBeVisible();
});

test('a distance and an area are measured by pressing on the map', async ({ page }) => {
  await open(page, { map: camera(HERE, 14), layers: 'none' });
  const { x, y } = await middle(page);
  await tool(page, '量距离').click();
  await expect(page.getByText('在地图上依次点击')).toBeVisible();
  await page.mouse.click(x - 150, y);
  await page.mouse.click(x + 150, y);
  await expect.poll(() => result(page, '距离')).toBeGreaterThan(0);
  near(await result(page, '距离'), 300 * scale);
  await expectDrawn(page, 'Marks');

  await tool(page, '量面积').click();
  for (const [dx, dy] of [[-100, -100], [100, -100], [100, 100], [-100, 100]] as const) await page.mouse.click(x + dx, y + dy);
  await expect.poll(() => result(page, '面积')).toBeGreaterThan(0);
  near(await result(page, '面积'), (200 * scale) ** 2);
  near(await result(page, '周长'), 800 * scale);
  await tool(page, '量面积').click();
  await expect(page.getByText(/面积 \d/)).toHaveCount(0);
});

test('a distance by keyboard: Enter sets corners under the cross-hair, Backspace takes one back', async ({ page }) => {
  await open(page, { map: camera(HERE, 14), layers: 'none' });
  await press(page, tool(page, '量距离'));
  await reach(page, ground(page));
  await page.keyboard.press('Enter');
  const stepped = async (key: string, times: number) => {
    for (let step = 0; step < times; step += 1) {
      const before = cameraOf(page)?.at;
      await page.keyboard.press(key);
      await expect.poll(() => JSON.stringify(cameraOf(page)?.at)).not.toBe(JSON.stringify(before));
    }
  };
  await stepped('ArrowRight', 2);
  const first = cameraOf(page)!.at;
  await page.keyboard.press('Enter');
  await expect.poll(() => result(page, '距离')).toBeGreaterThan(0);
  near(await result(page, '距离'), metres(HERE, first));
  await stepped('ArrowUp', 1);
  await page.keyboard.press('Enter');
  await expect.poll(() => result(page, '距离')).toBeGreaterThan(metres(HERE, first) * 1.2);
  await page.keyboard.press('Backspace');
  await expect.poll(async () => figure(String(await result(page, '距离')))).toBeLessThan(metres(HERE, first) * 1.05);
});
