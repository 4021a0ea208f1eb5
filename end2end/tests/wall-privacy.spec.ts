// Five thousand names, telephone numbers and addresses are planted, in cases that anybody in the office may see and in restricted ones, in
// names of staff and in what was noted on warnings: none reaches the wall, in its traffic or in its memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { runServer, startServer } from '../fixtures/server.ts';
import { exposeMemory, hand, sayBetween, scene, settled, signInAt, speakAsServer, speakOf } from '../fixtures/wall.ts';

// A snapshot of the heap cuts strings at 1,024 characters otherwise.
const LONGEST = 4 << 20;
test.use({
  account: '',
  viewport: { width: 1920, height: 1080 },
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), `--js-flags=--heap-snapshot-string-limit=${LONGEST}`] }),
});

const PLANTED = 5_000;
/** Beside them, cases that not even the district's leader finds; every second one the counsellor does. */
const RESTRICTED = 1_000;
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
sensitivity = "sensitivity"
[constants]
channel = "hotline"
`;

const STATIONS_MAP = `datum = "CGCS2000"
[fields]
id = "id"
name = "name"
services = "services"
telephone = "telephone"
[position]
lon = "lon"
lat = "lat"
[staff_names]
mediator = "mediators"
counsellor = "counsellors"
`;

const GRIDS_MAP = `datum = "CGCS2000"
[fields]
id = "id"
name = "name"
parent = "parent"
member = "member"
telephone = "telephone"
`;

interface Warning {
  place: string;
  level: string;
  state: string;
  version: number;
}

interface Place {
  properties: { id: string; name: string; parent: string };
}

/** Its own digits, in characters. */
const own = (n: number) => [...String(n).padStart(4, '0')].map((digit) => '零一二三四五六七八九'[Number(digit)]).join('');
const telephone = (n: number) => `${TELEPHONE}${String(n).padStart(5, '0')}`;
const words = (n: number) => `${NAME}${own(n)}住${ADDRESS}${n}号，电话${telephone(n)}`;

/** Cases of the last twenty days in every community and in its grids, so that the wall's figures and warnings are made of them. */
function cases(places: string[]): string {
  const rows = Array.from({ length: PLANTED + RESTRICTED }, (_, n) => {
    const at = new Date(Date.now() - (1 + (n % 19)) * 86_400_000 - n * 1_000).toISOString();
    const is = n >= PLANTED;
    const category = is ? ['psychological.counselling', 'mediation.minors'][n % 2] : ['mediation.wages', 'mediation.neighbours', 'complaints.traffic'][n % 3];
    const sides = [`${ADDRESS}${n}号${n % 30}栋`, `${NAME}${own(n)}`, telephone(n), `${NAME}乙${own(n)}`];
    return [`K${n}`, at, category, places[n % places.length], words(n), words(n), ...sides, is ? 'restricted' : 'internal'].join(',');
  });
  return ['number,reported_at,category,place,title,description,address,applicant,telephone,respondent,sensitivity', ...rows].join('\n');
}

/** Stations beside the district's own, with their staff by name. */
function stations(beside: { geometry: { coordinates: number[] } | null }[]): string {
  const rows = beside.flatMap(({ geometry }, n) => {
    if (!geometry) return [];
    const [mediators, counsellors] = ['丙', '丁'].map((kind) => `${NAME}${kind}${own(n)}、${NAME}${kind}${own(n + 1)}`);
    return [[`K${n}`, `站点${n}`, 'mediation;psychological', '0755-88888888', ...geometry.coordinates, mediators, counsellors].join(',')];
  });
  return ['id,name,services,telephone,lon,lat,mediators,counsellors', ...rows].join('\n');
}

/** The district's grids with other members. */
function grids(all: Place[]): string {
  const rows = all.map(({ properties: { id, name, parent } }, n) => [id, name, parent, `${NAME}戊${own(n)}`, telephone(n + 20_000)].join(','));
  return ['id,name,parent,member,telephone', ...rows].join('\n');
}

async function plant(data: string, kind: string, map: string, rows: string): Promise<void> {
  const [mapping, file] = [join(data, `${kind}.toml`), join(data, `${kind}.csv`)];
  await writeFile(mapping, map);
  await writeFile(file, rows);
  const imported = await runServer(['import', '--data', data, '--kind', kind, '--map', mapping, file]);
  expect(imported.code, imported.said).toBe(0);
}

test('of five thousand planted names, numbers and addresses none is in the wall’s traffic or memory', async ({ browser, faults }) => {
  test.slow();
  const data = await mkdtemp(join(tmpdir(), 'fengtu-canary-'));
  const district = ['--demo', 'guangming', '--seed', '7', '--cases', '1500'];
  const first = await startServer(district, { data });
  const told = async <T>(path: string) => ((await (await fetch(`${first.base}/api/v1/${path}`)).json()) as { features: T[] }).features;
  const [communities, all] = [await told<Place>('places?level=community'), await told<Place>('places?level=grid')];
  const beside = await told<{ geometry: { coordinates: number[] } | null }>('stations');
  await first.stop();
  await plant(data, 'cases', MAP, cases([...communities, ...all.slice(0, 300)].map((one) => one.properties.id)));
  await plant(data, 'stations', STATIONS_MAP, stations(beside));
  await plant(data, 'grids', GRIDS_MAP, grids(all));
  const server = await startServer([...district, '--live', '4'], { data });
  faults.own(server.base);

  // They are there: who may see cases finds them, and the figures count them. None in the office but who is made for it finds restricted ones.
  const found = async (account: string) => {
    const office = await browser.newContext();
    await signInAt(office, server.base, account);
    const ask = async <T>(path: string) => (await (await office.request.get(`${server.base}/api/v1/${path}`)).json()) as T;
    const { total } = await ask<{ total: number }>(`cases?limit=1&total=true&q=${encodeURIComponent(ADDRESS)}`);
    return { office, ask, total };
  };
  const counsellor = await found('counsellor');
  expect(counsellor.total).toBe(RESTRICTED / 2);
  await counsellor.office.close();
  const { office, ask, total } = await found('leader');
  expect(total).toBe(PLANTED);
  for (const path of ['stations', 'grids']) expect(JSON.stringify(await ask(path)), path).toContain(NAME);
  // Of orders there is no import: whose name the demo district has given to who came. Those of two characters may be other words too.
  const orders = await ask<{ items: { departments: { check_in?: { person?: string } }[] }[] }>('orders?limit=1000');
  const people = orders.items.flatMap((order) => order.departments.flatMap(({ check_in }) => check_in?.person ?? []));
  const came = [...new Set(people)].filter((name) => [...name].length > 2);
  expect(came.length).toBeGreaterThan(0);

  const room = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await faults.watch(room);
  await signInAt(room, server.base, 'wall');
  const page = await room.newPage();
  await exposeMemory(page);
  await speakAsServer(page);
  await speakOf(page, ['district', 'streets', 'heat', 'warnings', 'stations', 'mediation', 'psychological'], { red_s: 3_600 });
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
  const items = (await ask<{ items: Warning[] }>('warnings?place_level=grid&limit=1000')).items.filter((one) => one.state === 'open');
  for (let turn = 0; turn < 12; turn += 1) {
    // What is noted on warnings meanwhile is told to nobody but who asks for it.
    const { place, version } = items[turn]!;
    const noted = await office.request.post(`${server.base}/api/v1/warnings/${place}/actions`, {
      headers: { 'x-fengtu': '1', 'if-match': `"${version}"`, 'idempotency-key': `canary-${turn}` },
      data: { action: 'acknowledge', note: words(turn) },
    });
    expect(noted.status(), await noted.text()).toBe(201);
    expect(JSON.stringify(await ask(`warnings/${place}/actions`))).toContain(words(turn));
    const before = (await scene(page).textContent())!;
    await page.keyboard.press('ArrowRight');
    await expect(scene(page)).not.toHaveText(before);
  }
  await expect(scene(page)).toHaveText('全区总览');
  // And one of them turns red.
  await hand(page).getByRole('button', { name: '继续轮播' }).click();
  await sayBetween(page, 'warning', { place: items.find((one) => one.level !== 'red')!.place, level: 'red', score: 80 });
  await expect(scene(page)).toContainText('红色预警');
  await expect(page.locator('.wall-waiting')).toHaveCount(0);
  await expect.poll(() => /^event: ?figures$/m.test(heard.join('')), { timeout: 20_000 }).toBe(true);

  const stream = heard.join('');
  const traffic = [...(await Promise.all(bodies)), stream].join('\n');
  expect(traffic).toContain('马田街道');
  expect(stream).not.toMatch(/^event: ?case$/m);
  for (const canary of CANARIES) expect(traffic.includes(canary), `${canary} in the traffic`).toBe(false);
  expect(came.filter((name) => traffic.includes(name)), 'who came to an order, in the traffic').toEqual([]);
  expect(traffic, 'a masked number of theirs').not.toMatch(/139\*{4}\d{4}/);

  // The search finds what is there, and the canaries are not.
  expect(await inWasm(page, ['马田街道', ...CANARIES, ...came])).toEqual(['马田街道']);
  // There is no other memory: cells of a wall are drawn by the page, not by the worker of the desk.
  expect(page.workers().length).toBe(0);
  // So is the end of a string that is longer than most.
  await page.evaluate(() => ((window as any).long = [...'一'.repeat(40_000), '末尾', '的', '记号'].join('')));
  const heap = await inHeap(devtools, ['wall-panel', '末尾的记号', ...CANARIES, ...came]);
  expect(heap).toEqual(['wall-panel', '末尾的记号']);
  // And what a wall keeps for when it opens anew.
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.documentElement.outerHTML]));
  for (const canary of CANARIES) expect(kept.includes(canary), `${canary} in what is kept`).toBe(false);
  await room.close();
  await office.close();
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
