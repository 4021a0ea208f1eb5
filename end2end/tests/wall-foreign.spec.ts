// A wall where the cases are another system's: what it receives by whom the proxy's settings let in, as docs/guide/en/wall.md tells.
import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures/desk.ts';
import { foreignServers, type Foreign } from '../fixtures/foreign.ts';
import { guide } from '../fixtures/guide.ts';
import { hero, signInAt } from '../fixtures/wall.ts';

// One server for staff alone, and one for everyone.
const GUIDES = ['backend-ruoyi', 'backend-georeport'] as const;
const test = base.extend<object, { foreign: Foreign }>({ foreign: [...foreignServers([], GUIDES, 'as the guides say')] });
test.use({ account: '', viewport: { width: 1920, height: 1080 } });

/** Opens a wall with a guide's config.json, other resources beside; returns what the other system's answers were, as they come. */
async function openWith(page: Page, foreign: Foreign, name: (typeof GUIDES)[number], resources: object = {}) {
  await signInAt(page.context(), foreign.base, 'wall');
  const config = JSON.parse(guide(name).config) as { resources: object };
  const body = JSON.stringify({ ...config, resources: { ...config.resources, ...resources } });
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
  const answers: { status: number; text: string }[] = [];
  page.on('response', async (answer) => {
    if (answer.url().includes('/proxy/')) answers.push({ status: answer.status(), text: await answer.text().catch(() => '') });
  });
  await page.goto(`${foreign.base}/wall`);
  return answers;
}

const received = (page: Page) => hero(page, '受理').filter({ hasText: /\d/ }).first();
const tells = (answers: { text: string }[], foreign: Foreign) => answers.some(({ text }) => foreign.district.cases.some((one) => text.includes(one.title)));

test.beforeEach(({ foreign, faults }) => {
  test.skip(!GUIDES.every((name) => foreign.has(name)), 'the set-up has said what is not installed');
  faults.own(foreign.base);
});

test('for everyone: the wall’s browser receives the cases themselves, and counts them', async ({ page, foreign }) => {
  const answers = await openWith(page, foreign, 'backend-georeport');
  await expect(received(page)).toBeVisible();
  expect(tells(answers, foreign)).toBe(true);
});

test('for staff: no record reaches the wall, which has no figures of them and says that something is lacking', async ({ page, foreign, faults }) => {
  const answers = await openWith(page, foreign, 'backend-ruoyi');
  await expect(page.getByText('后端“oa”没有应答')).toBeVisible();
  await expect(page.locator('.wall-hero').first()).toBeVisible();
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.map(({ status }) => status).filter((status) => status !== 403)).toEqual([]);
  expect(tells(answers, foreign)).toBe(false);
  await expect(received(page)).toHaveCount(0);
  faults.expectFault(/403/);
});

test('for staff, and the wall’s figures from our own server: they are there, and the other system is not asked', async ({ page, foreign }) => {
  const answers = await openWith(page, foreign, 'backend-ruoyi', { statistics: 'default', heat: 'default', live: 'default' });
  await expect(received(page)).toBeVisible();
  await expect(page.locator('.wall-fresh.live')).toBeVisible();
  await expect(page.locator('.wall-waiting')).toHaveCount(0);
  expect(answers).toEqual([]);
});
