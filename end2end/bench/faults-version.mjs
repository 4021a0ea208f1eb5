// A wall whose server has got a new version: how long until it has taken that up, and what was seen meanwhile.
import { openWall } from './faults-wall.mjs';

/** The wall looks for one every four minutes. */
const LONGEST_MS = 8 * 60_000;
/** A frame of which less is drawn upon, as a part of what a wall at rest has, is blank in a place where there was something. */
const WHOLE = 0.9;

/** Seconds until the new version has as much to show as the old one, and for each frame on the way how much of it is drawn upon. */
export async function takeUp(browser, cookie) {
  const { page, next } = await openWall(browser, cookie, speakOfDistrict);
  const began = Date.now();
  let filming;
  await renew(page, () => (filming ??= film(page)));
  const taken = await next('whole', LONGEST_MS);
  await page.locator('#standin').waitFor({ state: 'detached' });
  const frames = filming ? await (await filming)() : [];
  await page.context().close();
  return { seconds: ((taken?.at ?? Date.now()) - began) / 1000, ...counted(await drawn(browser, frames)) };
}

/** Of a film that begins and ends with a wall at rest: how many frames, how much the emptiest has of what that has, how many are blank. */
function counted(parts) {
  const atRest = Math.min(parts.at(0), parts.at(-1));
  return { frames: parts.length, least: Math.min(...parts) / atRest, blank: parts.filter((part) => part < atRest * WHOLE).length };
}

/** One scene alone: of another one, another part is drawn upon. */
async function speakOfDistrict(page) {
  await page.route('**/config.json', async (route) => {
    const response = await route.fetch();
    const config = await response.json();
    config.wall.playlist = [{ scene: 'district', seconds: 36_000 }];
    await route.fulfill({ response, json: config });
  });
}

/**
 * From now on the server has the same files under other names; tells when the first of them is asked for, which is before the old page
 * goes. Routes switch off what the browser stores: files that were fetched beforehand come anew, which is harder than a wall has it.
 */
async function renew(page, begun) {
  await page.route(/\/fengtu-00000000[^/]+$/, async (route) => {
    await begun();
    await route.fallback({ url: route.request().url().replace('-00000000', '-') });
  });
  await page.route(/\/wall$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/\/fengtu-(?=[0-9a-f]{8,})/g, '/fengtu-00000000');
    await route.fulfill({ response, body });
  });
}

/** Keeps every frame that the browser shows, until its end is called. */
async function film(page) {
  const [session, frames] = [await page.context().newCDPSession(page), []];
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    frames.push(data);
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  await session.send('Page.startScreencast', { format: 'png', maxWidth: 640, maxHeight: 360 });
  return async () => {
    await session.send('Page.stopScreencast');
    return frames;
  };
}

/** The part of each picture that is of another colour than its ground. */
async function drawn(browser, frames) {
  const lab = await browser.newPage();
  const parts = [];
  for (const frame of frames) parts.push(await lab.evaluate(partDrawn, frame));
  await lab.close();
  return parts;
}

async function partDrawn(data) {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))]));
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const colours = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return 1 - Math.max(...counts.values()) / colours.length;
}
