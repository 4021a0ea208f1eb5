// The residents' first page: stations near the code on the door, the phone's position, or an address.
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { metres } from '../fixtures/geo.ts';
import { audit, expect, test } from '../fixtures/test.ts';

interface Station {
  geometry: { coordinates: [number, number] } | null;
  properties: {
    name: string;
    services: string[];
    staff: { kind: string; count: number }[];
    hours: unknown[];
    telephone?: string;
    circles: string[];
    stops?: { at: [number, number] }[];
  };
}

const SERVICES: Record<string, string> = {
  mediation: '纠纷调处', complaints: '投诉建议', assistance: '帮扶救助', legal: '法律服务', psychological: '心理服务',
};
const STAFF: Record<string, string> = {
  grid_member: '网格员', mediator: '调解员', police: '民警', counsellor: '心理咨询师', lawyer: '律师',
};

const cards = (page: Page): Locator => page.locator('.cards > li');

async function stations(request: APIRequestContext): Promise<Station[]> {
  const { features } = await (await request.get('/api/v1/stations')).json();
  return features;
}

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

test('a card tells what a station does, who is there, when, and whom to call; the page in which circles one stands', async ({ page, request }) => {
  const all = await stations(request);
  const found = await (await request.get('/api/v1/buildings?q=440311001001&limit=1')).json();
  await page.goto(`/report/?code=${found.items[0].code}`);
  await expect(cards(page)).toHaveCount(5);
  for (const card of await cards(page).all()) {
    const name = await card.getByRole('heading', { level: 3 }).innerText();
    const { services, staff, telephone } = all.find((station) => station.properties.name === name)!.properties;
    await expect(card.getByRole('list', { name: '能办的事' }).getByRole('listitem')).toHaveText(services.map((each) => SERVICES[each]!));
    const call = card.getByRole('link', { name: /^拨打/ });
    if (telephone) await expect(call).toHaveAttribute('href', `tel:${telephone.replaceAll(/[^\d+]/g, '')}`);
    else await expect(call).toHaveCount(0);
    const people = staff.map(({ kind, count }) => `${STAFF[kind]} ${count} 人`);
    await expect(card.getByText(people[0]!, { exact: true })).toBeHidden();
    await card.getByText('值班人员和开放时间').click();
    for (const each of people) await expect(card.getByText(each, { exact: true })).toBeVisible();
    await expect(card.locator('details').getByText(/\d\d:\d\d–\d\d:\d\d|全天/).first()).toBeVisible();
  }
  await audit(page);
});

test('the circles that reach a place are those of the stations around it, and none are said to be none', async ({ page, request, context, baseURL }) => {
  const { circles } = await (await request.get('/api/v1/config')).json();
  const named: [string, { zh: string }, number][] = circles.map((rule: any) => [rule.kind, rule.name, rule.radius_m]);
  const placed = (await stations(request)).filter((station) => station.geometry);
  const near = (at: [number, number], kind: string, slack: number, radius: number) => placed.some(({ geometry, properties }) =>
    properties.circles.includes(kind) && metres(geometry!.coordinates, at) < radius + slack);
  // Where some circles reach and some do not, a little either way; a mobile station is somewhere else tomorrow.
  const reached = (at: [number, number], slack: number) => named.filter(([kind, , radius]) => near(at, kind, slack, radius)).length;
  const stops = placed.flatMap(({ properties }) => (properties.stops ?? []).map((stop) => stop.at));
  const away = (at: [number, number]) => stops.every((stop) => metres(stop, at) > 1_000);
  const at = placed.map(({ geometry }) => geometry!.coordinates).find((at) =>
    away(at) && reached(at, -5) === reached(at, 5) && reached(at, 0) > 0 && reached(at, 0) < named.length)!;
  await context.grantPermissions(['geolocation'], { origin: baseURL });
  const said = async ([longitude, latitude]: [number, number]) => {
    await context.setGeolocation({ longitude, latitude, accuracy: 10 });
    await page.goto('/report/');
    await page.getByRole('button', { name: '用手机定位' }).click();
    await expect(cards(page).first()).toBeVisible();
    return page.locator('.circles').innerText();
  };
  const words = await said(at);
  for (const [kind, name, radius] of named) {
    if (near(at, kind, 0, radius)) expect(words, kind).toContain(name.zh);
    else expect(words, kind).not.toContain(name.zh);
  }
  expect(await said([at[0] + 2, at[1]])).toBe('您这里还没有 500 米服务圈覆盖，下面是最近的服务站。');
});

test('the whole page by keyboard: address, a service, only what is open, details, more, the other language', async ({ page, request }) => {
  const found = await (await request.get('/api/v1/buildings?q=440311001001&limit=1')).json();
  await page.goto('/report/');
  const reach = async (target: Locator, key = 'Tab') => {
    for (let step = 0; step < 80; step += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`no way by Tab to ${target}`);
  };
  await reach(page.locator('#address'));
  await page.keyboard.type(found.items[0].code);
  await page.keyboard.press('Enter');
  await expect(cards(page)).toHaveCount(5);
  // What was found is where the keyboard goes on.
  await expect(page.getByRole('heading', { name: '离您最近的服务站' })).toBeFocused();
  await reach(page.getByRole('combobox', { name: '要办的事' }));
  const service = page.getByRole('combobox', { name: '要办的事' });
  for (let step = 0; step < 8 && (await service.inputValue()) !== 'psychological'; step += 1) await page.keyboard.press('ArrowDown');
  await expect(service).toHaveValue('psychological');
  for (const card of await cards(page).all()) await expect(card.getByRole('list', { name: '能办的事' })).toContainText('心理服务');
  const details = cards(page).first().locator('summary');
  await reach(details);
  await page.keyboard.press('Enter');
  await expect(cards(page).first().locator('details')).toHaveAttribute('open', '');
  await reach(page.getByRole('button', { name: '显示更多' }));
  await page.keyboard.press('Space');
  await expect.poll(() => cards(page).count()).toBeGreaterThan(5);
  await reach(page.getByRole('checkbox', { name: '只看现在开门的' }), 'Shift+Tab');
  await page.keyboard.press('Space');
  for (const state of await cards(page).locator('.state').allTextContents()) expect(state).toMatch(/开门/);
  for (const state of await cards(page).locator('.state').allTextContents()) expect(state).not.toMatch(/已关门/);
  await reach(page.getByRole('button', { name: 'English' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Service stations near you' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
});
