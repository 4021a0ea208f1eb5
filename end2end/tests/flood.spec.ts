// A flood: ten thousand events a second for a while, on a desk with map, heat, clusters and list. It ends with what was sent, and without an error.
import type { Page } from '@playwright/test';
import type { District } from '../bench/flood.mjs';
import { readList, readPanel } from '../bench/live-page.mjs';
import { api, expect, grids, list, settled, test as desk } from '../fixtures/desk.ts';
import { Flood } from '../fixtures/flood.ts';
import { startProxy, type Proxy } from '../fixtures/proxy.ts';
import { speakOf } from '../fixtures/wall.ts';

const test = desk.extend<{ front: Proxy; flood: Flood }>({
  front: async ({ baseURL, faults }, use) => {
    const front = await startProxy(baseURL!);
    faults.own(front.base);
    await use(front);
    await front.stop();
  },
  flood: async ({ page, front }, use) => {
    const flood = new Flood(front, { grids: await grids(page), config: await api<District['config']>(page, 'config') });
    await use(flood);
    flood.stop();
  },
});

/** The newest cases that a desk keeps. */
const KEPT = 500;
/** Of a period that moved with the clock, old cases would leave the counts meanwhile. */
const FROM = new Date(Date.now() - 28 * 86_400_000).toISOString();

interface Counts {
  heat: number;
  clusters: number;
  levels: number[];
}

/** What the panel counts. */
const counts = (page: Page): Promise<Counts> => page.evaluate<Counts>(readPanel);

/** The same, once it stays as it is. */
async function countsAtRest(page: Page): Promise<Counts> {
  let last: Counts = { heat: 0, clusters: 0, levels: [] };
  const stays = async () => {
    const before = last;
    last = await counts(page);
    return last.heat > 0 && last.clusters > 0 && JSON.stringify(last) === JSON.stringify(before);
  };
  await expect.poll(stays, { message: 'the panel comes to rest', intervals: [1000] }).toBe(true);
  return last;
}

/** Some columns of the first rows of the list that is open, page after page. */
async function listed(page: Page, most: number, columns: number[]): Promise<string[][]> {
  const { rows } = await page.evaluate<{ rows: string[][] }, number>(readList, most);
  return rows.slice(0, most).map((row) => columns.map((column) => row[column]!));
}

test('of ten thousand events a second for five seconds lists and counts end with what was sent', async ({ page, front, flood }) => {
  test.setTimeout(240_000);
  await page.goto(`${front.base}/?level=grid&layers=warnings.heat.cases.labels&list=cases&from=${FROM}`);
  await settled(page);
  await expect.poll(() => flood.isHeard(), { message: 'the page listens' }).toBe(true);
  const before = await countsAtRest(page);
  const loads = () => front.asked.filter((url) => url.includes('/heat/points')).length;
  const loaded = loads();

  flood.levelAll();
  await flood.pourAll(10_000, 5);
  const top = list(page).locator('tbody tr').first();
  await expect(top, 'all was taken').toContainText(flood.cases.at(-1)!.number, { timeout: 120_000 });

  const came = flood.total;
  await expect.poll(() => counts(page)).toEqual({ heat: before.heat + came, clusters: before.clusters + came, levels: flood.counts() });
  expect(await listed(page, KEPT, [1, 4, 6])).toEqual(flood.listed(KEPT));
  await list(page).getByRole('tab', { name: '区域', exact: true }).click();
  expect((await listed(page, Infinity, [0, 1, 2])).sort()).toEqual(flood.leveled().sort());
  // A load from the server, which has none of these cases, would have begun the counts anew.
  expect(loads(), 'loads of heat').toBe(loaded);
});

test.describe('on a wall', () => {
  test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

  test('the same flood ends with the counts of levels that were sent, and with a wall that is live', async ({ page, front, flood }) => {
    test.setTimeout(240_000);
    await speakOf(page, ['district']);
    await page.goto(`${front.base}/wall`);
    await expect.poll(() => flood.isHeard(), { message: 'the wall listens' }).toBe(true);
    await expect(page.locator('.wall-waiting')).toHaveCount(0);
    flood.levelAll();
    await flood.pourAll(10_000, 5);
    const told = page.locator('[aria-labelledby=wall-warnings] .wall-cell .wall-figure');
    const levels = flood.counts().slice(0, 3).map(String);
    await expect.poll(() => told.allTextContents(), { message: 'grids at each level', timeout: 120_000 }).toEqual(levels);
    await expect(page.locator('.wall-fresh.live')).toBeVisible();
  });
});
