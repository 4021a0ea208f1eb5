// A JeecgBoot-shaped server: `{success, message, code, result, timestamp}`, pages of MyBatis-Plus, a token in a header of its own,
// a log-in of apps that needs no picture of letters, errors inside a 200, and a token's end as a 401.
import { accept, Door, matching, row } from './lib/oa.mjs';
import { json, serve } from './lib/process.mjs';

const TABLE = '/zf/case';

/** Starts it. Its state tells how often somebody signed in. */
export async function jeecgboot({ district, port, password = 'fengtu-123' }) {
  const world = { rows: district.cases.map((found) => ({ id: found.number, ...row(found), createBy: 'admin', sysOrgCode: 'A01' })), door: new Door(password), ends: 0 };
  const server = await serve(port, (asked, response) => answer(world, asked, response));
  return { ...server, world };
}

function answer(world, asked, response) {
  const tell = (status, success, code, message, result) => json(response, status, { success, message, code, result, timestamp: Date.now() });
  const give = (result, message = '') => tell(200, true, 200, message, result);
  const refuse = (message, code = 500) => tell(200, false, code, message, null);
  if (asked.path === '/signins') return json(response, 200, { signIns: world.door.signIns });
  if (asked.path === '/sys/login') return refuse('验证码无效', 412);
  if (asked.path === '/sys/mLogin') {
    const token = world.door.signIn(asked);
    return token ? give({ token, userInfo: { username: 'fengtu', realname: '枫图' }, departs: [] }, '登录成功') : refuse('用户名或密码错误');
  }
  // Told by the status; where a gateway stands before it, by the code inside a 200 alone: here by turns.
  if (!world.door.lets(asked.headers['x-access-token'])) return tell((world.ends += 1) % 2 ? 401 : 200, false, 401, 'Token失效，请重新登录!', null);
  return ofTable(world.rows, asked, give, refuse);
}

function ofTable(rows, { method, path, query, body }, give, refuse) {
  const by = (id) => rows.find((each) => each.id === id);
  if (path === `${TABLE}/list`) return list(rows, query, give, refuse);
  if (path === `${TABLE}/queryById`) return by(query.get('id')) ? give(by(query.get('id'))) : refuse('未找到对应数据');
  if (path !== `${TABLE}/edit` || method !== 'PUT') return refuse('路径不存在，请检查路径是否正确', 404);
  const wanted = JSON.parse(body.toString());
  const found = by(wanted.id);
  const why = found && wanted.status === '1' ? accept(found) : '未找到对应数据';
  return why ? refuse(why) : give('编辑成功!', '编辑成功!');
}

function list(rows, query, give, refuse) {
  const [size, current] = [Number(query.get('pageSize') ?? 10), Number(query.get('pageNo') ?? 1)];
  if (query.get('status') === '9') return refuse('没有权限，请联系管理员分配权限！', 510);
  const all = matching(rows, { status: query.get('status'), begin: query.get('createTime_begin'), end: query.get('createTime_end') });
  // Its total counts all, and its most is its own.
  const most = Math.min(size, 50);
  const records = all.slice((current - 1) * most, current * most);
  return give({ records, total: all.length, size: most, current, orders: [], optimizeCountSql: true, searchCount: true, pages: Math.ceil(all.length / most) });
}
