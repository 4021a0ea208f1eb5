// A RuoYi-shaped server: `{code, msg, rows, total}`, a token by log-in that ends after some questions, errors inside a 200.
import { accept, Door, matching, row } from './lib/oa.mjs';
import { json, serve } from './lib/process.mjs';

/** Starts it. Its state tells how often somebody signed in. */
export async function ruoyi({ district, port, password = 'fengtu-123' }) {
  const world = { rows: district.cases.map((found, index) => ({ caseId: index + 1, ...row(found) })), door: new Door(password) };
  const server = await serve(port, (asked, response) => answer(world, asked, response));
  return { ...server, world };
}

function answer({ rows, door }, asked, response) {
  const say = (code, msg, more = {}) => json(response, 200, { code, msg, ...more });
  if (asked.path === '/signins') return json(response, 200, { signIns: door.signIns });
  if (asked.path === '/login') {
    const token = door.signIn(asked);
    return token ? say(200, '操作成功', { token }) : say(500, '用户不存在/密码错误');
  }
  if (!door.lets(/^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1])) return say(401, `请求访问:${asked.path},认证失败,无法访问系统资源`);
  const one = /^\/case\/([^/]+)(\/accept)?$/.exec(asked.path);
  if (asked.path === '/case/list') return list(rows, asked.query, say);
  const found = one && rows.find((each) => each.caseNo === one[1]);
  if (!found) return say(500, '案件不存在');
  if (asked.method !== 'PUT' || !one[2]) return say(200, '操作成功', { data: found });
  const why = accept(found);
  return why ? say(500, why) : say(200, '操作成功');
}

function list(rows, query, say) {
  const size = Math.min(Number(query.get('pageSize') ?? 10), 50);
  const page = Number(query.get('pageNum') ?? 1);
  const status = query.get('status');
  if (status === 'boom') return say(500, '### Error querying database. Cause: java.sql.SQLSyntaxErrorException');
  const all = matching(rows, { status, begin: query.get('params[beginTime]'), end: query.get('params[endTime]') });
  // PageHelper's "reasonable": beyond the last page the last page comes again.
  const last = Math.max(1, Math.ceil(all.length / size));
  const at = Math.min(page, last);
  return say(200, '查询成功', { rows: all.slice((at - 1) * size, at * size), total: all.length });
}
