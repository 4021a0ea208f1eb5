// What the bench's scripts share: the server's address, signing in, Chromium, statistics.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const BASE = process.env.FENGTU_BASE ?? 'http://127.0.0.1:8080';
export const TARGET = process.env.FENGTU_TARGET ?? 'target';
export const OUT = `${TARGET}/bench`;
export const PORT = Number(process.env.FENGTU_BENCH_PORT ?? 8131);
export const QUICK = Boolean(process.env.FENGTU_BENCH_QUICK);

/** A full desktop screen. */
export const SCREEN = { width: 1920, height: 1080 };

/** Chooses between a number for a full run and one for a quick one. */
export const runs = (full, quick) => (QUICK ? quick : full);

/** Ends a script: the last line is what `cargo xtask bench` reads. */
export const finish = (value) => console.log(JSON.stringify(value));

/** Signs a demo account in and returns its cookie as `name=value`. */
export async function signIn(account = 'leader') {
  const answer = await fetch(`${BASE}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fengtu': '1', origin: BASE },
    body: JSON.stringify({ name: account, password: 'fengtu-demo' }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0].split(';')[0];
}

/** Asks for JSON as a signed-in account. */
export async function ask(path, cookie) {
  const answer = await fetch(`${BASE}/api/v1${path}`, { headers: { cookie } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Starts the system's Chromium; with `gl`, WebGL by the processor, as a machine without a graphics card has it. */
export function launch({ gl = false, env } = {}) {
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const more = ['--disable-component-update', '--disable-sync', ...(gl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : [])];
  const executablePath = process.env.FENGTU_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...args, ...more], env });
}

/** The memory that all processes of a browser hold, shared pages counted by their share, in MB. */
export async function memoryOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const kb = processInfo.map(({ id }) => {
    try {
      return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kb.reduce((sum, one) => sum + one, 0) / 1024;
}

/** Opens a page of its own context, with an empty cache; signed in if there is a cookie. */
export async function open(browser, { cookie, still = false } = {}) {
  const context = await browser.newContext({
    viewport: SCREEN,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: still ? 'reduce' : 'no-preference',
  });
  if (cookie) {
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url: BASE, httpOnly: true, sameSite: 'Strict' }]);
  }
  return context.newPage();
}

/** The value that a share of the others (0…1) stay under or equal. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error('nothing was measured');
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1 + (share === 0 ? 1 : 0))];
}

export const median = (values) => quantile(values, 0.5);

/** The slope of Theil and Sen of points [x, y]: the median of those of all pairs, which a few odd points do not move and which leaves none out. */
export const slope = (points) => median(points.flatMap(([x, y], n) => points.slice(n + 1).map(([x2, y2]) => (y2 - y) / (x2 - x))));
export const rounded = (value, digits = 2) => Number(value.toFixed(digits));
