// Every scene on every wall: what has room is seen whole, and what is spoken of has its room.
import type { Page, Route } from '@playwright/test';
import { api, expect, grids, test } from '../fixtures/desk.ts';
import { expectSound, lengthen } from '../fixtures/layout.ts';
import { cut, hand as handOf, hang, open, panel, say, speakAsServer, speakOf, WALLS } from '../fixtures/wall.ts';

/** What has names that a wall writes. */
const PLACES = /\/api\/v1\/(places|grids)(\?|$)/;
const OF_PLACES = /\/api\/v1\/statistics\?.*level=(street|community)/;

/** Much has come of every street and community, all of it is settled and much overdue, and least is known of categories: the longest rows, and the longest title that news have. */
async function busy(route: Route): Promise<void> {
  const answer = await route.fetch();
  if (answer.status() !== 200) return route.fulfill({ response: answer });
  type Counts = { received: number | null; settled?: number; overdue?: number }[];
  const figures = (await answer.json()) as { children: Counts; categories: Counts };
  figures.children.forEach((place, n) => Object.assign(place, { received: 120 + n, settled: 120 + n, overdue: 999 }));
  if (route.request().url().includes('level=street')) for (const category of figures.categories) category.received = null;
  await route.fulfill({ response: answer, json: figures });
}

/** Smaller than any wall, upright and not: where the bar of a hand has the least room. */
const SMALL = [
  { width: 960, height: 720 },
  { width: 800, height: 1280 },
];

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

const share = (page: Page) =>
  page.locator('.wall-map').evaluate((map) => (map.clientWidth * map.clientHeight) / (innerWidth * innerHeight));

test('fits every wall: half of it is map, or of as much of it as is 16:9, nothing is cut, names of twelve characters stand whole', async ({ page }) => {
  await page.route(PLACES, lengthen);
  await open(page);
  for (const wall of WALLS) {
    await hang(page, wall);
    const what = `${wall.width}×${wall.height}`;
    const wanted = 0.48 * Math.min(1, 16 / 9 / (wall.width / wall.height));
    await expect.poll(() => share(page), { message: `the map's share at ${what}` }).toBeGreaterThan(wanted);
    await expectSound(page, what);
    expect(await cut(page), what).toEqual([]);
  }
});

/** In English words are longer: on a wall as most are, on a wide one with the least height, and on one that stands. */
const SPOKEN = [...WALLS.map((wall) => ({ wall, lang: 'zh-CN' })), ...[WALLS[0]!, WALLS[2]!, WALLS[5]!].map((wall) => ({ wall, lang: 'en' }))];
const DISTRICT: Record<string, string> = { 'zh-CN': '全区总览', en: 'The district' };

for (const { wall, lang } of SPOKEN) {
  const size = `${wall.width}×${wall.height} (${lang})`;
  test(`nothing is cut in any scene, and the map has its half, on a wall of ${size}`, async ({ page }) => {
    test.slow();
    await page.setViewportSize(wall);
    await page.route(PLACES, lengthen);
    await page.route(OF_PLACES, busy);
    await open(page, `?lang=${lang}`);
    const scene = page.locator('.wall-scene');
    const wanted = 0.48 * Math.min(1, 16 / 9 / (wall.width / wall.height));
    // Held by a hand: no red warning comes between.
    await page.keyboard.press('ArrowRight');
    await expect(handOf(page)).toBeVisible();
    await expect(page.locator('.wall.tall')).toHaveCount(wall.width < wall.height ? 1 : 0);
    const first = await scene.textContent();
    const seen = new Set<string>();
    for (let turn = 0; turn < 30; turn += 1) {
      const now = (await scene.textContent())!;
      const what = `${now} at ${size}`;
      seen.add(now);
      await expect(page.locator('.wall-waiting'), what).toHaveCount(0);
      if (await panel(page, 'news').count()) await expect(panel(page, 'news').getByRole('heading')).toHaveText(lang === 'en' ? /Street.*1\d\d/ : /二三四五六七八.*1\d\d/);
      await expect.poll(() => cut(page), { message: what }).toEqual([]);
      expect(await underHand(page), `under the hand's bar, or below the window, ${what}`).toEqual([]);
      expect(await share(page), `the map's share, ${what}`).toBeGreaterThan(wanted);
      await page.keyboard.press('ArrowRight');
      await expect(scene).not.toHaveText(now);
      if ((await scene.textContent()) === first) break;
    }
    // The district, its six streets, and five more.
    expect(seen.size, [...seen].join('、')).toBe(12);
    expect([...seen]).toContain(DISTRICT[lang]);
    // The last scene's answers may be on their way.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test(`nothing is cut where no hand is, whatever is spoken of, on a wall of ${size}`, async ({ page }) => {
    test.slow();
    await page.setViewportSize(wall);
    await page.route(PLACES, lengthen);
    await page.route(OF_PLACES, busy);
    const rows: number[] = [];
    for (const kind of ['district', 'streets', 'heat', 'warnings', 'stations', 'mediation', 'psychological']) {
      await speakOf(page, [kind]);
      await open(page, `?lang=${lang}`);
      // Before it knows its streets a wall speaks of the district.
      if (kind === 'district') await expect(page.locator('.wall-scene')).toHaveText(DISTRICT[lang]!);
      else await expect(page.locator('.wall-scene')).not.toHaveText(DISTRICT[lang]!);
      await expect(page.locator('.wall-waiting'), kind).toHaveCount(0);
      await expect.poll(() => cut(page), { message: `${kind} at ${size}` }).toEqual([]);
      rows.push(await panel(page, 'warnings').locator('.wall-row').count());
    }
    expect(rows[3], `warnings are listed where they are spoken of: ${rows}`).toBeGreaterThan(rows[0]!);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
}

/** Panels of which the hand's bar covers anything, and buttons of it that stick out of the window. */
const underHand = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // As far down as it ever drifts.
    document.documentElement.style.setProperty('--drift', 'translate(0px, 4px)');
    const box = (element: Element) => element.getBoundingClientRect();
    const { top } = box(document.querySelector('.wall-hand')!);
    const panels = [...document.querySelectorAll('.wall-panel')].filter((panel) => box(panel).bottom > top + 1);
    const buttons = [...document.querySelectorAll('.wall-hand .button')].filter((button) => {
      const { left, right, bottom } = box(button);
      return left < 0 || right > innerWidth || bottom > innerHeight || button.scrollWidth > button.clientWidth + 1;
    });
    return [...panels, ...buttons].map((one) => one.textContent!.slice(0, 24));
  });

for (const lang of ['zh-CN', 'en']) {
  test(`every button of the hand's bar can be pressed on every wall (${lang})`, async ({ page }) => {
    await open(page, `?lang=${lang}`);
    await page.keyboard.press('Shift');
    const bar = page.locator('.wall-hand');
    await expect(bar).toBeVisible();
    for (const wall of [...WALLS, ...SMALL]) {
      await hang(page, wall);
      expect(await underHand(page), `${wall.width}×${wall.height}`).toEqual([]);
    }
    // The way out says more once it was pressed.
    await bar.getByRole('button').last().click();
    expect(await underHand(page), 'on the narrowest').toEqual([]);
  });
}

const RED = [
  { lang: 'zh-CN', red: '红色预警', street: /街道/, whole: /^红色预警：.{12}$/, more: '还有 12 处', head: /红色预警，全区还有 12 处刚转红$/ },
  { lang: 'en', red: 'Red warning', street: /Street/, whole: /^Red warning: .+ \d+$/, more: '12 more', head: /, 12 more newly red district-wide$/ },
];

for (const { lang, red, street, whole, more, head } of RED) {
  test(`a red warning comes between, and nothing of its scene is cut on any wall (${lang})`, async ({ page }) => {
    test.slow();
    await page.route(PLACES, lengthen);
    await speakAsServer(page);
    await speakOf(page, ['district'], { red_s: 3_600 });
    await open(page, `?lang=${lang}`);
    const { items } = await api<{ items: { place: string; level: string }[] }>(page, 'warnings?place_level=grid&limit=1000');
    const isRed = (id: string) => items.some((one) => one.place === id && one.level === 'red');
    const [place, ...others] = (await grids(page)).map((grid) => grid.properties.id).filter((id) => !isRed(id));
    await say(page, 'warning', { place, level: 'red', score: 80 });
    await expect(page.locator('.wall-scene')).toContainText(red);
    // Those that have turned red meanwhile wait, and are counted beside the title and in the panel, which has room for it on any wall.
    for (const other of others.slice(0, 12)) await say(page, 'warning', { place: other, level: 'red', score: 70 });
    await expect(page.locator('.wall-of.more')).toHaveText(more);
    // Said where everybody looks first, and first in the list too.
    const title = page.getByRole('heading', { level: 1 });
    await expect(title).toHaveText((await page.locator('.wall-scene').textContent())!);
    await expect(page.locator('.wall-of').first(), 'whose figures stand below').toHaveText(street);
    await expect(title.locator('.wall-mark.level-red')).toBeVisible();
    for (const wall of WALLS) {
      await hang(page, wall);
      await expect.poll(() => cut(page), { message: `${wall.width}×${wall.height}` }).toEqual([]);
      const first = panel(page, 'warnings').locator('.wall-row').first();
      await expect(first).toHaveClass(/chosen/);
      expect(await title.textContent()).toContain(await first.locator('.wall-name').textContent());
      await expect(panel(page, 'warnings').getByRole('heading')).toHaveText(head);
    }
    await expect(page.locator('.wall-scene')).toContainText(red);
    // And whole in the bar of a hand: in two lines where its buttons leave no room for one.
    await page.keyboard.press('Shift');
    const words = page.locator('.wall-hand-words strong');
    await expect(words).toHaveText(whole);
    for (const wall of [...WALLS, ...SMALL]) {
      await hang(page, wall);
      const beyond = await words.evaluate((one) => [one.scrollHeight - one.clientHeight, one.parentElement!.getBoundingClientRect().bottom - innerHeight]);
      expect(Math.max(...beyond), `${wall.width}×${wall.height}`).toBeLessThanOrEqual(1);
    }
  });
}
