// What a wall receives, byte by byte: no case, no name, no telephone number. Planted ones are wall-privacy.spec.ts's.
import { expect, test } from '../fixtures/desk.ts';
import { open } from '../fixtures/wall.ts';

test.use({ account: 'wall', viewport: { width: 1920, height: 1080 } });

test('no case, no name and no mobile number is in a byte that the wall receives', async ({ page }) => {
  const bodies: string[] = [];
  const paths = new Set<string>();
  page.on('response', async (response) => {
    const url = new URL(response.url());
    if (!url.pathname.startsWith('/api/')) return;
    paths.add(url.pathname);
    // A stream has no end; it is read below.
    if (!url.pathname.endsWith('/events')) bodies.push(await response.text().catch(() => ''));
  });
  await open(page);
  for (let turn = 0; turn < 13; turn += 1) {
    await page.keyboard.press('ArrowRight');
    // What a scene needs is asked for once it is shown.
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
    // Heat is, of a scene that stays: whoever turns on at once does not wait for it.
    if ((await page.locator('.wall-scene').textContent())?.includes('诉求热点')) await expect.poll(() => paths.has('/api/v1/heat')).toBe(true);
  }
  expect(paths.has('/api/v1/heat'), 'the scene of heat was there').toBe(true);
  const stream = await page.evaluate(async () => {
    const aborted = new AbortController();
    setTimeout(() => aborted.abort(), 4_000);
    let text = '';
    try {
      const answer = await fetch('/api/v1/events', { signal: aborted.signal });
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
    } catch {
      // It was broken off.
    }
    return text;
  });
  expect(stream).toContain('event: heartbeat');
  expect([...paths].filter((path) => /cases|points|audit|buildings/.test(path))).toEqual([]);
  const all = `${bodies.join('\n')}\n${stream}`;
  expect(bodies.length).toBeGreaterThan(8);
  expect(all).not.toMatch(/"kind":"case"/);
  expect(all).not.toMatch(/"recent":\[\{/);
  expect(all, 'a mobile number').not.toMatch(/(?<![\d.:])1[3-9]\d[\d*]{4}\d{4}(?!\d)/);
  // Who is on duty at a station is named to everybody but a wall.
  const onDuty = /"names":\[([^\]]*)\]/g;
  for (const [, names] of all.matchAll(onDuty)) expect(names, 'who is on duty').toBe('');
  const rest = all.replace(onDuty, '');
  expect(rest.match(/.{40}[\u4e00-\u9fff]\*{1,2}"/)?.[0], 'a masked name').toBeUndefined();
  expect(rest).not.toMatch(/"member":"/);
  const leader = await page.request.get('/api/v1/cases?limit=1');
  expect(leader.status(), 'the wall may not ask for cases').toBe(403);
});
