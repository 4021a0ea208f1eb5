// The residents' first page: stations near the code on the door, the phone's position, or an address.
import { audit, expect, test } from '../fixtures/test.ts';

test('the page asks one question and is accessible', async ({ page }) => {
  await page.goto('/report/');
  await expect(page.getByRole('heading', { name: '附近的诉求服务站' })).toBeVisible();
  await audit(page);
});

test("the phone's position leads to the nearest stations and is not sent", async ({ page, context, baseURL }) => {
  await context.grantPermissions(['geolocation'], { origin: baseURL });
  await context.setGeolocation({ longitude: 113.93, latitude: 22.77, accuracy: 20 });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')));
  await page.goto('/report/');
  await page.getByRole('button', { name: '用手机定位' }).click();
  const cards = page.locator('.cards > li');
  await expect(cards.first()).toBeVisible();
  await expect(cards).toHaveCount(5);
  await expect(cards.first()).toContainText('步行约');
  expect(sent.filter((each) => each.includes('113.9'))).toEqual([]);
  await audit(page);
});

test('the code on a door leads to its stations, and English is one press away', async ({ page, request }) => {
  const found = await (await request.get('/api/v1/buildings?q=440311001001&limit=1')).json();
  const code: string = found.items[0].code;
  await page.goto(`/report/?code=${code}`);
  await expect(page.locator('.cards > li').first()).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Service stations near you' })).toBeVisible();
});

test('an address that nobody knows is told, and so is a position that is refused', async ({ page }) => {
  await page.goto('/report/');
  await page.locator('#address').fill('没有这条路 999 号');
  await page.locator('#address').press('Enter');
  await expect(page.getByText('没有找到这个地址')).toBeVisible();
  await page.getByRole('button', { name: '用手机定位' }).click();
  await expect(page.getByText(/没有允许定位|不能定位/)).toBeVisible();
});

test('what opens tomorrow opens today once midnight has passed', async ({ page, request }) => {
  const found = await (await request.get('/api/v1/buildings?q=440311001001&limit=1')).json();
  await page.clock.install();
  // The page's clock begins with the server's: ten minutes before a Tuesday.
  await page.route('**/api/v1/config', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), server_time: '2026-03-02T23:50:00+08:00' } });
  });
  await page.goto(`/report/?code=${found.items[0].code}`);
  const card = page.locator('.cards > li').filter({ hasText: '明天' }).first();
  const name = await card.getByRole('heading').first().innerText();
  const opening = page.locator('.cards > li').filter({ hasText: name }).locator('.state');
  await expect(opening).toHaveText(/明天/);
  await page.clock.fastForward(20 * 60_000);
  await expect(opening).not.toHaveText(/明天/);
  await expect(opening).toHaveText(/\d\d:\d\d/);
});
