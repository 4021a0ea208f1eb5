import { BASE, launch, open, signIn } from './common.mjs';
import { watchDrawing, settled } from './drawing.mjs';
const LAYERS = 'warnings.stations.appeal.legal.psychological.coverage.heat.cases.buildings.labels';
const b = await launch(); const p = await open(b, {cookie: await signIn()});
await p.addInitScript(watchDrawing);
const cdp = await p.context().newCDPSession(p);
await cdp.send('Profiler.enable'); await cdp.send('Profiler.setSamplingInterval',{interval:1000}); await cdp.send('Profiler.start'); await cdp.send('Performance.enable',{timeDomain:'threadTicks'});
await p.goto(`${BASE}/?level=grid&layers=${process.argv[2]??LAYERS}`);
console.log(await settled(p));
const m=(await cdp.send('Performance.getMetrics')).metrics; console.log(Object.fromEntries(m.filter(x=>/Duration|Thread/.test(x.name)).map(x=>[x.name,+x.value.toFixed(3)])));
const {profile}=await cdp.send('Profiler.stop');
const self=new Map(); const dt=profile.timeDeltas; profile.samples.forEach((id,i)=>self.set(id,(self.get(id)??0)+dt[i]));
const byFn=new Map(); for(const n of profile.nodes){const k=n.callFrame.functionName+' '+n.callFrame.url.split('/').pop().slice(0,20)+':'+n.callFrame.lineNumber+':'+n.callFrame.columnNumber; byFn.set(k,(byFn.get(k)??0)+(self.get(n.id)??0));}
for(const [k,v] of [...byFn].sort((a,b)=>b[1]-a[1]).slice(0,40)) console.log((v/1000).toFixed(0).padStart(6),k);
await b.close();
