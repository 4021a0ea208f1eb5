// GeoReport v2 in three shapes that are in the field: as the standard has it, wrapped with errors as objects, and XML alone.
// Written from the public standard (Open311 GeoReport v2).
import { json, serve } from './lib/process.mjs';

const SERVICES = [
  { service_code: '001', service_name: '占道经营', description: '流动摊贩、占道堆放', metadata: true, type: 'realtime', keywords: '城管,占道', group: '城市管理' },
  { service_code: '002', service_name: '噪声扰民', description: '施工、娱乐、邻里噪声', metadata: false, type: 'batch', keywords: '噪声', group: '环境' },
  { service_code: '003', service_name: '路灯不亮', description: '路灯、照明', metadata: false, type: 'realtime', keywords: '照明', group: '市政' },
  { service_code: '004', service_name: '树木问题', description: '倒伏、断枝、遮挡', metadata: true, type: 'realtime', keywords: '园林', group: '园林绿化' },
];

/** What was reported before: whoever looks at old cases knows these kinds, and nobody has reported a tree yet. */
const REPORTED = SERVICES.slice(0, 3);

const TREES = { banyan: '榕树', camphor: '樟树', bauhinia: '紫荆', flame: '凤凰木', kapok: '木棉', mango: '芒果树', palm: '棕榈', other: '其他' };

/** The first asks little; the other has the rest of the standard's types, one of them a longer list than is drawn as buttons. */
const QUESTIONS = {
  '001': [
    { variable: true, code: 'KIND', datatype: 'singlevaluelist', required: true, datatype_description: '选一项', order: 2, description: '占道的是什么?', values: [{ key: 'stall', name: '摊贩' }, { key: 'goods', name: '货物' }] },
    { variable: true, code: 'SINCE', datatype: 'datetime', required: false, datatype_description: '', order: 3, description: '从什么时候开始?' },
    { variable: false, code: 'NOTE', datatype: 'text', required: false, datatype_description: '', order: 1, description: '紧急情况请拨打 110' },
  ],
  '004': [
    { variable: true, code: 'TREE', datatype: 'singlevaluelist', required: true, datatype_description: '', order: 3, description: '是什么树？', values: Object.entries(TREES).map(([key, name]) => ({ key, name })) },
    { variable: true, code: 'HARM', datatype: 'multivaluelist', required: true, datatype_description: '可选多项', order: 1, description: '妨碍了什么？', values: [{ key: 'walk', name: '人行道' }, { key: 'lane', name: '车行道' }, { key: 'wire', name: '电线' }] },
    { variable: true, code: 'COUNT', datatype: 'number', required: true, datatype_description: '棵数', order: 2, description: '有几棵？' },
    { variable: true, code: 'NEAR', datatype: 'text', required: true, datatype_description: '', order: 4, description: '靠近什么？' },
    { variable: true, code: 'LABEL', datatype: 'string', required: false, datatype_description: '挂在树干上', order: 5, description: '编号牌' },
  ],
};

const STATUSES = { reported: 'open', accepted: 'investigating', handling: 'in_progress', mediating: 'in_progress', resolved: 'fixed', confirmed: 'closed', rated: 'closed', archived: 'closed' };

/** Starts one: `clean`, `wrapped` or `xml`. */
export async function georeport({ district, shape, port }) {
  const world = { requests: district.cases.map((found, index) => request(found, index, shape)), tokens: new Map(), asked: new Set(), received: new Map(), shape };
  return serve(port, (asked, response) => answer(world, asked, response));
}

/** Which endpoints there are, as the standard's service discovery has it. */
function discovery(asked, response) {
  const endpoint = { specification: 'http://wiki.open311.org/GeoReport_v2', url: `http://${asked.headers.host}`, changeset: '2026-03-01 09:00', type: 'production', formats: ['text/xml', 'application/json'] };
  return json(response, 200, { changeset: '2026-03-01 09:00', contact: '区政务服务中心', key_service: '向区政务服务中心申请', endpoints: [endpoint] });
}

function request(found, index, shape) {
  const service = REPORTED[index % REPORTED.length];
  return {
    service_request_id: shape === 'wrapped' ? 700000 + index : found.number,
    status: shape === 'wrapped' ? (STATUSES[found.state] ?? 'open') : ['open', 'investigating', 'in_progress'].includes(STATUSES[found.state] ?? 'open') ? 'open' : 'closed',
    service_name: service.service_name,
    service_code: service.service_code,
    description: found.title,
    agency_responsible: shape === 'wrapped' ? { recipient: [found.holder?.office ?? '区城管局'] } : (found.holder?.office ?? '区城管局'),
    requested_datetime: found.reported_at,
    updated_datetime: found.resolved_at ?? found.reported_at,
    address: found.address,
    lat: shape === 'wrapped' ? String(found.at[1]) : found.at[1],
    long: shape === 'wrapped' ? String(found.at[0]) : found.at[0],
    // Now and then a picture, and once one that leads nowhere good.
    media_url: index === 0 ? 'https://media.example.org/2026/占道.jpg' : index === 1 ? 'javascript:alert(1)' : '',
  };
}

function answer(world, asked, response) {
  // A form as it came, for whoever tests: no server shows it, and no path of the guides leads here.
  const form = world.received.get(/^\/received\/(\w+)$/.exec(asked.path)?.[1]);
  if (form) return json(response, 200, form);
  const found = /^\/(.+)\.(json|xml)$/.exec(asked.path);
  if (!found) return refuse(world, response, 404, 'Not found');
  const [, path, format] = found;
  if (path === 'discovery' && world.shape === 'clean') return discovery(asked, response);
  if (world.shape === 'xml' && format !== 'xml') return html(response, 404);
  const [resource, id] = path.split('/');
  if (asked.method === 'POST' && path === 'requests') return create(world, asked, response);
  if (path === 'services') return list(world, response, 'services', 'service', SERVICES.map((one) => (world.shape === 'wrapped' ? { ...one, metadata: String(one.metadata) } : one)));
  if (resource === 'services' && QUESTIONS[id]) return definition(world, response, id);
  if (resource === 'tokens' && world.tokens.has(id)) return list(world, response, 'service_requests', 'request', [token(world, id)]);
  if (path === 'requests') return requests(world, asked, response);
  const one = world.requests.find((each) => String(each.service_request_id) === id);
  return resource === 'requests' && one ? list(world, response, 'service_requests', 'request', [one]) : refuse(world, response, 404, `${resource} not found`);
}

function requests(world, asked, response) {
  const instant = (name) => (asked.query.get(name) ? Date.parse(asked.query.get(name)) : undefined);
  const [from, to] = [instant('start_date'), instant('end_date')];
  if (Number.isNaN(from) || Number.isNaN(to)) return refuse(world, response, 400, 'start_date is not a date');
  // As the standard says: at most 90 days, the last 90 where nothing is said.
  const until = to ?? Date.now();
  const since = Math.max(from ?? until - 90 * 86_400_000, until - 90 * 86_400_000);
  const codes = asked.query.get('service_code')?.split(',');
  const all = world.requests.filter((one) => {
    const at = Date.parse(one.requested_datetime);
    return since <= at && at <= until && (!codes || codes.includes(one.service_code));
  });
  const size = Math.min(Number(asked.query.get('page_size') ?? 1000), 50);
  const page = Number(asked.query.get('page') ?? 1);
  const paged = world.shape === 'wrapped' ? all.slice((page - 1) * size, page * size) : all.slice(0, 1000);
  // A page out of range is an error there.
  if (world.shape === 'wrapped' && page > 1 && paged.length === 0) return refuse(world, response, 404, 'Invalid page.');
  const headers = world.shape === 'wrapped' ? { 'x-result-count': String(all.length) } : {};
  return list(world, response, 'service_requests', 'request', paged, headers);
}

function create(world, asked, response) {
  const form = new URLSearchParams(asked.body.toString());
  const service = SERVICES.find((one) => one.service_code === form.get('service_code'));
  if (world.shape === 'clean' && asked.headers['x-api-key'] === 'wrong') return refuse(world, response, 403, 'api_key was wrong');
  if (!service) return refuse(world, response, 400, 'service_code was not provided');
  const missing = (QUESTIONS[service.service_code] ?? []).find((one) => one.variable && one.required && !form.get(named(one)));
  if (missing) return refuse(world, response, 400, `${named(missing)} was not provided`);
  if (form.get('description')?.includes('拒收')) return refuse(world, response, 400, 'description is not acceptable');
  const id = `N${world.requests.length + 1}`;
  world.received.set(id, [...form]);
  const kind = { service_name: service.service_name, service_code: service.service_code };
  world.requests.unshift({ ...kind, service_request_id: id, status: 'open', description: form.get('description') ?? '', requested_datetime: new Date().toISOString(), updated_datetime: new Date().toISOString(), address: form.get('address_string') ?? '', lat: Number(form.get('lat')), long: Number(form.get('long')) });
  if (service.type !== 'batch') return list(world, response, 'service_requests', 'request', [{ service_request_id: id, service_notice: '将在两日内答复' }], {}, world.shape === 'wrapped' ? 201 : 200);
  world.tokens.set(`t${id}`, id);
  return list(world, response, 'service_requests', 'request', [{ token: `t${id}` }]);
}

/** What an answer is sent under: where several may be chosen, as a list. */
const named = ({ code, datatype }) => `attribute[${code}]${datatype === 'multivaluelist' ? '[]' : ''}`;

/** A token has its number from the second question on. */
function token(world, id) {
  const known = world.asked.has(id) ? { service_request_id: world.tokens.get(id) } : {};
  world.asked.add(id);
  return { ...known, token: id };
}

function definition(world, response, code) {
  const value = { service_code: code, attributes: QUESTIONS[code] };
  if (world.shape !== 'xml') return json(response, 200, world.shape === 'wrapped' ? { service_definition: value } : value);
  const attributes = QUESTIONS[code].map((one) => `<attribute>${members({ ...one, values: undefined })}${one.values ? `<values>${one.values.map((each) => `<value>${members(each)}</value>`).join('')}</values>` : ''}</attribute>`);
  return xml(response, 200, `<service_definition><service_code>${code}</service_code><attributes>${attributes.join('')}</attributes></service_definition>`);
}

function list(world, response, outer, inner, all, headers = {}, status = 200) {
  if (world.shape === 'xml') return xml(response, status, `<${outer}>${all.map((one) => `<${inner}>${members(one)}</${inner}>`).join('')}</${outer}>`);
  return json(response, status, world.shape === 'wrapped' ? { [outer]: all } : all, headers);
}

function refuse(world, response, status, description) {
  if (world.shape === 'xml') return xml(response, status, `<errors><error><code>${status}</code><description>${escaped(description)}</description></error></errors>`);
  return json(response, status, world.shape === 'wrapped' ? { code: status, detail: { description: [description] } } : [{ code: status, description }]);
}

const html = (response, status) => (response.writeHead(status, { 'content-type': 'text/html' }), response.end('<!doctype html><title>Not Found</title><h1>Not Found</h1>'));
const xml = (response, status, body) => (response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }), response.end(`<?xml version="1.0" encoding="utf-8"?>\n${body}`));
const escaped = (text) => String(text).replace(/[&<>]/g, (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark]);
const members = (one) => Object.entries(one).filter(([, value]) => value !== undefined).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');
