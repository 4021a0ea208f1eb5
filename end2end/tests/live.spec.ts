// A server that goes away, gateways that fail, positions that have expired: the page says so, and afterwards shows what the server has.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { enter, expectFreshness, served, shown } from '../fixtures/mirror.ts';
import { startProxy, type Proxy } from '../fixtures/proxy.ts';
import { freePort, startServer } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

const DISTRICT = ['--demo', 'guangming', '--seed', '7', '--cases', '1500'];
// The list of communities and that of new cases, and no layer that a comparison would have to wait for.
const LISTS = '/?layers=warnings.cases&level=community&list=cases';
/** Changes a second. By night hardly one in fifty is a new case, which is waited for here (demo/rhythm.rs). */
const PACE = (new Date().getUTCHours() + 9) % 24 < 8 ? '6' : '1';
const GONE = /console: .*(ERR_|50[0-9])/;

test.describe.configure({ mode: 'serial' });

/** Waits until both lists show what the server has now. */
async function expectEqual(page: Page, base: string): Promise<void> {
  await expect(async () => {
    const server = await served(page.request, base);
    expect(await shown(page)).toEqual(server);
  }).toPass({ timeout: 60_000 });
}

test('a server that is stopped and started again: "stopped" meanwhile, equal afterwards', async ({ page, faults }) => {
  test.setTimeout(240_000);
  const [port, elsewhere] = [await freePort(), await freePort()];
  const data = await mkdtemp(join(tmpdir(), 'fengtu-live-'));
  const first = await startServer([...DISTRICT, '--live', '4'], { port, data });
  faults.own(first.base);
  await enter(page, `${first.base}${LISTS}`);
  await first.stop();
  await expectFreshness(page, '已中断', 90_000);
  const before = await shown(page);

  // What happens while the page hears nothing: the same district moves on behind another address.
  const second = await startServer([...DISTRICT, '--live', '40'], { port: elsewhere, data });
  await expect.poll(async () => (await served(page.request, second.base)).cases[0]).not.toBe(before.cases[0]);
  await second.stop();
  const third = await startServer(DISTRICT, { port, data });
  await expectFreshness(page, '实时', 90_000);
  await expectEqual(page, third.base);
  expect((await shown(page)).cases).not.toEqual(before.cases);
  await third.stop();
  await rm(data, { recursive: true, force: true });
  faults.expectFault(GONE);
});

test.describe('behind a gateway', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: Proxy;

  test.beforeAll(async () => {
    test.setTimeout(200_000);
    server = await startServer([...DISTRICT, '--live', PACE]);
  });
  test.afterAll(() => server.stop());
  test.beforeEach(async ({ faults }) => {
    proxy = await startProxy(server.base);
    faults.own(proxy.base);
  });
  test.afterEach(() => proxy.stop());

  for (const [what, path] of [
    ['the stream', /\/api\/v1\/events/],
    ['the stream and the snapshot', /\/api\/v1\/(events|snapshot)/],
  ] as const) {
    test(`${what} answered with 502 five times comes back by itself`, async ({ page, faults }) => {
      test.setTimeout(150_000);
      await enter(page, `${proxy.base}${LISTS}`);
      await expectOneStream(proxy);
      proxy.fail(5, 502, path);
      proxy.cut();
      await expect.poll(() => proxy.failuresLeft(), { timeout: 90_000 }).toBe(0);
      await expectOneStream(proxy);
      await expectFreshness(page, '实时');
      await expectEqual(page, proxy.base);
      faults.expectFault(GONE);
    });
  }

  test('a position that has expired leads to a snapshot, and the snapshot to the same picture', async ({ page, faults }) => {
    test.setTimeout(120_000);
    await enter(page, `${proxy.base}${LISTS}`);
    await expectOneStream(proxy);
    const asked = proxy.asked.length;
    proxy.rewrite(/\/api\/v1\/events/, (url) => url.replace(/after=[^&]*/, 'after=gone%3A1'));
    proxy.cut();
    await expect.poll(() => later(proxy, asked), { timeout: 60_000 }).toEqual(['events', 'snapshot', 'events']);
    await expectFreshness(page, '实时');
    await expectEqual(page, proxy.base);
    faults.expectFault(GONE);
  });

  test('ten tabs share one stream, all move, and an ordinary request answers', async ({ page, context }) => {
    test.setTimeout(400_000);
    const light = `${proxy.base}/?layers=cases&list=cases`;
    await enter(page, light);
    const tabs = [page];
    while (tabs.length < 10) {
      const tab = await context.newPage();
      await tab.goto(light);
      await expectFreshness(tab, '实时');
      tabs.push(tab);
    }
    await expectOneStream(proxy);
    const answer = await page.evaluate(async () => (await fetch('/api/v1/health')).status);
    expect(answer).toBe(204);
    await expectNewest(tabs, proxy.base);

    // The tab that holds the stream closes: another takes over, after the same position.
    await tabs.shift()?.close();
    await expectOneStream(proxy);
    await expectNewest(tabs, proxy.base);
    expect(proxy.mostStreams(), 'never one for each tab').toBeLessThanOrEqual(2);
  });
});

/** Waits until exactly one stream is open: the page is live by its snapshot alone before. */
async function expectOneStream(proxy: Proxy): Promise<void> {
  await expect.poll(() => proxy.streams(), { timeout: 60_000, message: 'streams of one browser' }).toBe(1);
}

/** Lists what the live client asked for since. */
function later(proxy: Proxy, since: number): string[] {
  const names = proxy.asked.slice(since).map((url) => /^\/api\/v1\/(events|snapshot)/.exec(url)?.[1]);
  return names.filter((name) => name !== undefined);
}

/** Waits until every tab has a case at its top that came after now. */
async function expectNewest(tabs: Page[], base: string): Promise<void> {
  const top = (tab: Page) => tab.getByRole('tabpanel').locator('tbody tr').first().locator('td').nth(1).textContent();
  const [first] = tabs;
  if (!first) throw new Error('no tab is left');
  const before = (await served(first.request, base)).cases[0]?.split(' ')[0] ?? '';
  for (const tab of tabs) await expect.poll(() => top(tab), { timeout: 60_000 }).not.toBe(before);
}
