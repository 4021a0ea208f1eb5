// Time: a slider over the last year, and playing it; heat, warnings and figures follow.
import type { Page } from '@playwright/test';
import { watchFrames } from '../bench/frames.mjs';
import { expectChange, expectDrawn, ink } from '../fixtures/canvas.ts';
import { asked, drawer, expect, figure, open, press, reach, settled, test, timeBar } from '../fixtures/desk.ts';
import { cameSince, laidCount, laidIn, releaseAtOnce, watchHeat } from '../fixtures/frames.ts';
import { held, hold, kept, prepare } from '../fixtures/motion.ts';

const moment = (page: Page) => timeBar(page).locator('output');
const slider = (page: Page) => timeBar(page).getByRole('slider', { name: '日期' });
/** The step between two days that half of them keep to, milliseconds: the bar ticks every 33 ms, and a machine under load misses one. */
const MEDIAN_STEP_MS = 1000 / 12;
/** How many times longer than usual a busy machine may take. */
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);
const received = (page: Page) => drawer(page).getByRole('row', { name: /^受理（件）/ }).getByRole('cell').first();

test('the slider takes warnings, heat and figures back, and there is a way to now', async ({ page }) => {
  await open(page, { layers: 'warnings.heat', sel: 'place:440311' });
  await expect(moment(page)).toHaveText('实时');
  await expectDrawn(page, 'Heat');
  await expect(received(page)).toHaveText(/\d/);
  const [areas, heat, now] = [await ink(page, 'Areas'), await ink(page, 'Heat'), await received(page).textContent()];

  const box = (await slider(page).boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.4, box.y + box.height / 2);
  await expect(moment(page)).toHaveText(/^历史 \d{4}-\d\d-\d\d$/);
  const day = (await moment(page).textContent())!.slice(3);
  // The address follows a moment later.
  await expect.poll(() => new Date(asked(page, 'at') ?? 0).getTime()).toBe(new Date(`${day}T23:59:59+08:00`).getTime());
  await expectChange(page, 'Areas', areas);
  await expectChange(page, 'Heat', heat);
  await expect(received(page)).not.toHaveText(now!);
  expect(figure(await received(page).textContent())).toBeGreaterThan(0);

  await timeBar(page).getByRole('button', { name: '前一天' }).click();
  await expect(moment(page)).not.toHaveText(new RegExp(day));
  await timeBar(page).getByRole('button', { name: '后一天' }).click();
  await expect(moment(page)).toHaveText(new RegExp(day));
  await timeBar(page).getByRole('button', { name: '回到现在' }).click();
  await expect(moment(page)).toHaveText('实时');
  await expect.poll(() => asked(page, 'at')).toBeNull();
});

test('playing moves day after day at its speed while all follows, and pauses', async ({ page }) => {
  await open(page, { layers: 'warnings.heat' });
  await expectDrawn(page, 'Heat');
  await timeBar(page).getByText('7 天/秒').click();
  await timeBar(page).getByRole('button', { name: '播放' }).click();
  const days = new Set<string>();
  const [heats, areas] = [new Set<number>(), new Set<number>()];
  await expect
    .poll(
      async () => {
        days.add((await moment(page).textContent())!);
        heats.add((await ink(page, 'Heat')).sum);
        areas.add((await ink(page, 'Areas')).sum);
        return Math.min(days.size, heats.size, areas.size);
      },
      { intervals: [100], timeout: 40_000 },
    )
    .toBeGreaterThanOrEqual(3);
  await timeBar(page).getByRole('button', { name: '暂停' }).click();
  await expect(timeBar(page).getByRole('button', { name: '播放' })).toBeVisible();
});

test('thirty days a second are thirty pictures a second where they can be drawn, none left out, and the address keeps up', async ({ page }) => {
  await open(page, { layers: 'heat' });
  await expectDrawn(page, 'Heat');
  await timeBar(page).getByText('30 天/秒').click();
  await moment(page).evaluate((output) => {
    const seen = { days: new Map<string, number>(), pictures: 0, sheets: 0, addresses: 0 };
    Object.assign(globalThis, { seen });
    const note = () => seen.days.has(output.textContent!) || seen.days.set(output.textContent!, performance.now());
    new MutationObserver(note).observe(output, { childList: true, characterData: true, subtree: true });
    const paint = document.querySelector<HTMLCanvasElement>('canvas[data-picture=Heat]')!.getContext('2d')!;
    const own = paint.drawImage.bind(paint) as (...given: unknown[]) => void;
    paint.drawImage = (...given: unknown[]) => {
      seen.pictures += 1;
      own(...given);
    };
    for (const sheet of document.querySelectorAll<HTMLCanvasElement>('canvas[data-sheet]')) {
      const ink = sheet.getContext('2d')!;
      const clear = ink.clearRect.bind(ink);
      ink.clearRect = (...given) => {
        seen.sheets += 1;
        clear(...given);
      };
    }
    const show = history.replaceState.bind(history);
    history.replaceState = (...given) => {
      seen.addresses += 1;
      show(...given);
    };
  });
  await timeBar(page).getByRole('button', { name: '播放' }).click();
  // A quarter of a year, to the present.
  await expect(moment(page)).toHaveText('实时', { timeout: 60_000 });
  await expect(timeBar(page).getByRole('button', { name: '播放' })).toBeVisible();
  const { times, pictures, sheets, addresses } = await page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { days: Map<string, number>; pictures: number; sheets: number; addresses: number } };
    return { ...seen, times: [...seen.days.values()] };
  });
  expect(times.length, 'each of the ninety days').toBeGreaterThanOrEqual(90);
  const steps = times.slice(1).map((at, n) => at - times[n]!).sort((a, b) => a - b);
  expect(steps[steps.length >> 1], 'the step that half of the days keep to').toBeLessThan(MEDIAN_STEP_MS * PATIENCE);
  // The engine draws beside the page, and of what it is asked meanwhile the newest alone.
  expect(pictures, 'pictures of heat for most of the days').toBeGreaterThan(times.length / 2 / PATIENCE);
  expect(sheets, 'what heat lies between is not laid anew').toBeLessThan(5);
  // With each the browser reads the page's icon again.
  expect(addresses, 'an address a second, and one where the machine stops for a while').toBeLessThan((times.at(-1)! - times[0]!) / 500 + 4);
  await expect.poll(() => asked(page, 'at')).toBeNull();
});

/** So many pictures that wait are a stall of a tenth of a second. */
const STALL = 3;
/** And so many pictures after them are a good part of the year. */
const MORE = 60;

/** Plays the last year, and has some of its pictures come late, at once. */
async function expectOneAFrame(page: Page, layers: string): Promise<void> {
  await prepare(page);
  await page.addInitScript(watchFrames);
  await open(page, { layers });
  await expectDrawn(page, 'Heat');
  await slider(page).press('Home');
  await expect(moment(page)).toHaveText(/^历史/);
  await timeBar(page).getByText('30 天/秒').click();
  await watchHeat(page);
  await timeBar(page).getByRole('button', { name: '播放' }).click();
  await expect.poll(() => laidCount(page), { message: 'heat plays' }).toBeGreaterThan(5);
  await hold(page);
  await expect.poll(() => held(page), { message: 'pictures wait', intervals: [50] }).toBeGreaterThanOrEqual(STALL);
  await releaseAtOnce(page);
  await expect.poll(() => held(page), { message: 'it speaks' }).toBe(0);
  await expect.poll(() => cameSince(page), { message: 'what waited has come, and many more' }).toBeGreaterThan((await kept(page)) + MORE);
  await timeBar(page).getByRole('button', { name: '暂停' }).click();
  const { most, frames, ofKept } = await laidIn(page, await kept(page));
  expect(most, 'pictures in one frame').toBe(1);
  expect(frames, 'frames with a picture').toBeGreaterThan(5 + STALL);
  expect(new Set(ofKept).size, 'frames in which one of those that waited was shown').toBeGreaterThanOrEqual(2);
}

test('while a year plays one picture of heat is laid down a frame, and of those that came late at once more than the last', async ({ page }) => expectOneAFrame(page, 'heat'));

// Levels that change are not drawn in the frame itself.
test('the same where warnings follow, too', async ({ page }) => expectOneAFrame(page, 'warnings.heat'));

test('time by keyboard: arrows step by a day, Home goes back a year, Space plays', async ({ page }) => {
  await open(page, { layers: 'warnings.heat', sel: 'place:440311' });
  await expectDrawn(page, 'Heat');
  const heat = await ink(page, 'Heat');
  await press(page, slider(page), 'ArrowLeft');
  await expect(moment(page)).toHaveText(/^历史/);
  const first = await moment(page).textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(moment(page)).not.toHaveText(first!);
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('PageDown');
  await expectChange(page, 'Heat', heat);
  await settled(page);

  await press(page, timeBar(page).getByRole('button', { name: '播放' }), 'Space');
  await expect(timeBar(page).getByRole('button', { name: '暂停' })).toBeVisible();
  const playing = await moment(page).textContent();
  await expect(moment(page)).not.toHaveText(playing!);
  await press(page, timeBar(page).getByRole('button', { name: '暂停' }), 'Space');
  await expect(timeBar(page).getByRole('button', { name: '播放' })).toBeVisible();

  await press(page, slider(page), 'Home');
  await expect(moment(page)).toHaveText(/^历史/);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^\d{4}-\d\d-\d\d$/);
  await press(page, timeBar(page).getByRole('button', { name: '回到现在' }));
  await expect(moment(page)).toHaveText('实时');
});

/** Steps three days back and, before the address has followed, presses something; tells whether it had not. */
const leaveLate = (page: Page, pressed: string) =>
  page.evaluate(async (pressed) => {
    const back = document.querySelector<HTMLButtonElement>('.time-moment button')!;
    const beat = () => new Promise((done) => setTimeout(done));
    back.click();
    await beat();
    await beat();
    const first = location.search;
    back.click();
    back.click();
    await beat();
    const target = document.querySelector<HTMLElement>(pressed)!;
    // The answer goes before a page that is left.
    setTimeout(() => target.click());
    return location.search === first;
  }, pressed);
const shownDay = async (page: Page) => new Date((await moment(page).textContent())!.slice(3)).getTime();
const daysBack = (from: number, days: number) => `历史 ${new Date(from - days * 86_400_000).toISOString().slice(0, 10)}`;

test('the address follows time a moment later, and "back", another page and a link within this one find the day that was left', async ({ page }) => {
  await open(page, { layers: 'heat', sel: 'place:440311' });
  await timeBar(page).getByRole('button', { name: '前一天' }).click();
  await expect(moment(page)).toHaveText(/^历史/);
  const began = await shownDay(page);
  await expect.poll(() => asked(page, 'at')).not.toBeNull();

  expect(await leaveLate(page, '.drawer-head button:last-of-type'), 'it lags').toBe(true);
  await expect(drawer(page)).toBeHidden();
  await page.goBack();
  await expect(drawer(page)).toBeVisible();
  await expect(moment(page)).toHaveText(daysBack(began, 3));

  expect(await leaveLate(page, 'a.skip[href="#map"]'), 'it lags').toBe(true);
  await expect.poll(async () => new Date(asked(page, 'at') ?? 0).getTime()).toBe(began - 6 * 86_400_000 + 86_399_000 - 28_800_000);
  await expect(moment(page)).toHaveText(daysBack(began, 6));

  expect(await leaveLate(page, 'a[href^="/board"]'), 'it lags').toBe(true);
  await expect(page).toHaveURL(/\/board/);
  await page.goBack();
  await expect(moment(page)).toHaveText(daysBack(began, 9));
});
