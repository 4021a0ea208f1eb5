// The address carries everything: whoever opens it sees the same.
import { ink } from '../fixtures/canvas.ts';
import { asked, camera, cameraOf, drawer, expect, list, middle, open, panel, press, test, timeBar } from '../fixtures/desk.ts';

const AT = '2026-06-30T15:59:59Z';
const WHOLE = {
  place: '440311001',
  level: 'grid',
  layers: 'warnings.stations.appeal.coverage.heat.buildings.labels',
  at: AT,
  from: '2026-04-01T15:59:59Z',
  category: 'mediation',
  half: '86400',
  radius: '250',
  hide: 'mobile.school',
  cover: 'appeal.legal',
  sel: 'place:440311001001',
  list: 'warnings',
  find: '光明第',
  sort: '3d',
  map: '113.94000,22.75000,13.25',
  theme: 'night',
  lang: 'en',
};

/** A moment of the district's own last year, whatever today is. */
function recent(): typeof WHOLE {
  const day = (back: number) => `${new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)}T15:59:59Z`;
  return { ...WHOLE, at: day(100), from: day(190) };
}

test('a link with everything restores everything, and stays as it is', async ({ page, context }) => {
  const link = recent();
  await open(page, link);
  const seen = async (look: typeof page) => {
    for (const [name, value] of Object.entries(link)) expect(asked(look, name), name).toBe(value);
    await expect(look.locator('html')).toHaveAttribute('data-theme', 'night');
    await expect(look.locator('html')).toHaveAttribute('lang', 'en');
    const layers = panel(look);
    for (const name of [/Risk warnings/, /Service stations/, /Heat of cases/, /Uncovered ground/, /^Buildings/]) {
      await expect(layers.getByRole('switch', { name }).first()).toBeChecked();
    }
    await expect(layers.getByRole('switch', { name: /^Cases/ })).not.toBeChecked();
    await expect(layers.getByRole('radio', { name: 'Grid' })).toBeChecked();
    await expect(layers.getByRole('checkbox', { name: /^School/ })).not.toBeChecked();
    await expect(layers.getByRole('checkbox', { name: /^Mobile/ })).not.toBeChecked();
    await expect(layers.getByRole('slider', { name: 'Half-life' })).toHaveAttribute('aria-valuetext', '1 d');
    await expect(layers.getByRole('slider', { name: 'Radius' })).toHaveAttribute('aria-valuetext', /250/);
    await expect(layers.getByRole('radio', { name: '90 d' })).toBeChecked();
    await expect(layers.getByText('1 chosen')).toBeVisible();
    await expect(timeBar(look).locator('output')).toHaveText(`History ${link.at.slice(0, 10)}`);
    await expect(drawer(look).getByRole('heading', { level: 2 })).toHaveText(/Guangming/);
    await expect(list(look).getByRole('searchbox')).toHaveValue('光明第');
    await expect(list(look).getByRole('columnheader').nth(3)).toHaveAttribute('aria-sort', 'descending');
    expect(cameraOf(look)).toEqual({ at: [113.94, 22.75], zoom: 13.25 });
  };
  await seen(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator('.freshness.live')).toBeVisible();
  await seen(other);
  await expect.poll(async () => (await ink(other, 'Areas')).sum).toBe((await ink(page, 'Areas')).sum);
});

test('what is done goes into the address, back undoes a step, and the link can be copied by keyboard', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL });
  await open(page);
  await press(page, panel(page).getByRole('switch', { name: /案件热力/ }), 'Space');
  await expect.poll(() => asked(page, 'layers')).toContain('heat');
  await press(page, panel(page).getByText('导出', { exact: true }));
  await press(page, panel(page).getByRole('button', { name: '复制本页链接' }));
  await expect(panel(page).getByText(/链接已复制/)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test('parts of an address that cannot be understood are left out and break nothing', async ({ page }) => {
  await open(page, { level: 'planet', layers: 'warnings.moon', map: 'NaN,1,2', at: 'yesterday', sel: 'x:1', sort: 'zz', hide: 'castle' });
  await expect(panel(page).getByRole('radio', { name: '自动' })).toBeChecked();
  await expect(timeBar(page).locator('output')).toHaveText('实时');
});

test('what the wheel does first with a page just opened is in the address', async ({ page }) => {
  await open(page, { layers: 'none', map: camera([113.94, 22.75], 13.25) });
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -90);
  await expect.poll(() => cameraOf(page)!.zoom).toBeGreaterThan(13.25);
});
