// Five thousand names, telephone numbers and addresses are planted: none reaches the wall, in its traffic or in its memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { runServer, startServer } from '../fixtures/server.ts';
import { exposeMemory, scene, settled, signInAt } from '../fixtures/wall.ts';

// A snapshot of the heap cuts strings at 1,024 characters otherwise.
const LONGEST = 4 << 20;
test.use({
  account: '',
  viewport: { width: 1920, height: 1080 },
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), `--js-flags=--heap-snapshot-string-limit=${LONGEST}`] }),
});

const PLANTED = 5_000;
// Each name, number and address has its own digits or characters behind one of these, which nothing else in the district holds.
const NAME = '鹧鸪';
const TELEPHONE = '139777';
const ADDRESS = '鸢尾巷';
const CANARIES = [NAME, TELEPHONE, ADDRESS, '鹧', '鸢尾'];

const MAP = `datum = "CGCS2000"
utc_offset = "+08:00"
[fields]
number = "number"
reported_at = "reported_at"
category = "category"
place = "place"
title = "title"
description = "description"
address = "address"
applicant = "applicant"
applicant_telephone = "telephone"
respondent = "respondent"
respondent_telephone = "telephone"
[constants]
channel = "hotline"
sensitivity = "internal"
`;

/** Cases of the last twenty days in every street, so that the wall's figures are made of them. */
function cases(places: string[]): string {
  const digits = '零一二三四五六七八九';
  const rows = Array.from({ length: PLANTED }, (_, n) => {
    const own = [...String(n).padStart(4, '0')].map((digit) => digits[Number(digit)]).join('');
    const at = new Date(Date.now() - (1 + (n % 19)) * 86_400_000 - n * 1_000).toISOString();
    const telephone = `${TELEPHONE}${String(n).padStart(5, '0')}`;
    const text = `${NAME}${own}住${ADDRESS}${n}号，电话${telephone}`;
    const category = ['mediation.wages', 'mediation.neighbours', 'complaints.traffic'][n % 3];
    return [`K${n}`, at, category, places[n % places.length], text, text, `${ADDRESS}${n}号${n % 30}栋`, `${NAME}${own}`, telephone, `${NAME}乙${own}`].join(',');
  });
  return ['number,reported_at,category,place,title,description,address,applicant,telephone,respondent', ...rows].join('\n');
}

test('of five thousand planted names, numbers and addresses none is in the wall’s traffic or memory', async ({ browser, faults }) => {
  test.slow();
  const data = await mkdtemp(join(tmpdir(), 'fengtu-canary-'));
  const district = ['--demo', 'guangming', '--seed', '7', '--cases', '1500'];
  const first = await startServer(district, { data });
  const communities = (await (await fetch(`${first.base}/api/v1/places?level=community`)).json()) as { features: { properties: { id: string } }[] };
  await first.stop();
  await writeFile(join(data, 'cases.toml'), MAP);
  await writeFile(join(data, 'cases.csv'), cases(communities.features.map((one) => one.properties.id)));
  const imported = await runServer(['import', '--data', data, '--kind', 'cases', '--map', join(data, 'cases.toml'), join(data, 'cases.csv')]);
  expect(imported.code, imported.said).toBe(0);
  const server = await startServer([...district, '--live', '4'], { data });
  faults.own(server.base);

  // They are there: who may see cases finds them, and the figures count them.
  const office = await browser.newContext();
  await signInAt(office, server.base, 'leader');
  const found = await office.request.get(`${server.base}/api/v1/cases?limit=1&total=true&q=${encodeURIComponent(ADDRESS)}`);
  expect(((await found.json()) as { total: number }).total).toBe(PLANTED);
  await office.close();

  const room = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await faults.watch(room);
  await signInAt(room, server.base, 'wall');
  const page = await room.newPage();
  await exposeMemory(page);
  const devtools = await room.newCDPSession(page);
  const heard: string[] = [];
  // Bytes of the stream, as the page gets them.
  await page.exposeFunction('hear', (text: string) => heard.push(text));
  await page.addInitScript(() => {
    const native = window.fetch.bind(window);
    window.fetch = async (...asked) => {
      const answer = await native(...asked);
      if (!answer.body || !String(asked[0]).includes('/events')) return answer;
      const [kept, told] = answer.body.tee();
      void told.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write: (text) => void (window as any).hear(text) }));
      return new Response(kept, { status: answer.status, headers: answer.headers });
    };
  });
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/') || pathname.endsWith('/events')) return;
    const head = response.allHeaders().then((headers) => JSON.stringify(headers));
    // What the page took back on its way is asked for again, as the same viewer: nothing goes unread.
    const again = async () => (await room.request.get(response.url())).text();
    const body = response.text().catch(() => (response.request().method() === 'GET' ? again() : ''));
    bodies.push(Promise.all([head, body]).then((parts) => parts.join('\n')));
  });
  await page.goto(`${server.base}/wall`);
  await settled(page);
  for (let turn = 0; turn < 12; turn += 1) {
    const before = (await scene(page).textContent())!;
    await page.keyboard.press('ArrowRight');
    await expect(scene(page)).not.toHaveText(before);
  }
  await expect(scene(page)).toHaveText('全区总览');
  await expect.poll(() => /^event: ?figures$/m.test(heard.join('')), { timeout: 20_000 }).toBe(true);

  const stream = heard.join('');
  const traffic = [...(await Promise.all(bodies)), stream].join('\n');
  expect(traffic).toContain('马田街道');
  expect(stream).not.toMatch(/^event: ?case$/m);
  for (const canary of CANARIES) expect(traffic.includes(canary), `${canary} in the traffic`).toBe(false);
  expect(traffic, 'a masked number of theirs').not.toMatch(/139\*{4}\d{4}/);

  // The search finds what is there, and the canaries are not.
  expect(await inWasm(page, ['马田街道', ...CANARIES])).toEqual(['马田街道']);
  // There is no other memory: cells of a wall are drawn by the page, not by the worker of the desk.
  expect(page.workers().length).toBe(0);
  // So is the end of a string that is longer than most.
  await page.evaluate(() => ((window as any).long = [...'一'.repeat(40_000), '末尾', '的', '记号'].join('')));
  const heap = await inHeap(devtools, ['wall-panel', '末尾的记号', ...CANARIES]);
  expect(heap).toEqual(['wall-panel', '末尾的记号']);
  // And what a wall keeps for when it opens anew.
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.documentElement.outerHTML]));
  for (const canary of CANARIES) expect(kept.includes(canary), `${canary} in what is kept`).toBe(false);
  await room.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
});

/** Which of these texts are in the memory of the page's wasm, as UTF-8. */
function inWasm(page: Page, texts: string[]): Promise<string[]> {
  return page.evaluate((texts) => {
    const bytes = new Uint8Array(((window as any).wasm.memory as WebAssembly.Memory).buffer);
    const holds = (text: string) => {
      const wanted = new TextEncoder().encode(text);
      for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
        if (wanted.every((byte, n) => bytes[at + n] === byte)) return true;
      }
      return false;
    };
    return texts.filter(holds);
  }, texts);
}

/** Which of these texts are in a string of the page's JavaScript heap. The rest of a snapshot is numbers, and those are no telephone's. */
async function inHeap(devtools: CDPSession, texts: string[]): Promise<string[]> {
  const chunks: string[] = [];
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
  return texts.filter((text) => strings.some((one) => one.includes(text)));
}
