// The desk before foreign servers whose every answer is spoilt on its way: no panic, no blank page, and what was not read is counted.
import { randomInt } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { expect, ground, list, test as desk } from '../fixtures/desk.ts';
import { foreignServers, type Foreign } from '../fixtures/foreign.ts';
import { guide, type Guide } from '../fixtures/guide.ts';
import { startProxy, type Proxy } from '../fixtures/proxy.ts';
import { spoil } from '../fixtures/spoil.ts';

// One worker: the servers are started once.
desk.describe.configure({ mode: 'default' });

const SHOWN = { 'backend-ogc': 'warnings', 'backend-georeport': 'heat', 'backend-postgrest': 'heat', 'backend-json': 'stations' } as const;
const GUIDES = Object.keys(SHOWN) as (keyof typeof SHOWN & Guide)[];

interface Spoilt {
  title: string;
  guide: keyof typeof SHOWN;
  config: string;
}

/** The guides as they are; and that of GeoReport before a server that has XML alone. */
const ALL: Spoilt[] = [
  ...GUIDES.map((name) => ({ title: name, guide: name, config: guide(name).config })),
  { title: 'backend-georeport, XML alone', guide: 'backend-georeport', config: guide('backend-georeport').config.replace('/proxy/hotline', '/proxy/georeport-xml') },
];
const TURNS = Number(process.env.FENGTU_TEST_TURNS ?? 3);
/** How often each page asks again by itself. */
const AGAIN = 2;
const SEED = process.env.FENGTU_TEST_SEED ?? String(randomInt(2 ** 31));

const test = desk.extend<{ account: string }, { foreign: Foreign; between: Proxy }>({
  account: '',
  foreign: [...foreignServers(['georeport-xml'], GUIDES, 'as the guides say')],
  between: [
    async ({ foreign }, use) => {
      const between = await startProxy(foreign.base);
      await use(between);
      await between.stop();
    },
    { scope: 'worker' },
  ],
});

for (const { title, guide: name, config } of ALL) {
  test(`${title}: spoilt answers break no page and are counted`, async ({ page, foreign, between, faults }) => {
    test.skip(!foreign.has(name), 'the set-up has said what is not installed');
    test.setTimeout(180_000);
    faults.own(between.base);
    await signIn(page, between.base);
    await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body: config }));
    await page.clock.install();
    await expectCounted(page, between, name);
    let spoilt = 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (let round = 0; round <= AGAIN; round += 1) {
        const why = `FENGTU_TEST_SEED=${SEED}, turn ${turn}, round ${round}`;
        between.spoil(/^\/proxy\//, (body, url) => ((spoilt += 1), spoil(body, `${SEED} ${turn} ${round} ${url}`)));
        if (round === 0) await openList(page, between, name);
        else await askAgain(page, between, why);
        await expectStanding(page, why);
        await expect(counted(page).first(), `${why}: what was not read is counted`).toBeVisible({ timeout: 20_000 });
        expect(faults.list.filter((fault) => !fault.includes('Failed to load resource')), why).toEqual([]);
      }
    }
    expect(spoilt, 'answers were spoilt').toBeGreaterThan(TURNS * AGAIN);
    faults.list.length = 0;
  });
}

const openList = (page: Page, between: Proxy, name: keyof typeof SHOWN) => page.goto(`${between.base}/?layers=warnings.stations.cases&list=${SHOWN[name]}`);

/** An answer that is sound but for one record: all else is read and shown, and that one is counted. */
async function expectCounted(page: Page, between: Proxy, name: keyof typeof SHOWN): Promise<void> {
  between.spoil(/^\/proxy\//, withOneMore);
  await openList(page, between, name);
  await expect(countedInList(page).first(), 'one record is not read, and is counted').toBeVisible({ timeout: 30_000 });
  const rows = list(page).getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(rows.first(), 'the others are').toBeVisible({ timeout: 20_000 });
}

/** Puts a record that nobody can read behind the others of a list. */
function withOneMore(body: Buffer): Buffer {
  const xml = body.toString();
  if (xml.endsWith('</request></service_requests>')) return Buffer.from(xml.replace(/<\/service_requests>$/, '<request>7</request>$&'));
  try {
    const answer = JSON.parse(body.toString()) as { features?: unknown } | unknown[] | null;
    const records = Array.isArray(answer) ? answer : answer?.features;
    if (!Array.isArray(records) || records.length === 0) return body;
    records.push(7);
    return Buffer.from(JSON.stringify(answer));
  } catch {
    return body;
  }
}

async function signIn(page: Page, base: string): Promise<void> {
  const answer = await page.request.post(`${base}/api/v1/session`, { headers: { 'x-fengtu': '1' }, data: { name: 'leader', password: 'fengtu-demo' } });
  expect(answer.status()).toBe(201);
}

/** Goes on beyond the longest time between two questions. */
async function askAgain(page: Page, between: Proxy, why: string): Promise<void> {
  const questions = () => between.asked.filter((url) => url.startsWith('/proxy/')).length;
  const before = questions();
  await page.clock.fastForward(130_000);
  await expect.poll(questions, { message: `${why}: it asks again` }).toBeGreaterThan(before);
  await between.quiet();
}

/** The map stands, nothing goes on loading, and the list shows rows, or says how many or why not. */
async function expectStanding(page: Page, why: string): Promise<void> {
  await expect(ground(page), why).toBeVisible({ timeout: 20_000 });
  const said = list(page).getByRole('status').filter({ hasText: /\d+ 条/ });
  await expect(said.or(list(page).getByRole('alert')).first(), why).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/^正在加载：/), why).toHaveCount(0, { timeout: 20_000 });
  await expect(page.locator('canvas[data-picture=Base]:not([hidden])'), why).toBeAttached();
}

/** Every answer has a record that nobody can read: it is counted, or the answer as a whole is said not to be readable. */
function counted(page: Page): Locator {
  const onMap = page.locator('.map-status').getByText(/条不在地图上|没有应答/);
  return countedInList(page).or(onMap).or(page.getByRole('alert'));
}

const countedInList = (page: Page): Locator => list(page).getByText(/\d+ 条没有读懂/);
