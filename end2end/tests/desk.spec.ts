// The desk: a demo account signs in, the map comes alive, and what the map shows stands in the list and in the drawer too.
import type { Page } from '@playwright/test';
import { audit, expect, test } from '../fixtures/test.ts';

async function signIn(page: Page, account: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: account }).first().click();
  await expect(page.locator('.leaflet-container canvas').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('实时', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
}

test('the sign-in page lists the demo accounts and is accessible', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: '区领导' }).first()).toBeVisible();
  await expect(page.getByText('演示数据').first()).toBeVisible();
  await audit(page);
});

test('a wrong password is told in words and loses nothing', async ({ page, faults }) => {
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill('leader');
  await page.locator('input[type=password]').fill('wrong');
  await page.locator('input[type=password]').press('Enter');
  await expect(page.getByText('用户名或密码不正确').first()).toBeVisible();
  await expect(page.locator('input[autocomplete=username]')).toHaveValue('leader');
  faults.expectFault(/401/);
});

test.describe('the map', () => {
  test.beforeEach(({ viewport }) => {
    test.skip((viewport?.width ?? 0) < 1000, 'the panels beside the map need a wide window');
  });

  test('a leader sees warnings, stations and the list that equals the layer', async ({ page }) => {
    await signIn(page, '区领导');
    await expect(page.getByText('风险预警').first()).toBeVisible();
    await page.getByRole('button', { name: '打开列表' }).click();
    await expect(page.getByRole('row').nth(5)).toBeVisible({ timeout: 20_000 });
  });

  test('a search for a community opens its drawer, and the address carries it', async ({ page }) => {
    await signIn(page, '区领导');
    const search = page.getByRole('combobox').first();
    await search.fill('光明社区');
    await page.getByRole('option').first().click();
    await expect(page).toHaveURL(/440311001001/);
    const address = page.url();
    await page.goto(address);
    await expect(page.getByRole('heading', { name: /光明社区/ }).first()).toBeVisible({ timeout: 30_000 });
  });

  test('English is one switch in the address away', async ({ page }) => {
    await signIn(page, '区领导');
    await page.goto('/?lang=en');
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  });
});
