// axe on every page, in day, night, 320 px, 200 % zoom and English: no violation.
import type { Page } from '@playwright/test';
import { api, drawer, expect, list, open, stations, test } from '../fixtures/desk.ts';
import { audit } from '../fixtures/test.ts';

interface Place {
  name: string;
  account?: string;
  /** Opens the page in a language. */
  go: (page: Page, lang: string) => Promise<void>;
}

/** Looks at a page in every way that people look at it. */
async function everyWay(page: Page, go: Place['go']): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await go(page, 'zh-CN');
  await audit(page, 'day');
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, 'night');
  await page.emulateMedia({ colorScheme: 'light' });
  // 200 % of 1440 × 900 is a window of half as many CSS pixels.
  await page.setViewportSize({ width: 720, height: 450 });
  await audit(page, '200 %');
  await page.setViewportSize({ width: 320, height: 640 });
  await audit(page, '320 px');
  await page.setViewportSize({ width: 1440, height: 900 });
  await go(page, 'en');
  await audit(page, 'English');
}

const desk = (query: Record<string, string>, ready?: (page: Page) => Promise<void>) => async (page: Page, lang: string) => {
  await open(page, { ...query, lang });
  await ready?.(page);
};

const DESK: Place[] = [
  { name: 'the desk', go: desk({}) },
  { name: 'a place in the drawer', go: desk({ sel: 'place:440311001' }, async (page) => expect(drawer(page).getByRole('table')).toHaveCount(2)) },
  {
    name: 'a grid in the drawer',
    go: async (page, lang) => {
      const { items } = await api<{ items: { place: string }[] }>(page, 'warnings?level=red&place_level=grid&limit=1');
      await open(page, { sel: `place:${items[0]!.place}`, lang });
      await expect(drawer(page).locator('.signals')).toBeVisible();
    },
  },
  {
    name: 'a station in the drawer',
    go: async (page, lang) => {
      const all = await stations(page);
      await open(page, { sel: `station:${all.find((each) => each.properties.level === 'mobile')!.properties.id}`, lang });
      await expect(drawer(page).getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'a case in the drawer',
    go: async (page, lang) => {
      const { items } = await api<{ items: { number: string }[] }>(page, 'cases?limit=1');
      await open(page, { sel: `case:${items[0]!.number}`, lang });
      await expect(drawer(page).locator('.timeline')).toBeVisible();
    },
  },
  {
    name: 'a building in the drawer',
    go: async (page, lang) => {
      const { items } = await api<{ items: { code: string }[] }>(page, 'buildings?q=440311&limit=1');
      await open(page, { sel: `building:${items[0]!.code}`, lang });
      await expect(drawer(page).locator('.nearby')).toBeVisible();
    },
  },
  { name: 'the list of cases', go: desk({ list: 'cases' }, async (page) => expect(list(page).getByRole('combobox', { name: /案件种类|Kind of cases/ })).toBeVisible()) },
  { name: 'the list', go: desk({ list: 'warnings' }, async (page) => expect(list(page).getByRole('row').nth(3)).toBeVisible()) },
  {
    name: 'every layer and the coverage',
    go: desk({ layers: 'warnings.stations.appeal.legal.psychological.coverage.heat.cases.buildings.labels' }, async (page) =>
      expect(page.locator('.coverage .fact').first()).toBeVisible(),
    ),
  },
  { name: 'the past', go: desk({ at: `${new Date(Date.now() - 50 * 86_400_000).toISOString().slice(0, 10)}T15:59:59Z`, layers: 'warnings.heat' }) },
  { name: 'a search', go: desk({}, async (page) => {
    await page.getByRole('combobox').fill('光明');
    await expect(page.getByRole('option').first()).toBeVisible();
  }) },
  {
    name: 'a part that failed',
    go: async (page, lang) => {
      await page.route('**/api/v1/stations*', (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' }));
      await page.goto(`/?lang=${lang}`);
      await expect(page.getByRole('alert')).toBeVisible({ timeout: 30_000 });
    },
  },
  { name: 'a page that is not there', go: async (page, lang) => {
    await page.goto(`/nowhere?lang=${lang}`);
    await expect(page.getByRole('link')).toBeVisible();
  } },
];

for (const { name, go } of DESK) {
  test(`${name}: no violation`, async ({ page, faults }) => {
    test.slow();
    await everyWay(page, go);
    if (name === 'a part that failed') faults.expectFault(/404/);
  });
}

test.describe('nobody', () => {
  test.use({ account: '' });

  test('the sign-in page: no violation', async ({ page }) => {
    await everyWay(page, async (page, lang) => {
      await page.goto(`/?lang=${lang}`);
      await expect(page.getByRole('list').getByRole('button').first()).toBeVisible();
    });
  });

  const portal = (ready: (page: Page) => Promise<void>) => async (page: Page, lang: string) => {
    await page.goto('/report/');
    await expect(page.locator('#boot')).toHaveCount(0);
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
    await ready(page);
  };

  test('the portal as it opens: no violation', async ({ page }) => {
    await everyWay(page, portal(async (page) => expect(page.getByRole('heading').first()).toBeVisible()));
  });

  test('the portal with stations found: no violation', async ({ page, context, baseURL }) => {
    await context.grantPermissions(['geolocation'], { origin: baseURL });
    await context.setGeolocation({ longitude: 113.93, latitude: 22.77, accuracy: 20 });
    await everyWay(page, portal(async (page) => {
      await page.getByRole('button', { name: /用手机定位|Use my position/ }).click();
      await page.locator('.cards details').first().locator('summary').click();
    }));
  });

  test('the portal with a choice of addresses, and one that nobody knows: no violation', async ({ page }) => {
    await everyWay(page, portal(async (page) => {
      await page.locator('#address').fill('光明');
      await page.locator('#address').press('Enter');
      await expect(page.locator('.choice').first()).toBeVisible();
    }));
    await page.locator('#address').fill('没有这条路 999 号');
    await page.locator('#address').press('Enter');
    await expect(page.locator('.choice')).toHaveCount(0);
    await audit(page, 'no match');
  });

  test('the portal without a backend: no violation', async ({ page, faults }) => {
    await page.route('**/api/v1/stations*', (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' }));
    await everyWay(page, portal(async (page) => expect(page.getByRole('alert')).toBeVisible({ timeout: 30_000 })));
    faults.expectFault(/404/);
  });

  for (const path of ['/', '/report/']) {
    test(`the failure card of ${path}: no violation`, async ({ page, faults }) => {
      await page.addInitScript(() => sessionStorage.setItem('fengtu.restarts', JSON.stringify([Date.now(), Date.now(), Date.now()])));
      await page.route(/\.wasm$/, (route) => route.abort());
      await everyWay(page, async (page) => {
        await page.goto(path);
        await expect(page.locator('#failure [data-when=stop]')).toBeVisible();
      });
      faults.expectFault(/Failed to (load|fetch)/);
      faults.list.length = 0;
    });
  }
});
