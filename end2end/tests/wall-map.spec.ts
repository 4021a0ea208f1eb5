// What the wall's map writes: of whom it speaks, how large, and in which ink.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/desk.ts';
import { open, scene, speakOf } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

interface Written {
  text: string;
  /** Size of its font on the screen, CSS pixels. */
  px: number;
  /** Its contrast with what surrounds it. */
  contrast: number;
}

/** Has the page note what its canvases show in words; before the page is opened. */
async function noteWritten(page: Page): Promise<() => Promise<Written[]>> {
  await page.addInitScript(() => {
    const written = new Map<HTMLCanvasElement, Written[]>();
    const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
    const light = (hex: string) => {
      const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
      const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      written.delete(this.canvas);
      return clearRect.apply(this, box);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
      const px = (parseFloat(/([\d.]+)px/.exec(this.font)![1]!) * this.getTransform().d) / devicePixelRatio;
      const [ink, halo] = [light(String(this.fillStyle)), light(String(this.strokeStyle))];
      written.set(this.canvas, [...(written.get(this.canvas) ?? []), { text, px, contrast: Math.max(ink, halo) / Math.min(ink, halo) }]);
      return fillText.call(this, text, ...at);
    };
    Object.assign(window, { written: () => [...written.values()].flat() });
  });
  return () => page.evaluate(() => (window as unknown as { written: () => Written[] }).written());
}

/** What is written when the map has come to rest: the same at half a second's distance. */
async function atRest(written: () => Promise<Written[]>): Promise<Written[]> {
  let last = '';
  let all: Written[] = [];
  await expect
    .poll(async () => {
      const before = last;
      all = await written();
      last = JSON.stringify(all);
      return all.length > 0 && last === before;
    }, { message: 'the map rests', intervals: [500] })
    .toBe(true);
  return all;
}

test('what the map writes is as large as all other text and reads at 7:1, by night and by day', async ({ page }) => {
  const written = await noteWritten(page);
  const kinds = { water: false, more: false };
  for (const query of ['?height_mm=1350&farthest_m=4', '?theme=day']) {
    await open(page, query);
    const text = await page.locator('.wall').evaluate((wall) => parseFloat(getComputedStyle(wall).fontSize));
    for (let turn = 0; turn < 12; turn += 1) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await written()).length, { message: 'names' }).toBeGreaterThan(3);
      const all = await atRest(written);
      const fails = ({ px, contrast }: Written) => !(px >= text - 0.01 && contrast >= 7);
      expect(all.filter(fails), `${await scene(page).textContent()} at ${text} px, ${query}`).toEqual([]);
      kinds.water ||= all.some(({ text }) => /[河湖库渠]$/.test(text));
      kinds.more ||= all.some(({ text }) => /^\+\d+$/.test(text));
    }
  }
  expect(kinds, 'both were seen').toEqual({ water: true, more: true });
});

for (const [lang, query] of [['zh-CN', '?height_mm=1350&farthest_m=4'], ['en', '?lang=en']] as const) {
  test(`the map names each street that it speaks of (${lang})`, async ({ page }) => {
    const written = await noteWritten(page);
    await open(page, query);
    for (let street = 0; street < 6; street += 1) {
      const before = (await scene(page).textContent())!;
      await page.keyboard.press('ArrowRight');
      await expect(scene(page)).not.toHaveText(before);
      const name = (await scene(page).textContent())!;
      // On a slow machine the map rests for a while before it flies.
      await expect.poll(async () => (await atRest(written)).map(({ text }) => text), { message: name }).toContain(name);
    }
  });
}

test('no name lies over the hottest cell of the heat', async ({ page }) => {
  await page.addInitScript(() => {
    type Box = [left: number, top: number, right: number, bottom: number];
    const drawn = new Map<HTMLCanvasElement, { cells: { box: Box; light: number }[]; words: { box: Box; text: string }[] }>();
    const of = (canvas: HTMLCanvasElement) => drawn.get(canvas) ?? drawn.set(canvas, { cells: [], words: [] }).get(canvas)!;
    const { fillText, fillRect, clearRect } = CanvasRenderingContext2D.prototype;
    const on = ({ a, d, e, f }: DOMMatrix, [left, top, right, bottom]: Box): Box => [left * a + e, top * d + f, right * a + e, bottom * d + f];
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      drawn.delete(this.canvas);
      return clearRect.apply(this, box);
    };
    CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
      const [r, g, b] = (String(this.fillStyle).match(/[\d.]+/g) ?? []).map(Number);
      if (String(this.fillStyle).startsWith('rgba')) {
        of(this.canvas).cells.push({ box: on(this.getTransform(), [x, y, x + width, y + height]), light: r! + g! + b! });
      }
      return fillRect.call(this, x, y, width, height);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const size = this.measureText(text);
      const box: Box = [x - size.actualBoundingBoxLeft, y - size.actualBoundingBoxAscent, x + size.actualBoundingBoxRight, y + size.actualBoundingBoxDescent];
      of(this.canvas).words.push({ box: on(this.getTransform(), box), text });
      return fillText.call(this, text, x, y);
    };
    const screen = (canvas: HTMLCanvasElement, [left, top, right, bottom]: Box): Box => {
      const at = canvas.getBoundingClientRect();
      const [x, y] = [at.width / canvas.width, at.height / canvas.height];
      return [at.left + left * x, at.top + top * y, at.left + right * x, at.top + bottom * y];
    };
    Object.assign(window, {
      covered: () => {
        const all = [...drawn].flatMap(([canvas, { cells, words }]) => [...cells.map((cell) => ({ ...cell, box: screen(canvas, cell.box), text: '' })), ...words.map((word) => ({ ...word, box: screen(canvas, word.box), light: -1 }))]);
        const hottest = all.filter(({ text }) => !text).sort((a, b) => b.light - a.light)[0];
        if (!hottest) return null;
        const [left, top, right, bottom] = hottest.box;
        const words = all.filter(({ text }) => text);
        return { words: words.length, over: words.filter(({ box: [l, t, r, b] }) => l < right && left < r && t < bottom && top < b).map(({ text }) => text) };
      },
    });
  });
  await speakOf(page, ['heat']);
  await open(page);
  const covered = () => page.evaluate(() => (window as unknown as { covered: () => { words: number; over: string[] } | null }).covered());
  await expect.poll(async () => (await covered())?.words ?? 0, { message: 'heat, and names' }).toBeGreaterThan(10);
  await expect.poll(async () => JSON.stringify(await covered()), { message: 'the map rests', intervals: [500] }).toBe(JSON.stringify(await covered()));
  expect((await covered())!.over).toEqual([]);
});
