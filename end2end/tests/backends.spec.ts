// Any REST backend: foreign servers that nobody here wrote, through the proxy, by the configuration of the guides as written.
import { writeFile } from 'node:fs/promises';
import { expect, test as base } from '@playwright/test';
import { conform, foreignServers, signedIn, type Foreign } from '../fixtures/foreign.ts';
import { ARCGIS, beside, blocksOf, GEOSERVER, guide, GUIDES, jeecgboot, narrowedArcgis, SESSION, type Guide } from '../fixtures/guide.ts';

const MORE = ['prism-static', 'prism-dynamic', 'prism-official-static', 'prism-official-dynamic', 'georeport-wrapped', 'georeport-xml', 'arcgis', 'geoserver', 'jeecgboot'];

const test = base.extend<object, { foreign: Foreign }>({ foreign: [...foreignServers(MORE, GUIDES, 'as the guides say')] });

// One worker: the servers are started once.
test.describe.configure({ mode: 'default' });

const withoutComments = (text: string) => text.replaceAll(/\s*#.*$/gm, '');

test('the guides say the same in both languages, as far as a machine reads it', () => {
  for (const name of GUIDES) {
    const [zh, en] = (['zh', 'en'] as const).map((language) => blocksOf(name, language).map(({ kind, text }) => `${kind}\n${withoutComments(text)}`));
    expect(en, name).toEqual(zh);
  }
});

/** Checks a config.json as a guide says, with our server where it is, and signed in where the guide signs in. */
const asWritten = async (foreign: Foreign, name: Guide, more: string[] = []) => {
  const { check, config } = guide(name);
  const cookie = await signedIn(foreign.base, name);
  expect(check.some((word) => word.endsWith(SESSION)), `${name} sends what it signs in for`).toBe(cookie !== undefined);
  const args = check.map((word) => (word.startsWith('http://127.0.0.1') ? foreign.base : word.replace(SESSION, cookie ?? '')));
  return conform([...args, ...more], config);
};

/** The options by which the kit asks as the RuoYi guide does, signed in. */
const asStaff = async (foreign: Foreign) => ['--header', `Cookie:${await signedIn(foreign.base, 'backend-ruoyi')}`];

for (const name of GUIDES) {
  test(`as written: ${name}`, async ({ foreign }) => {
    test.skip(!foreign.has(name), 'the set-up has said what is not installed');
    const { code, said } = await asWritten(foreign, name);
    expect(code, said).toBe(0);
    expect(said).toMatch(/\d+ records are understood/);
  });
}

/** What the guides keep for staff: an address that reads raw records there, and a step that is taken with the rights of whoever asks. */
const STAFF = [
  ['db', 'postgrest', '/t_gd?limit=1', 'POST', '/rpc/shouli'],
  ['oa', 'ruoyi', '/case/list?pageNum=1&pageSize=1', 'PUT', '/case/1/accept'],
  ['jeecgboot', 'jeecgboot', '/zf/case/list?pageNo=1&pageSize=1', 'PUT', '/zf/case/edit'],
] as const;

test('whoever has not signed in reads no raw record and takes no step, and a wall does neither', async ({ foreign }) => {
  const wall = await fetch(`${foreign.base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fengtu': '1' },
    body: JSON.stringify({ name: 'wall', password: 'fengtu-demo' }),
  });
  expect(wall.status).toBe(201);
  const staff = (await signedIn(foreign.base, 'backend-ruoyi'))!;
  const asked = STAFF.filter(([, server]) => foreign.at(server));
  expect(asked.length).toBeGreaterThan(0);
  for (const [name, , list, method, step] of asked) {
    const status = async (path: string, cookie: string, method = 'GET') => {
      const headers = { 'content-type': 'application/json', 'x-fengtu': '1', cookie };
      return (await fetch(`${foreign.base}/proxy/${name}${path}`, { method, headers, body: method === 'GET' ? null : '{}' })).status;
    };
    expect(await status(list, staff), `${name}: staff read`).toBe(200);
    for (const [cookie, refused] of [['', 401], [wall.headers.get('set-cookie')!.split(';')[0]!, 403]] as const) {
      expect(await status(list, cookie), `${name}: ${list}`).toBe(refused);
      expect(await status(step, cookie, method), `${name}: ${method} ${step}`).toBe(refused);
    }
  }
});

for (const shape of ['clean', 'wrapped', 'xml']) {
  test(`GeoReport, ${shape}: services, questions, a report made and followed`, async ({ foreign }) => {
    const { code, said } = await conform(['--base', foreign.at(`georeport-${shape}`), '--dialect', 'georeport', '--write']);
    expect(code, said).toBe(0);
    for (const check of ['services.questions', 'report.create', 'report.track', 'paging.pages', 'one.unknown']) expect(said).toContain(check);
    expect(said.includes('[standard.discovery]'), 'said where there is one').toBe(shape === 'clean');
  });
}

test('GeoReport: a key that is wrong is told in the server’s words', async ({ foreign }) => {
  const { code, said } = await conform(['--base', foreign.at('georeport-clean'), '--dialect', 'georeport', '--write', '--header', 'X-Api-Key: wrong']);
  expect(code, said).toBe(1);
  expect(said).toContain('api_key was wrong');
});

for (const [name, config] of [['arcgis', ARCGIS], ['geoserver', GEOSERVER]] as const) {
  test(`${name} by the ready-made mapping and the proxy’s paths of the guide: pages, boxes, one`, async ({ foreign }, info) => {
    const file = info.outputPath('config.json');
    await writeFile(file, config);
    const { code, said } = await conform(['--config', file, '--origin', foreign.base]);
    expect(code, said).toBe(0);
    const { grids, stations, cases } = foreign.district;
    for (const all of [grids, stations, cases]) expect(said, 'pages are read to the end').toContain(`${Math.min(all.length, 200)} records are understood`);
    for (const check of ['/stations?bbox=…  [filter.bbox]', '/cases  [paging.pages]', '/cases/{number}  [one]']) expect(said).toContain(`✓ GET ${check}`);
  });
}

test('ArcGIS with the filters of the guide: it narrows periods and kinds itself, and what it was not told is sifted here', async ({ foreign }, info) => {
  const file = info.outputPath('config.json');
  await writeFile(file, narrowedArcgis());
  const { code, said } = await conform(['--config', file, '--origin', foreign.base]);
  expect(code, said).toBe(0);
  for (const [name, by] of [['from', 'by the server'], ['category', 'by the server'], ['state', 'here']] as const) {
    expect(said).toMatch(new RegExp(`✓ GET /cases\\?${name}=…  \\[filter\\]\\n +\\d+ cases, filtered ${by}\\n`));
  }
});

test('what ArcGIS says inside a 200 is told as its words', async ({ foreign }, info) => {
  const file = info.outputPath('config.json');
  await writeFile(file, beside('arcgis', '/proxy/arcgis', { resources: { cases: { list: '/2/query?where=nobody=' } } }));
  const { code, said } = await conform(['--config', file, '--origin', foreign.base]);
  expect(code, said).toBe(1);
  expect(said).toContain('Cannot perform query. Invalid query parameters.');
});

/** What a city writes where its server is as the community's own Swagger file (servers/open311) has it. */
const OFFICIAL = {
  cases: { list: '/requests.json?jurisdiction_id=city', one: '/request/{id}.json?jurisdiction_id=city' },
  services: { list: '/services.json?jurisdiction_id=city', one: '/services/{id}.json?jurisdiction_id=city' },
  reports: {
    list: '/requests.json?jurisdiction_id=city',
    one: '/request/{id}.json?jurisdiction_id=city',
    ids: '/tokens/{token}.json?jurisdiction_id=city',
    create: { to: 'POST /requests.json?jurisdiction_id=city&api_key=key' },
  },
};

const TIMES = 1_000;

for (const [kind, resources] of [['static', {}], ['dynamic', {}], ['official-static', OFFICIAL], ['official-dynamic', OFFICIAL]] as const) {
  test(`Prism, ${kind}: ${TIMES} answers a call, none misread, none blank`, async ({ foreign }) => {
    const base = foreign.at(`prism-${kind}`);
    test.skip(!base, 'the set-up has said what is not installed');
    test.setTimeout(240_000);
    const config = { backends: { default: { dialect: 'georeport', base, mapping: { resources } } } };
    const { code, said } = await conform(['--config', 'config.json', '--repeat', String(TIMES), '--write'], JSON.stringify(config));
    expect(code, said).toBe(0);
    // Cases, one of them, services, the questions of one, a report, a token, a new report.
    const calls = [...said.matchAll(/(\d+) answers: (?:of (\d+) records (\d+) understood|(\d+) of another by construction, told as errors as they must be, (\d+) of the one asked for).* none misread/g)];
    expect(calls, said).toHaveLength(7);
    for (const [line, answers, came, read, others, own] of calls) {
      expect(Number(answers), line).toBeGreaterThanOrEqual(TIMES);
      // A case and a report that are asked for by a number which no random answer has are errors, and so are most that a token leads to.
      // A static answer may happen to be the one asked for; of a thousand random ones nearly none is.
      expect(came ? Number(read) : kind.endsWith('dynamic') ? Number(others) : Number(others) + Number(own), line).toBeGreaterThan(0);
      if (came) expect(Number(read), line).toBeGreaterThan(Number(came) / 2);
    }
    expect(calls.filter(([, , came]) => came === undefined), said).toHaveLength(3);
  });
}

/** The family's two servers: what the guide says of each, and what it says to a wrong password. */
const FAMILY = [
  ['ruoyi', () => JSON.parse(guide('backend-ruoyi').config), { to: 'POST /login', at: '/token' }, '用户不存在/密码错误'],
  // Where it signs in, and what it carries its token in, is the ready-made mapping's.
  ['jeecgboot', jeecgboot, {}, '用户名或密码错误'],
] as const;

/** Has the page itself sign in, at the server's own address. */
function ofThePage(foreign: Foreign, [name, config, token]: (typeof FAMILY)[number], password: string) {
  const told = config();
  told.backends.oa.base = foreign.at(name);
  told.backends.oa.mapping.token = { ...token, body: { username: 'fengtu', password } };
  return told;
}

async function check(foreign: Foreign, config: object, file: string, more: string[] = []) {
  await writeFile(file, JSON.stringify(config));
  return conform(['--config', file, '--origin', foreign.base, ...more]);
}

for (const member of FAMILY) {
  const [name, , , refusal] = member;

  test(`${name} by a token of the page: signed in again when it ends in the middle of paging`, async ({ foreign }, info) => {
    const before = await signIns(foreign, name);
    const { code, said } = await check(foreign, ofThePage(foreign, member, 'fengtu-123'), info.outputPath('config.json'));
    expect(code, said).toBe(0);
    for (const works of ['paging.pages', '/cases/{number}  [one]']) expect(said).toContain(works);
    // A token is good for three questions there.
    expect(await signIns(foreign, name)).toBeGreaterThan(before + 2);
  });

  test(`${name}: a wrong account is told as what the server says of it`, async ({ foreign }, info) => {
    const { code, said } = await check(foreign, ofThePage(foreign, member, 'wrong'), info.outputPath('config.json'));
    expect(code, said).toBe(1);
    expect(said).toContain(refusal);
  });
}

const signIns = async (foreign: Foreign, name: string) => ((await (await fetch(`${foreign.at(name)}/signins`)).json()) as { signIns: number }).signIns;

test('JeecgBoot behind the proxy, by the guide’s paths and log-in: pages, a filter, one, a step and its refusal', async ({ foreign }, info) => {
  const waiting = foreign.district.cases.find((one) => one.state === 'reported')!.number;
  const file = info.outputPath('config.json');
  const act = [...(await asStaff(foreign)), '--act', `accept:${waiting}`];
  const first = await check(foreign, jeecgboot(), file, act);
  expect(first.code, first.said).toBe(0);
  expect(first.said).toContain(`${Math.min(foreign.district.cases.length, 200)} records are understood`);
  expect(first.said).toContain('Some("reported") → Some("accepted")');
  const second = await check(foreign, jeecgboot(), file, act);
  expect(second.code, second.said).toBe(1);
  expect(second.said).toContain('已受理');
});

test('what JeecgBoot says inside a 200 is told as its words', async ({ foreign }, info) => {
  const config = jeecgboot();
  config.backends.oa.mapping.resources.cases.list = '/zf/case/list?status=9';
  const { code, said } = await check(foreign, config, info.outputPath('config.json'), await asStaff(foreign));
  expect(code, said).toBe(1);
  expect(said).toContain('没有权限，请联系管理员分配权限');
});

for (const name of ['backend-postgrest', 'backend-ruoyi'] as const) {
  test(`a step of the loop is a call there: ${name}`, async ({ foreign }) => {
    test.skip(!foreign.has(name), 'the set-up has said what is not installed');
    const waiting = foreign.district.cases.find((one) => one.state === 'reported')!.number;
    const first = await asWritten(foreign, name, ['--act', `accept:${waiting}`]);
    expect(first.code, first.said).toBe(0);
    expect(first.said).toContain('Some("reported") → Some("accepted")');
    // The second time it is refused there, and told in that server's words.
    const second = await asWritten(foreign, name, ['--act', `accept:${waiting}`]);
    expect(second.code, second.said).toBe(1);
    expect(second.said).toMatch(/不在待受理状态|已受理/);
  });
}

test('json-server: a report is made and followed, and a case accepted, by the guide alone', async ({ foreign }) => {
  const waiting = foreign.district.cases.find((one) => one.state === 'reported')!.number;
  const { code, said } = await asWritten(foreign, 'backend-json', ['--write', '--act', `accept:${waiting}`]);
  expect(code, said).toBe(0);
  for (const check of ['report.create', 'report.track']) expect(said).toMatch(new RegExp(`✓ .*${check}`));
  expect(said).toContain('Some("reported") → Some("accepted")');
  const row = await (await fetch(`${foreign.at('json-server')}/gongdan?_sort=id&描述_like=fengtu-conform`)).json();
  // As that server would have written it itself: its words, its datum, its local time.
  expect(row).toHaveLength(1);
  expect(row[0]).toMatchObject({ 状态: '待受理', 上报时间: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/), 地址: '测试 1 号' });
  expect(Number(row[0].经度)).toBeGreaterThan(113.952);
});

test('a mapping with slips is refused at each of them, and nothing is asked', async ({ foreign }, info) => {
  const file = info.outputPath('config.json');
  const config = JSON.parse(guide('backend-json').config);
  const backend = Object.values(config.backends as Record<string, { mapping?: any }>).find((one) => one.mapping)!;
  delete backend.mapping.datum;
  backend.mapping.resources.cases.fields.state.table['待受理'] = 'waiting';
  await writeFile(file, JSON.stringify(config));
  const { code, said } = await conform(['--config', file, '--origin', foreign.base]);
  expect(code, said).toBe(1);
  expect(said).toContain('/mapping/resources/cases/fields/at');
  expect(said).toContain('"waiting" is no state');
});

test('one that is down is named; the one beside it is read', async ({ foreign }) => {
  test.skip(!foreign.has('backend-ogc'), 'the set-up has said what is not installed');
  await foreign.down('mapserver');
  const { code, said } = await asWritten(foreign, 'backend-ogc');
  expect(code, said).toBe(1);
  expect(said).toMatch(/✗ GET \/stations[\s\S]*502/);
  expect(said).toMatch(/✓ GET \/grids/);
});
