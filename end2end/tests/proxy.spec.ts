// The proxy before servers that nobody here wrote, by the settings of the guides.
import { expect, test as base } from '@playwright/test';
import { foreignServers, type Foreign } from '../fixtures/foreign.ts';

const test = base.extend<object, { foreign: Foreign }>({ foreign: [...foreignServers([])] });

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });

const ours = { 'x-fengtu': '1' };

test('what comes through is what the server says, status and all', async ({ foreign }) => {
  const through = [
    ['gis', 'pygeoapi', '/collections/cases/items?f=json&limit=3&offset=2'],
    ['gis', 'pygeoapi', '/collections/nope/items?f=json'],
    ['mapserver', 'mapserver', '/ogcapi/collections/stations/items?f=json&limit=5'],
    ['wfs', 'mapserver', '/wfs?service=WFS&version=2.0.0&request=GetFeature&outputFormat=application/json&typeNames=grids&count=2'],
    ['gongdan', 'json-server', '/gongdan?_page=2&_limit=5&_sort=%E4%B8%8A%E6%8A%A5%E6%97%B6%E9%97%B4&_order=desc'],
    ['db', 'postgrest', '/t_gd?select=*,bm:t_bm(mc)&order=sbsj.desc,gd_bh&limit=4'],
    ['hotline', 'georeport-clean', '/requests.json?status=open'],
    ['hotline', 'georeport-clean', '/requests/none.json'],
  ] as const;
  for (const [name, server, path] of through.filter(([, server]) => foreign.at(server))) {
    const [direct, proxied] = await Promise.all([fetch(`${foreign.at(server)}${path}`), fetch(`${foreign.base}/proxy/${name}${path}`)]);
    expect(proxied.status, path).toBe(direct.status);
    const [theirs, same] = (await Promise.all([direct.text(), proxied.text()])).map((text) => text.replace(/"timeStamp":"[^"]*"/, ''));
    expect(same, path).toBe(theirs);
    for (const header of ['content-range', 'x-total-count']) expect(proxied.headers.get(header), `${path} ${header}`).toBe(direct.headers.get(header));
    expect(proxied.headers.get('content-security-policy')).toContain('sandbox');
  }
});

test('addresses in headers lead to us', async ({ foreign }) => {
  test.skip(!foreign.at('json-server'), 'the set-up has said what is not installed');
  const answer = await fetch(`${foreign.base}/proxy/gongdan/gongdan?_page=1&_limit=2`);
  expect(answer.headers.get('link')).toContain('rel="next"');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('x-powered-by')).toBeNull();
});

test('RuoYi: the server signs in, and again when the token ends in the middle of paging; the page knows of nothing', async ({ foreign }) => {
  const numbers = new Set<string>();
  for (let page = 1; page <= 9; page += 1) {
    const answer = (await (await fetch(`${foreign.base}/proxy/oa/case/list?pageNum=${page}&pageSize=10`)).json()) as { code: number; rows: { caseNo: string }[] };
    expect(answer.code, `page ${page}`).toBe(200);
    for (const row of answer.rows) numbers.add(row.caseNo);
  }
  expect(numbers.size).toBe(90);
  const { signIns } = (await (await fetch(`${foreign.at('ruoyi')}/signins`)).json()) as { signIns: number };
  expect(signIns).toBeGreaterThanOrEqual(3);
  // The way in is not on the list of what pages may do.
  expect((await fetch(`${foreign.base}/proxy/oa/login`, { method: 'POST', headers: ours, body: '{}' })).status).toBe(404);
});

test('what the guides do not list does not go through: commands in parameters, other methods, other schemas', async ({ foreign }) => {
  const refused = [
    ['wfs', 'mapserver', '/wfs?service=WFS&version=2.0.0&request=GetCapabilities', '?request'],
    ['wfs', 'mapserver', '/wfs?SERVICE=WFS&REQUEST=Transaction', '?SERVICE'],
    ['db', 'postgrest', '/t_gd?select=gd_bh', '?select'],
    ['db', 'postgrest', '/t_gd?or=(gd_bh.eq.1,zt.eq.0)', '?or'],
    ['gis', 'pygeoapi', '/collections/cases/items?filter=1%3D1', '?filter'],
    ['oa', 'ruoyi', '/case/list?params%5BdataScope%5D=or%201%3D1', '?params[dataScope]'],
    ['gongdan', 'json-server', '/gongdan?_sort=%E7%94%B5%E8%AF%9D', '?_sort'],
  ] as const;
  for (const [name, server, path, parameter] of refused.filter(([, server]) => foreign.at(server))) {
    const answer = await fetch(`${foreign.base}/proxy/${name}${path}`);
    expect(answer.status, path).toBe(403);
    const { type, errors } = (await answer.json()) as { type: string; errors: { pointer: string }[] };
    expect([type, errors[0]!.pointer], path).toEqual(['/problems/unknown-parameter', parameter]);
  }
  const insert = { method: 'POST', headers: { ...ours, 'content-type': 'application/json' }, body: '{}' };
  for (const path of ['/proxy/db/t_gd', '/proxy/gis/collections/cases/items']) expect((await fetch(`${foreign.base}${path}`, insert)).status, path).toBe(405);
  if (!foreign.at('postgrest')) return;
  const profile = { 'accept-profile': 'no_such_schema' };
  expect((await fetch(`${foreign.base}/proxy/db/t_wg?limit=1`, { headers: profile })).status).toBe(200);
});

test('a report goes through from our own page alone', async ({ foreign }) => {
  const body = new URLSearchParams({ service_code: '003', lat: '22.75', long: '113.95', description: '路灯不亮' });
  const report = (headers: Record<string, string>) => fetch(`${foreign.base}/proxy/hotline/requests.json`, { method: 'POST', headers, body });
  expect((await report({})).status).toBe(403);
  const made = (await (await report(ours)).json()) as { service_request_id: string }[];
  const [found] = (await (await fetch(`${foreign.base}/proxy/hotline/requests/${made[0]!.service_request_id}.json`)).json()) as { description: string }[];
  expect(found!.description).toBe('路灯不亮');
});

test('one that is down is a problem of its own; the others answer', async ({ foreign }) => {
  await foreign.down('georeport-clean');
  const answer = await fetch(`${foreign.base}/proxy/hotline/services.json`);
  expect(answer.status).toBe(502);
  expect(((await answer.json()) as { type: string }).type).toBe('/problems/upstream-down');
  expect((await fetch(`${foreign.base}/proxy/oa/case/list`)).status).toBe(200);
});
