// Signing in: by pointer, by keyboard, with a wrong password; and each demo role sees its part and no more.
import type { Locator, Page } from '@playwright/test';
import { api, expect, list, open, panel, press, reach, settled, test } from '../fixtures/desk.ts';
import { audit, type Faults } from '../fixtures/test.ts';

interface Session {
  role: string;
  place?: string;
  sees_cases: boolean;
  account: { display_name: string };
}

/** Who works here, what their role is called, and where the breadcrumb begins for them. */
const ROLES: [account: string, word: string, place: string][] = [
  ['leader', '区领导', '光明区'],
  ['street', '街道', '光明街道'],
  ['street2', '街道', '马田街道'],
  ['secretary', '社区书记', '东周社区'],
  ['clerk', '社区经办', '东周社区'],
  ['grid', '网格员', '东周第1网格'],
  ['department', '部门', '光明区'],
  ['mediator', '调解员', '光明街道'],
  ['counsellor', '心理咨询师', '光明区'],
  ['court', '法院', '光明区'],
  ['sysadmin', '系统管理员', '光明区'],
  ['secadmin', '安全管理员', '光明区'],
  ['auditor', '审计员', '光明区'],
];

for (const [account, word, place] of ROLES) {
  test.describe(account, () => {
    test.use({ account });

    test(`${account} sees ${place} and what a ${account} may`, async ({ page }) => {
      const asks: string[] = [];
      page.on('response', (response) => asks.push(`${new URL(response.url()).pathname} ${response.status()}`));
      await open(page, { layers: 'warnings.stations.cases.heat', list: 'heat' });
      const session = await api<Session>(page, 'session');
      await expect(page.getByRole('navigation', { name: '所在辖区' }).locator('[aria-current]')).toHaveText(place);
      await page.locator('summary.account').click();
      const menu = page.locator('.menu-body');
      await expect(menu.getByText(session.account.display_name).first()).toBeVisible();
      await expect(menu.getByText(word, { exact: true }).last()).toBeVisible();
      await expect(menu.getByRole('link', { name: '后端与映射' })).toHaveCount(account === 'sysadmin' ? 1 : 0);
      await page.locator('summary.account').click();

      await expect(panel(page).getByRole('switch', { name: /^案件(?!热力)/ })).toHaveCount(session.sees_cases ? 1 : 0);
      await expect(list(page).getByText(/^.*热力，.*条/)).toBeVisible();
      expect(asks.some((each) => each.startsWith('/api/v1/heat/points'))).toBe(session.sees_cases);
      // A face that asks for what its viewer may not have would be refused.
      expect(asks.filter((each) => /^\/api\/.* 40[13]$/.test(each))).toEqual([]);
      await expect(page.locator('.watermark')).toContainText(session.account.display_name);
    });
  });
}

test.describe('narrow sight', () => {
  test.use({ account: 'street' });

  test('a street lists its own cases alone; counts of elsewhere are no links', async ({ page }) => {
    await open(page, { layers: 'heat', list: 'heat' });
    const { items } = await api<{ items: { place: string | null }[] }>(page, 'cases?limit=1000');
    expect(items.length).toBeGreaterThan(5);
    expect(items.filter((each) => each.place && !each.place.startsWith('440311001'))).toEqual([]);
  });
});

/** Presses until who signs in is in: two who sign in by one account at the same moment are told to slow down. */
async function signsIn(page: Page, faults: Faults, press: RegExp, there: Locator): Promise<void> {
  await expect(async () => {
    const button = page.getByRole('button', { name: press });
    if (await button.isVisible()) await button.click();
    await expect(there).toBeVisible({ timeout: 5_000 });
  }).toPass();
  if (faults.list.some((fault) => fault.includes('429'))) faults.expectFault(/429/);
}

test.describe('nobody', () => {
  test.use({ account: '' });

  test('the sign-in page lists the demo accounts; one press enters, and the way out leads back', async ({ page }) => {
    await page.goto('/?layers=heat');
    await expect(page.getByText('演示数据').first()).toBeVisible();
    // One for each role, and one for the wall.
    await expect(page.getByRole('list').getByRole('button')).toHaveCount(ROLES.length + 1);
    await page.getByRole('button', { name: /区领导/ }).first().click();
    await settled(page);
    await expect(panel(page).getByRole('switch', { name: /案件热力/ })).toBeChecked();
    await page.locator('summary.account').click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
    expect((await page.request.get('/api/v1/cases')).status()).toBe(401);
  });

  test('a wall is shown to its own account alone: others may see more than who walks by', async ({ page, faults }) => {
    const asks: string[] = [];
    page.on('request', (request) => asks.push(new URL(request.url()).pathname));
    await page.goto('/wall');
    await page.getByLabel('设备账号').fill('leader');
    await page.getByLabel('密码').fill('fengtu-demo');
    await signsIn(page, faults, /登录大屏/, page.getByText('不是大屏账号'));
    await expect(page.getByRole('link', { name: '打开工作台' })).toHaveAttribute('href', '/');
    await audit(page, 'a wall for somebody else');
    expect(asks.filter((path) => /statistics|snapshot|events|warnings|heat/.test(path))).toEqual([]);
    await signsIn(page, faults, /区指挥中心/, page.locator('.wall-panel').first());
  });

  test('who signs in as a wall at the desk gets the wall, whatever page is asked for', async ({ page, faults }) => {
    const asks: string[] = [];
    page.on('response', (response) => asks.push(`${new URL(response.url()).pathname} ${response.status()}`));
    await page.goto('/board');
    await signsIn(page, faults, /大屏/, page.getByRole('heading', { name: '光明区 指挥大屏' }));
    await expect(page).toHaveURL(/\/wall$/);
    await page.goto('/?level=grid');
    await expect(page).toHaveURL(/\/wall$/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('光明区 指挥大屏');
    // A desk that begins to ask would be refused.
    expect(asks.filter((each) => /^\/api\/.* 40[03]$/.test(each))).toEqual([]);
  });

  test('signing in by keyboard, after a wrong password that is told in words and loses nothing', async ({ page, faults }) => {
    await page.goto('/');
    await reach(page, page.getByRole('textbox', { name: '用户名' }));
    await page.keyboard.type('leader');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await expect(page.getByText('用户名或密码不正确')).toBeVisible();
    await expect(page.getByRole('textbox', { name: '用户名' })).toHaveValue('leader');
    faults.expectFault(/401/);
    await reach(page, page.getByLabel('密码'));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('fengtu-demo');
    await page.keyboard.press('Enter');
    await settled(page);
    await press(page, page.locator('summary.account'));
    await press(page, page.getByRole('button', { name: '退出登录' }));
    await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
  });

  test('an empty form says what is missing', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await expect(page.getByText('请填写用户名')).toBeVisible();
    await expect(page.getByText('请填写密码')).toBeVisible();
  });
});

test('a leader who has the address of the backends is told that the page is not theirs', async ({ page }) => {
  await page.goto('/backends');
  await expect(page.getByRole('heading', { name: '后端与映射' })).toBeVisible();
  await expect(page.getByText('您的角色没有这一页。')).toBeVisible();
  await audit(page, 'no page of this role');
  await page.getByRole('link', { name: '回到地图' }).click();
  await settled(page);
});

test.describe('the system administrator', () => {
  test.use({ account: 'sysadmin' });

  test('finds who serves what in the menu, by keyboard', async ({ page }) => {
    await open(page, {});
    await press(page, page.locator('summary.account'));
    await press(page, page.getByRole('link', { name: '后端与映射' }));
    await expect(page.getByRole('heading', { name: '后端与映射' })).toBeVisible();
  });
});
