// A RuoYi-shaped server: `{code, msg, rows, total}`, a token by log-in that ends after some questions, errors inside a 200.
import { json, serve } from './lib/process.mjs';
import { local } from './lib/time.mjs';

const STATUS = { reported: '0', accepted: '1', handling: '2', resolved: '3', confirmed: '4', rated: '4', archived: '5' };
/** Questions that one token is good for: it ends in the middle of paging. */
const USES = 3;

/** Starts it. Its state tells how often somebody signed in. */
export async function ruoyi({ district, port, password = 'fengtu-123' }) {
  const world = { rows: district.cases.map(row), token: '', left: 0, signIns: 0, password };
  const server = await serve(port, (asked, response) => answer(world, asked, response));
  return { ...server, world };
}

function row(found, index) {
  return {
    caseId: index + 1, caseNo: found.number, subject: found.title, caseType: found.category === 'mediation.wages' ? '1' : '9',
    status: STATUS[found.state] ?? '2', createTime: local(found.reported_at), longitude: String(found.at[0]), latitude: String(found.at[1]),
    addr: found.address, peopleNum: found.people, involveAmount: found.amount_fen / 100, deptName: found.holder?.office ?? null,
  };
}

function answer(world, asked, response) {
  const say = (code, msg, more = {}) => json(response, 200, { code, msg, ...more });
  if (asked.path === '/signins') return json(response, 200, { signIns: world.signIns });
  if (asked.path === '/login') return signIn(world, asked, say);
  if (asked.headers.authorization !== `Bearer ${world.token}` || world.left <= 0) return say(401, `请求访问:${asked.path},认证失败,无法访问系统资源`);
  world.left -= 1;
  const one = /^\/case\/([^/]+)(\/accept)?$/.exec(asked.path);
  if (asked.path === '/case/list') return list(world, asked, say);
  const found = one && world.rows.find((each) => each.caseNo === one[1]);
  if (!found) return say(500, '案件不存在');
  if (asked.method === 'PUT' && one[2]) return accept(found, say);
  return say(200, '操作成功', { data: found });
}

function signIn(world, asked, say) {
  const given = JSON.parse(asked.body.toString() || '{}');
  if (given.password !== world.password) return say(500, '用户不存在/密码错误');
  world.signIns += 1;
  [world.token, world.left] = [`eyJ.${world.signIns}`, USES];
  return say(200, '操作成功', { token: world.token });
}

function list(world, asked, say) {
  const size = Math.min(Number(asked.query.get('pageSize') ?? 10), 50);
  const page = Number(asked.query.get('pageNum') ?? 1);
  const [begin, end] = [asked.query.get('params[beginTime]'), asked.query.get('params[endTime]')];
  if (asked.query.get('status') === 'boom') return say(500, '### Error querying database. Cause: java.sql.SQLSyntaxErrorException');
  const status = asked.query.get('status');
  const all = world.rows.filter((each) => (!status || each.status === status) && (!begin || each.createTime >= begin) && (!end || each.createTime <= end));
  // PageHelper's "reasonable": beyond the last page the last page comes again.
  const last = Math.max(1, Math.ceil(all.length / size));
  const at = Math.min(page, last);
  return say(200, '查询成功', { rows: all.slice((at - 1) * size, at * size), total: all.length });
}

function accept(found, say) {
  if (found.status !== '0') return say(500, '该案件已受理,不能重复受理');
  found.status = '1';
  return say(200, '操作成功');
}
