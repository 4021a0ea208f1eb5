// The guides that connect a backend, done as they stand: a shell executes every line, the two files are written as shown, and the
// desk is opened and signed in to. Addresses are the guides' own, so that one is done after another.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list } from '../fixtures/desk.ts';
import { expect, test } from '../fixtures/test.ts';
import { blocksOf, guide, GUIDES, SESSION, type Guide } from '../fixtures/guide.ts';
import { startServer, type Running } from '../fixtures/server.ts';
import { terminals, type Terminals } from '../fixtures/terminal.ts';
import { isThere } from '../servers/lib/all.mjs';

/** Where the guides have the demo run, and where they have Fengtu listen. */
const DEMO = 'http://127.0.0.1:8080';
const OURS = 'http://127.0.0.1:8081';

test.describe.configure({ mode: 'default', timeout: 180_000 * Number(process.env.FENGTU_PATIENCE ?? 1) });

// One folder for all of them, as whoever goes through one after another has it.
let desk: Terminals;
let demo: Running | undefined;
test.beforeAll(async () => {
  desk = await terminals();
  if (!(await answers(DEMO))) demo = await startServer(['--demo', 'guangming', '--seed', '7', '--cases', '1500'], { port: 8080 });
});
test.afterEach(async () => desk.interrupt());
test.afterAll(async () => {
  await desk.close();
  await demo?.stop();
});

for (const name of GUIDES) {
  test(`every line of it in a shell: ${name}`, async ({ page, faults }) => {
    test.skip(!guide(name).servers.every((server) => isThere(server.name) as boolean), 'the set-up has said what is not installed');
    faults.own(OURS);
    expect(await answers(OURS), `somebody else answers at ${OURS}`).toBe(false);
    await done(name);
    await page.goto(`${OURS}/`);
    await page.getByLabel('用户名').fill('leader');
    await page.getByLabel('密码').fill('fengtu-demo');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await expect(page.locator('.freshness.live')).toBeVisible();
    // What the other server has is there, and nobody says that it is not.
    await page.goto(`${OURS}/?layers=heat.stations&list=${name === 'backend-ogc' || name === 'backend-wfs' ? 'warnings' : 'heat'}`);
    await expect(page.locator('.freshness.live')).toBeVisible();
    await expect(list(page).getByRole('row').filter({ has: page.getByRole('cell') }).first()).toBeVisible();
    await expect(page.getByText('没有应答')).toHaveCount(0);
    // A page that goes on asking would take the end of its server for a fault.
    await page.close();
  });
}

test('every line of it in a shell: backend-fengtu', async () => {
  const lines = linesOf('backend-fengtu');
  expect(lines).toHaveLength(1);
  for (const line of lines) {
    const { code, said } = await desk.typed(line);
    expect(code, `${line}\n${said}`).toBe(0);
  }
});

/** Does all that a guide says up to the browser. */
async function done(name: Guide): Promise<void> {
  const { proxies, config } = guide(name);
  await writeFile(join(desk.folder, 'proxies.toml'), proxies);
  await writeFile(join(desk.folder, 'config.json'), config);
  let cookie = SESSION;
  for (const line of linesOf(name)) {
    if (line.startsWith('node ')) await desk.stays(line, (said) => /^ready /m.test(said));
    else if (line.startsWith('cargo run ')) await desk.stays(line, () => answers(OURS));
    else {
      const { code, said } = await desk.typed(line.replace(SESSION, cookie));
      expect(code, `${line}\n${said}`).toBe(0);
      // What stands before the semicolon, as the guide says.
      if (line.startsWith('curl ')) cookie = /^set-cookie: (fengtu=[^;]+);/im.exec(said)?.[1] ?? SESSION;
      if (line.startsWith('cargo xtask conform ')) expect(said).toMatch(/识别 [1-9]\d* 条/);
    }
  }
}

const linesOf = (name: Guide | 'backend-fengtu') => blocksOf(name, 'zh').filter(({ kind }) => kind === 'sh').flatMap(({ text }) => text.trim().split('\n'));

const answers = (origin: string) => fetch(`${origin}/api/v1/config`).then((answer) => answer.ok, () => false);
