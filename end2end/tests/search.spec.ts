// Search: a place, an address, a building's code, a station, a case's number; each is shown on the map and in the drawer.
import type { Page } from '@playwright/test';
import { api, asked, cameraOf, drawer, expect, open, reach, stations, test } from '../fixtures/desk.ts';
import { metres } from '../fixtures/geo.ts';
import type { Position } from '../fixtures/desk.ts';

const box = (page: Page) => page.getByRole('combobox', { name: /^搜索/ });

interface Wanted {
  text: string;
  group: string;
  heading: RegExp;
  sel: RegExp;
  at?: Position;
}

const exactly = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));

/** One of each sort, as the backend has it. */
async function wanted(page: Page): Promise<Wanted[]> {
  const { items: buildings } = await api<{ items: { code: string; name: string; address: string; at: Position }[] }>(
    page,
    'buildings?q=440311002&limit=3',
  );
  const building = buildings[0]!;
  const { items: cases } = await api<{ items: { number: string; title: string; at: Position | null }[] }>(page, 'cases?limit=50');
  const one = cases.find((each) => each.at)!;
  const station = (await stations(page)).find((each) => each.properties.level === 'community')!;
  return [
    { text: '公明街道', group: '地点', heading: /公明街道/, sel: /^place:/ },
    { text: building.address, group: '楼栋与地址', heading: /./, sel: /^building:/, at: building.at },
    { text: building.code, group: '楼栋与地址', heading: /./, sel: exactly(`building:${building.code}`), at: building.at },
    { text: station.properties.name, group: '站点', heading: exactly(station.properties.name), sel: /^station:/, at: station.geometry!.coordinates },
    { text: one.number, group: '案件', heading: exactly(one.title), sel: exactly(`case:${one.number}`), at: one.at! },
  ];
}

/** The thing is selected, told of, and in the middle of the map. */
async function shown(page: Page, { heading, sel, at }: Wanted): Promise<void> {
  await expect(drawer(page).getByRole('heading', { name: heading }).first()).toBeVisible();
  await expect.poll(() => asked(page, 'sel')).toMatch(sel);
  // The map flies there; the address says where it stands when it has come to rest.
  if (at) await expect.poll(() => metres(cameraOf(page)!.at, at)).toBeLessThan(3);
}

test('each sort is found and shown', async ({ page }) => {
  await open(page);
  for (const each of await wanted(page)) {
    await box(page).click();
    await box(page).fill(each.text);
    const group = page.getByRole('group', { name: each.group });
    await group.getByRole('option').first().click();
    await shown(page, each);
  }
});

test('each sort by keyboard: type, arrow down, Enter', async ({ page }) => {
  await open(page);
  for (const each of await wanted(page)) {
    await reach(page, box(page));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(each.text);
    const option = page.getByRole('group', { name: each.group }).getByRole('option').first();
    await expect(option).toBeVisible();
    for (let step = 0; step < 12 && (await option.getAttribute('aria-selected')) !== 'true'; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    await expect(box(page)).toHaveAttribute('aria-activedescendant', (await option.getAttribute('id'))!);
    await page.keyboard.press('Enter');
    await shown(page, each);
    await page.keyboard.press('Escape');
  }
});

test('a case is found by a part of its number, written small', async ({ page, faults }) => {
  await open(page);
  const { items } = await api<{ items: { number: string; title: string }[] }>(page, 'cases?limit=1');
  const { number } = items[0]!;
  await box(page).fill(number.slice(1).toLowerCase());
  await page.getByRole('group', { name: '案件' }).getByRole('option').filter({ hasText: number }).click();
  await expect.poll(() => asked(page, 'sel')).toMatch(exactly(`case:${number}`));
  // A number of our own shape is asked for by itself first, and there is none like that.
  faults.expectFault(/404/);
});

test('the drawer of a building lists what happened in it', async ({ page }) => {
  await open(page);
  const { items } = await api<{ items: { number: string }[] }>(page, 'cases?limit=30');
  const all = await Promise.all(items.map(({ number }) => api<{ number: string; title: string; building: string | null }>(page, `cases/${number}`)));
  const one = all.find((each) => each.building)!;
  await open(page, { sel: `building:${one.building}` });
  const row = drawer(page).getByRole('listitem').filter({ hasText: one.number });
  await expect(row).toBeVisible();
  await expect(row).toContainText(one.title);
});

test('what is not there is said, English and full-width letters are understood, Escape closes', async ({ page }) => {
  await open(page);
  await box(page).fill('没有这个地方');
  await expect(page.getByText(/没有找到“没有这个地方”/)).toBeVisible();
  await box(page).fill('guangming street');
  await expect(page.getByRole('option', { name: /光明街道/ }).first()).toBeVisible();
  await box(page).fill('４４０３１１００１');
  await expect(page.getByRole('option').first()).toBeVisible();
  await box(page).press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(box(page)).toBeFocused();
});

test.describe('sight', () => {
  test.use({ account: 'grid' });

  test("a case of another grid is not found by who may not see it, and the answer is that of a number that is none", async ({ page, browser, signIn, faults }) => {
    const leader = await browser.newContext({ baseURL: process.env.FENGTU_BASE });
    await leader.addCookies([await signIn('leader')]);
    const all = await (await leader.request.get('/api/v1/cases?place=440311006&limit=1')).json();
    await leader.close();
    await open(page);
    await box(page).fill(all.items[0].number);
    await expect(page.getByText(/没有找到/)).toBeVisible();
    // What was found beside the number may be said before the number's own answer has come.
    await expect.poll(() => faults.list.some((fault) => fault.includes('404'))).toBe(true);
    faults.expectFault(/404/);
  });
});
