// deploy/wall/fengtu-wall as a wall's computer runs it: the server is there late, a gateway answers in its place, the page crashes or is
// stuck, the browser dies.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { WHOLE } from '../fixtures/browser.ts';
import { expect, test } from '../fixtures/desk.ts';
import { startProxy, type Proxy } from '../fixtures/proxy.ts';
import { freePort } from '../fixtures/server.ts';
import { settled, signInAt } from '../fixtures/wall.ts';

test.use({ account: '' });

const LAUNCHER = fileURLToPath(new URL('../../deploy/wall/fengtu-wall', import.meta.url));

// As in playwright.config.ts: a machine that does something else too is given longer.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);
/** Longest until a wall is back, by the guide. */
const BACK_MS = 30_000;

let profile: string;
let launcher: ChildProcess;
let said = '';

/** The browser's process, as its profile names it; nothing where it has ended. */
async function browser(): Promise<number | undefined> {
  const lock = await readlink(join(profile, 'SingletonLock')).catch(() => '');
  const pid = Number(lock.split('-').at(-1));
  const command = pid ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
  return command.includes(profile) ? pid : undefined;
}

/** Does something with the page that the launcher's browser shows, as far as it shows one; nobody looks on before or after. */
async function shown<T>(what: (page: Page) => Promise<T>): Promise<T> {
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
  const remote = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: 10_000 });
  try {
    return await what(remote.contexts()[0]!.pages().find((page) => page.url().startsWith('http'))!);
  } finally {
    await remote.close();
  }
}

function launch(address: string): void {
  const env = { ...process.env, FENGTU_WALL_BROWSER: WHOLE.executablePath, FENGTU_WALL_PROFILE: profile };
  launcher = spawn(LAUNCHER, [address, '--headless=new', ...WHOLE.args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  launcher.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
}

/** Waits until another browser than this shows the wall, with figures, signed in as it was. */
async function isBack(before?: number): Promise<number> {
  await expect.poll(async () => ((await browser()) ?? before) !== before, { message: said, timeout: 60_000 * PATIENCE, intervals: [250] }).toBe(true);
  const isThere = () => shown((page) => page.locator('.wall-panel').first().isVisible()).catch(() => false);
  await expect.poll(isThere, { message: said, timeout: 60_000 * PATIENCE, intervals: [500] }).toBe(true);
  return (await browser())!;
}

/** Breaks the wall and expects it back in time. */
async function breaks(how: string, what: (pid: number) => Promise<unknown>): Promise<void> {
  const before = (await browser())!;
  // Until it has run once, it is given the minute of a slow start.
  await expect.poll(() => said.split('\n').at(-2), { timeout: 60_000 * PATIENCE }).toContain('it runs');
  await what(before);
  const began = Date.now();
  await isBack(before);
  const back = Date.now() - began;
  test.info().annotations.push({ type: 'measured', description: `${how}: back after ${back} ms` });
  expect(back, how).toBeLessThan(BACK_MS);
}

test.beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'fengtu-kiosk-'));
});
test.afterEach(async () => {
  launcher?.kill('SIGKILL');
  const pid = await browser();
  if (pid) process.kill(pid, 'SIGKILL');
  await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

test('a wall’s computer shows the wall once it is served, and again after whatever no page survives', async ({ baseURL }) => {
  test.setTimeout(360_000 * PATIENCE);
  // Signed in once by hand, as the guide says: the profile keeps it.
  const byHand = await chromium.launchPersistentContext(profile, WHOLE);
  await signInAt(byHand, baseURL!, 'wall');
  await byHand.close();

  // Where the current fails, and the computer has another name afterwards, Chromium takes its profile for somebody else's.
  await symlink('elsewhere-1', join(profile, 'SingletonLock'));

  const port = await freePort();
  launch(`http://127.0.0.1:${port}/wall`);

  // Nobody is there, then a gateway without a server behind it: neither is shown.
  await expect.poll(() => said).toContain('waiting');
  const front: Proxy = await startProxy(baseURL!, port);
  front.fail(Infinity, 502, /./);
  await expect.poll(() => front.asked.length, { timeout: 15_000 * PATIENCE }).toBeGreaterThan(1);
  expect(await browser(), 'no browser').toBeUndefined();
  front.fail(0, 502, /./);
  await isBack();
  await shown(settled);

  await breaks('the page has crashed', () => shown(async (page) => {
    const devtools = await page.context().newCDPSession(page);
    void devtools.send('Page.crash').catch(() => undefined);
    await page.waitForEvent('crash');
  }));
  await breaks('the page is stuck', () => shown((page) => page.evaluate(() => void setTimeout(() => { for (;;); }))));
  await breaks('the browser was killed', async (pid) => process.kill(pid, 'SIGKILL'));

  // What a gateway says in the wall's place is no wall, and nothing of ours watches it.
  front.fail(Infinity, 502, /./);
  const before = (await browser())!;
  await shown((page) => page.reload());
  await expect.poll(browser, { message: 'it does not stay', timeout: 40_000 * PATIENCE }).toBeUndefined();
  front.fail(0, 502, /./);
  await isBack(before);

  // What runs is left alone.
  const running = await browser();
  await new Promise((wake) => setTimeout(wake, 20_000));
  expect(await browser()).toBe(running);

  // A launcher that was killed leaves its browser; the next one takes its place.
  launcher.kill('SIGKILL');
  launch(`http://127.0.0.1:${port}/wall`);
  await isBack(running);

  const ended = once(launcher, 'exit');
  launcher.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await browser(), 'the browser ends with it').toBeUndefined();
  await front.stop();
});
