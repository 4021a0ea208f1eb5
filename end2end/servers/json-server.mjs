// json-server with a 12345 hotline's export in Chinese: GCJ-02, local time without offset, money in yuan.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toGcj02 } from './lib/gcj02.mjs';
import { start } from './lib/process.mjs';
import { local } from './lib/time.mjs';

export const STATES = { reported: '待受理', accepted: '已受理', handling: '办理中', ordered: '已发令', mediating: '调解中', referred: '已转介', resolved: '已办结', confirmed: '已确认', rated: '已评价', archived: '已归档', transferred: '已转办', escalated: '已提级', reopened: '已重办', returned: '已退回', withdrawn: '已撤回' };
const KINDS = { 'mediation.wages': '欠薪', 'mediation.property': '物业', 'mediation.neighbours': '邻里', 'mediation.family': '家庭' };

/** Starts it over one file of rows. */
export async function jsonServer({ district, folder, port, packages }) {
  const file = join(folder, 'hotline.json');
  await writeFile(file, JSON.stringify({ gongdan: district.cases.map(row), zhandian: district.stations.map(station) }));
  const base = `http://127.0.0.1:${port}`;
  const program = join(packages, 'node_modules/json-server/lib/cli/bin.js');
  const { stop } = await start(process.execPath, [program, '--quiet', '--host', '127.0.0.1', '--port', String(port), file], { cwd: folder, until: `${base}/gongdan?_limit=1` });
  return { base, stop };
}

function row(found) {
  const [lng, lat] = toGcj02(found.at);
  return {
    id: found.number,
    工单号: found.number,
    标题: found.title,
    类别: KINDS[found.category] ?? '其他',
    状态: STATES[found.state],
    上报时间: local(found.reported_at),
    涉及金额: (found.amount_fen / 100).toFixed(2),
    人数: String(found.people),
    地址: found.address,
    经度: lng.toFixed(6),
    纬度: lat.toFixed(6),
  };
}

function station(found) {
  const [lng, lat] = toGcj02(found.geometry.coordinates);
  const { id, name, level, address, telephone } = found.properties;
  return { id, 编号: id, 名称: name, 级别: { district: '区级', street: '街道级', community: '社区级' }[level], 地址: address, 电话: telephone ?? '', 坐标: `${lng.toFixed(6)},${lat.toFixed(6)}` };
}
