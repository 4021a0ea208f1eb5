// Base maps: the built-in one without any tile server, and tiles of config.json in any datum, lined up with the data.
import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expectDrawn } from '../fixtures/canvas.ts';
import { asked, camera, expect, ground, open, panel, press, test } from '../fixtures/desk.ts';
import type { Position } from '../fixtures/desk.ts';
import { metres, placeOf, toBd09, toGcj02, undo, world } from '../fixtures/geo.ts';

const HERE: Position = [113.93, 22.75];
const ZOOM = 17;
const same = (place: Position): Position => place;
const entry = (id: string, more: object) => ({
  id, name: { zh: `底图 ${id}`, en: `Map ${id}` }, kind: 'xyz', url: `/tiles/${id}/{z}/{x}/{y}.png`, datum: 'cgcs2000', attribution: `来源 ${id}`,
  max_zoom: 18, review_number: '审图号 GS(2026)0001', ...more,
});
const MAPS = [
  entry('plain', {}),
  entry('gcj', { datum: 'gcj02' }),
  entry('bd', { datum: 'bd09' }),
  entry('tms', { kind: 'tms' }),
  entry('wmts', { kind: 'wmts', url: '/tiles/wmts?TILEMATRIX={z}&TILECOL={x}&TILEROW={y}' }),
  { id: 'lost', name: 'without a datum', url: '/tiles/lost/{z}/{x}/{y}.png' },
];

/** A grey square as PNG. */
function tile(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0]);
  const rows = Buffer.concat(Array.from({ length: 256 }, (_, y) => Buffer.from([0, ...Array.from({ length: 256 }, (_, x) => (x && y ? 200 : 90))])));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** Serves the maps; returns what is asked for. */
async function serve(page: Page): Promise<string[]> {
  const asks: string[] = [];
  const picture = tile();
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), basemaps: MAPS } });
  });
  await page.route('**/tiles/**', async (route) => {
    const url = new URL(route.request().url());
    asks.push(url.pathname + url.search);
    await route.fulfill({ contentType: 'image/png', body: picture });
  });
  return asks;
}

interface Laid {
  x: number;
  y: number;
  z: number;
  corners: { x: number; y: number }[];
}

/** Where each tile lies on the screen, from the middle of the map. */
function laid(page: Page): Promise<Laid[]> {
  return ground(page).evaluate((map) => {
    const box = map.getBoundingClientRect();
    const [left, top] = [box.left + box.width / 2, box.top + box.height / 2];
    return [...map.querySelectorAll<HTMLImageElement>('img.leaflet-tile-loaded')].map((image) => {
      const [z, x, y] = image.src.match(/(\d+)\/(\d+)\/(\d+)\.png/)!.slice(1).map(Number);
      // By its matrix: the box around a tile that is turned a little is larger than the tile.
      const pane = image.parentElement!.getBoundingClientRect();
      const matrix = new DOMMatrix(getComputedStyle(image).transform);
      const corners = [new DOMPoint(0, 0), new DOMPoint(image.offsetWidth, image.offsetHeight)].map((corner) => {
        const at = matrix.transformPoint(corner);
        return { x: pane.left + image.offsetLeft + at.x - left, y: pane.top + image.offsetTop + at.y - top };
      });
      return { x: x!, y: y!, z: z!, corners };
    });
  });
}

for (const { id, transform } of [
  { id: 'plain', transform: same },
  { id: 'gcj', transform: toGcj02 },
  { id: 'bd', transform: toBd09 },
]) {
  test(`tiles of ${id} line up with the data to within a metre and cover the map`, async ({ page }) => {
    await serve(page);
    await open(page, { base: id, map: camera(HERE, ZOOM), layers: 'none' });
    await expect.poll(async () => (await laid(page)).length).toBeGreaterThan(12);
    const box = (await ground(page).boundingBox())!;
    // Leaflet lays its panes, data and tiles alike, on whole pixels.
    const whole = (at: number, side: number) => Math.round(at - side / 2) + side / 2;
    const middle = world(HERE, ZOOM);
    const centre = { x: whole(middle.x, box.width), y: whole(middle.y, box.height) };
    for (const { x, y, z, corners } of await laid(page)) {
      expect(z).toBe(ZOOM);
      for (const [step, corner] of corners.entries()) {
        const truth = undo(transform, placeOf({ x: (x + step) * 256, y: (y + step) * 256 }, ZOOM));
        const shown = placeOf({ x: centre.x + corner.x, y: centre.y + corner.y }, ZOOM);
        expect(metres(truth, shown), `tile ${x}/${y}`).toBeLessThan(1);
      }
    }
    // Nothing of the map is left without a tile.
    const tiles = await laid(page);
    for (const [dx, dy] of [[-0.49, -0.49], [0.49, -0.49], [0.49, 0.49], [-0.49, 0.49], [0, 0]] as const) {
      const at = { x: dx * box.width, y: dy * box.height };
      const under = tiles.some(({ corners: [a, b] }) => a!.x <= at.x && at.x <= b!.x && a!.y <= at.y && at.y <= b!.y);
      expect(under, `${dx} ${dy}`).toBe(true);
    }
  });
}

test('a base map is chosen, named at the foot with its review number, and left again', async ({ page }) => {
  const asks = await serve(page);
  await open(page, { map: camera(HERE, 15) });
  await expectDrawn(page, 'Base');
  const maps = panel(page).getByRole('group', { name: '底图' });
  await expect(maps.getByText('config.json 中有 1 个底图无法使用')).toBeVisible();
  await maps.getByText('底图 plain').click();
  await expect.poll(() => asked(page, 'base')).toBe('plain');
  await expect(page.getByText('来源 plain · 审图号 GS(2026)0001')).toBeVisible();
  await expect.poll(() => asks.length).toBeGreaterThan(8);
  await maps.getByText('底图 tms').click();
  // TMS counts rows from the south: at zoom 15 there are 32,768.
  const row = Math.floor(world(HERE, 15).y / 256);
  const column = Math.floor(world(HERE, 15).x / 256);
  await expect.poll(() => asks).toContain(`/tiles/tms/15/${column}/${32_767 - row}.png`);
  await maps.getByText('底图 wmts').click();
  await expect.poll(() => asks).toContain(`/tiles/wmts?TILEMATRIX=15&TILECOL=${column}&TILEROW=${row}`);
  await maps.getByText('内置矢量底图').click();
  await expect.poll(() => asked(page, 'base')).toBeNull();
  await expect(ground(page).locator('img')).toHaveCount(0);
});

test('a base map by keyboard', async ({ page }) => {
  await serve(page);
  await open(page, { map: camera(HERE, 15) });
  const built = panel(page).getByRole('radio', { name: '内置矢量底图' });
  await press(page, built, 'ArrowDown');
  await expect.poll(() => asked(page, 'base')).toBe('plain');
  await expect.poll(async () => (await laid(page)).length).toBeGreaterThan(8);
});

test('a tile server that does not answer is told, with the way back', async ({ page, faults }) => {
  await serve(page);
  await page.route('**/tiles/plain/**', (route) => route.fulfill({ status: 502, body: '' }));
  await page.goto(`/?base=plain&map=${camera(HERE, 15)}`);
  const told = page.getByRole('alert').filter({ hasText: '底图服务器没有回应' });
  await told.getByRole('button', { name: '内置矢量底图' }).click();
  await expect(told).toHaveCount(0);
  expect(asked(page, 'base')).toBeNull();
  faults.expectFault(/502/);
});

test('without any tile server nothing is asked of anybody', async ({ page }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await open(page);
  await expectDrawn(page, 'Base');
  expect([...hosts].filter((host) => host !== '')).toEqual([new URL(process.env.FENGTU_BASE!).host]);
});
