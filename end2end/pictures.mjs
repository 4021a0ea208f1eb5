// Takes the pictures of docs/images anew: every scene of the wall at six sizes and every street, one that a red warning interrupts and
// the phone that steers it too, every page of the board, by day and by night, and the board as a meeting sees it on a tablet.
//
//   cargo xtask run                         (a server with the demo district, in another terminal)
//   node end2end/pictures.mjs [wall|board]
//   node end2end/pictures.mjs wall heat stations     (these scenes alone)
//
// What is shot is written as WebP by the browser itself: of the wall one by one, of the remote and the meeting laid out on a sheet.
import { mkdir, writeFile } from 'node:fs/promises';
import { BASE, launch, signIn } from './bench/common.mjs';

const OUT = new URL('../docs/images/', import.meta.url);
/** Lines of a picture of the wall: as many as a small wall has, so that what is written there reads as it does on one. */
const LINES = 1080;
const SIZES = [[1920, 1080], [3840, 2160], [3840, 1080], [6656, 1792], [7680, 2160], [1080, 1920]];
const SCENES = ['district', 'streets', 'heat', 'warnings', 'stations', 'mediation', 'psychological'];
/** What a red warning interrupts: no playlist names it. */
const RED = 'red';
const PAGES = { board: '/board', 'board-warnings': '/board/warnings', 'board-orders': '/board/orders', 'board-bulletin': '/board/bulletin' };
/** The most bytes of a picture, and the quality it begins with. */
const MOST = 200_000;
const QUALITY = 0.8;

const [wanted, ...some] = process.argv.slice(2);
const isWanted = (scene) => some.length === 0 || some.includes(scene);
await mkdir(new URL('wall/', OUT), { recursive: true });
// The browser's own fields, as those for a day, in the readers' language.
const browser = await launch({ env: { ...process.env, LANGUAGE: 'zh_CN', LANG: 'zh_CN.UTF-8' } });
try {
  if (wanted !== 'board') await wall();
  if (wanted !== 'wall') await board();
} finally {
  await browser.close();
}

/** A page of its own, signed in, with one scene for ever. */
async function open(account, { size: [width, height], scene, theme, seconds = 3_600 }) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const [name, value] = (await signIn(account)).split('=');
  await context.addCookies([{ name, value, url: BASE, httpOnly: true, sameSite: 'Strict' }]);
  // A page that opens takes its own clock until it has heard the server's.
  await context.addInitScript(setClock, Date.parse((await fetch(BASE)).headers.get('date')) - Date.now());
  const page = await context.newPage();
  if (scene) {
    await page.route('**/config.json', async (route) => {
      const answer = await route.fetch();
      const config = await answer.json();
      config.wall = { ...config.wall, theme, playlist: [{ scene: scene === RED ? 'district' : scene, seconds }] };
      await route.fulfill({ response: answer, json: config });
    });
  }
  if (scene === RED) await page.addInitScript(hear);
  return page;
}

/** In the page: a clock that is so many milliseconds ahead. */
function setClock(ahead) {
  const Own = Date;
  globalThis.Date = class extends Own {
    constructor(...of) {
      super(...(of.length ? of : [Own.now() + ahead]));
    }
    static now() {
      return Own.now() + ahead;
    }
  };
}

async function wall() {
  for (const scene of [...SCENES, RED].filter(isWanted)) {
    for (const size of SIZES) await keep(`wall/${scene}-${size.join('x')}`, await shoot(scene, size, 'night'));
  }
  for (const scene of SCENES.filter((each) => each !== 'streets' && isWanted(each))) await keep(`wall/${scene}-day`, await shoot(scene, SIZES[0], 'day'));
  if (isWanted('streets')) await streets();
  if (isWanted('remote')) await remote();
}

/** Every street, as the wall comes to it. */
async function streets() {
  const page = await open('wall', { size: SIZES[0], scene: 'streets', theme: 'night', seconds: 15 });
  await settle(page);
  const { features } = await (await page.request.get(`${BASE}/api/v1/places?level=street`)).json();
  for (const { name } of features.map((street) => street.properties)) {
    await page.locator('.wall-scene', { hasText: name }).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(5_000);
    await keep(`wall/streets-${name}`, { shot: await page.screenshot(), size: SIZES[0] });
  }
  await page.context().close();
}

/** Writes one picture of the wall by itself. */
async function keep(name, shot) {
  const [width, height] = shot.size;
  await lay(name, Math.round(width > height ? (width * Math.min(height, LINES)) / height : width), [[shot]]);
}

/** The wall with its code, what a phone has chosen on it, and the phone. */
async function remote() {
  const page = await open('wall', { size: SIZES[0], scene: 'district', theme: 'night' });
  await settle(page);
  await page.keyboard.press('Shift');
  await page.getByRole('button', { name: '手机遥控' }).click();
  const code = (await page.locator('.wall-pairing-code').textContent()).replace(/\D/g, '');
  const shots = [{ shot: await page.screenshot(), size: SIZES[0] }];
  const size = [390, 844];
  const phone = await open('leader', { size });
  await phone.goto(`${BASE}/remote#${code}`);
  await phone.getByRole('button', { name: '诉求热点', exact: true }).click();
  await page.locator('.wall-scene', { hasText: '诉求热点' }).waitFor();
  await page.waitForTimeout(4_000);
  shots.push({ shot: await page.screenshot(), size: SIZES[0] });
  const held = { shot: await phone.screenshot(), size };
  await Promise.all([page.context().close(), phone.context().close()]);
  await lay('wall-remote', 1600, shots.map((shot) => [shot]), held);
}

/** In the page: lets `say` put an event into its stream. */
function hear() {
  const native = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const answer = await native(...asked);
    if (!answer.body || !String(asked[0]).includes('/events')) return answer;
    const { readable, writable } = new TransformStream();
    const [out, decoder, encoder] = [writable.getWriter(), new TextDecoder(), new TextEncoder()];
    const write = (text) => out.write(encoder.encode(text));
    let [heard, id] = ['', ''];
    window.say = (kind, data) => write(`event: ${kind}\nid: ${id.replace(/:\d+$/, ':1000000001')}\ndata: ${JSON.stringify({ kind, data })}\n\n`);
    void answer.body.pipeTo(
      new WritableStream({
        // Whole events alone: between them another may be said.
        async write(bytes) {
          const events = (heard + decoder.decode(bytes, { stream: true })).split(/(?<=\n\n)/);
          heard = events.at(-1).endsWith('\n\n') ? '' : events.pop();
          id = [...events.join('').matchAll(/^id: ?(.+)$/gm)].at(-1)?.[1] ?? id;
          window.heard = id !== '';
          await write(events.join(''));
        },
      }),
    );
    return new Response(readable, { status: answer.status, headers: answer.headers });
  };
}

/** Says to the page that a grid that was quiet has turned red. */
async function turnRed(page) {
  const ask = async (path) => (await page.request.get(`${BASE}/api/v1/${path}`)).json();
  const [grids, warned] = [await ask('grids'), await ask('warnings?limit=1000')];
  const known = new Set(warned.items.map((one) => one.place));
  const place = grids.features.map((grid) => grid.properties.id).find((id) => !known.has(id));
  await page.waitForFunction(() => window.heard);
  await page.evaluate((place) => window.say('warning', { place, level: 'red', score: 80 }), place);
  await page.locator('.wall-scene', { hasText: '红色预警' }).waitFor();
}

async function shoot(scene, size, theme) {
  const page = await open('wall', { size, scene, theme });
  await settle(page);
  if (scene === RED) await turnRed(page);
  // The map flies, names and heat come last.
  await page.waitForTimeout(4_000);
  const shot = await page.screenshot();
  await page.context().close();
  return { shot, size };
}

async function settle(page) {
  await page.goto(`${BASE}/wall`);
  await page.locator('.wall-fresh.live').waitFor();
  await page.locator('canvas[data-picture=Base]:not([hidden])').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelectorAll('.wall-waiting').length === 0);
}

async function board() {
  for (const [name, path] of Object.entries(PAGES)) {
    for (const theme of ['day', 'night']) {
      const page = await open('leader', { size: [1440, name === 'board-warnings' ? 1500 : 900] });
      await page.goto(`${BASE}${path}?theme=${theme}`);
      await page.locator('.freshness.live').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.skeleton').length === 0);
      if (name === 'board') await seeAll(page);
      if (name === 'board-warnings') await tryOut(page);
      await page.waitForTimeout(1_500);
      const shot = await page.screenshot({ fullPage: true });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.context().close();
      await lay(`${name}-${theme}`, 1100, [[{ shot, size: [1440, height] }]]);
    }
  }
  await meeting();
}

/** Two screens of a tablet that shows the board to a meeting: the figures, and the cards. */
async function meeting() {
  const size = [1180, 820];
  const page = await open('leader', { size });
  await page.goto(`${BASE}/board?present=1&theme=day`);
  await page.waitForFunction(() => document.querySelectorAll('.skeleton').length === 0);
  await page.locator('.hero').first().waitFor();
  await page.waitForTimeout(1_000);
  const shots = [{ shot: await page.screenshot(), size }];
  // Below what stays at the top.
  await page.evaluate(() => scrollBy(0, document.querySelector('#places').getBoundingClientRect().top - 60));
  await page.waitForTimeout(1_500);
  shots.push({ shot: await page.screenshot(), size });
  await page.context().close();
  await lay('board-present', 1600, [shots]);
}

/** The reasons of the first warning, and what thresholds would have given. */
async function tryOut(page) {
  await page.locator('.inbox-row').first().click();
  await page.getByRole('button', { name: '试算', exact: true }).click();
  await page.getByText(/过去一年会发出/).waitFor({ timeout: 60_000 });
}

/** Cards that count when they come into view have counted. */
async function seeAll(page) {
  for (const id of ['areas', 'reach']) await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  await page.locator('#areas-plot').waitFor();
  await page.locator('.reach-next a').waitFor({ timeout: 60_000 });
  await page.evaluate(() => scrollTo(0, 0));
}

/** Lays pictures on a sheet, in rows that are as wide as it, an upright one beside them, and writes it. */
async function lay(name, width, rows, upright) {
  const page = await browser.newPage();
  const data = ({ shot, size }) => ({ url: `data:image/png;base64,${shot.toString('base64')}`, size });
  const given = { width, most: MOST, quality: QUALITY, rows: rows.map((row) => row.map(data)), upright: upright && data(upright) };
  const written = await page.evaluate(async ({ width, most, quality, rows, upright }) => {
    const GAP = 8;
    const picture = async ({ url, size: [wide, high] }) => ({ image: await createImageBitmap(await (await fetch(url)).blob()), ratio: wide / high });
    const lines = await Promise.all(rows.map((row) => Promise.all(row.map(picture))));
    const beside = upright && (await picture(upright));
    const heightOf = (line, room) => (room - GAP * (line.length - 1)) / line.reduce((sum, one) => sum + one.ratio, 0);
    const stacked = (room) => lines.reduce((sum, line) => sum + heightOf(line, room), GAP * (lines.length - 1));
    // As wide as leaves the upright one its own ratio at the height of all.
    let room = width;
    for (let step = 0; beside && step < 60; step += 1) room = (room + width - GAP - stacked(room) * beside.ratio) / 2;
    const canvas = new OffscreenCanvas(width, Math.round(stacked(room)));
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    let y = 0;
    for (const line of lines) {
      const height = heightOf(line, room);
      let x = 0;
      for (const { image, ratio } of line) {
        context.drawImage(image, x, y, height * ratio, height);
        x += height * ratio + GAP;
      }
      y += height + GAP;
    }
    if (beside) context.drawImage(beside.image, room + GAP, 0, canvas.height * beside.ratio, canvas.height);
    let blob = await canvas.convertToBlob({ type: 'image/webp', quality });
    for (let less = quality - 0.1; blob.size > most && less > 0.2; less -= 0.1) blob = await canvas.convertToBlob({ type: 'image/webp', quality: less });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, given);
  await page.close();
  await writeFile(new URL(`${name}.webp`, OUT), Buffer.from(written));
  console.log(`${name}.webp ${(written.length / 1000).toFixed(0)} kB`);
}
