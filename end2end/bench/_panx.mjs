import { BASE, SCREEN, launch, median, open, quantile, rounded, signIn } from '/work/main/end2end/bench/common.mjs';
import { settled, watchDrawing } from '/work/main/end2end/bench/drawing.mjs';
const CAMERA='map=113.93,22.76,13';
const LAYERS=process.env.LAYERS??'warnings.stations.appeal.legal.psychological.labels';
const cookie=await signIn(); const browser=await launch();
const variants=JSON.parse(process.env.V??'[["base",""]]');
for(const [name,css] of variants){
 const page=await open(browser,{cookie}); await page.addInitScript(watchDrawing);
 await page.goto(`${BASE}/?level=grid&layers=${LAYERS}&${CAMERA}`);
 await page.waitForSelector('[data-picture=Circles]:not([hidden])',{state:'attached'}); await settled(page);
 if(css) await page.addStyleTag({content:css}).catch(e=>console.log('csp',e.message));
 if(css) await page.evaluate((css)=>{const s=new CSSStyleSheet();s.replaceSync(css);document.adoptedStyleSheets=[...document.adoptedStyleSheets,s]},css);
 await page.waitForTimeout(300);
 const m={x:960,y:540}; await page.mouse.move(m.x,m.y); await page.mouse.down();
 await page.evaluate(()=>{globalThis.T=[];const f=t=>{T.push(t);globalThis.R=requestAnimationFrame(f)};requestAnimationFrame(f)});
 let from=[0,0];
 for(const to of [[-500,0],[-500,-250],[300,-250],[300,200],[0,0]]){
  const len=Math.hypot(to[0]-from[0],to[1]-from[1]),took=len/600*1000,b=performance.now();
  for(let p=0;p<1;){p=Math.min(1,(performance.now()-b)/took);await page.mouse.move(m.x+from[0]+(to[0]-from[0])*p,m.y+from[1]+(to[1]-from[1])*p);}
  from=to;}
 const t=await page.evaluate(()=>{cancelAnimationFrame(R);return T}); await page.mouse.up();
 const d=t.slice(1).map((x,i)=>x-t[i]);
 const vis=await page.evaluate(()=>[...document.querySelectorAll('canvas[data-picture]')].filter(c=>!c.hidden).map(c=>c.dataset.picture+c.width+'x'+c.height).join(' '));
 console.log(name,'median',rounded(1000/median(d),1),'p95',rounded(1000/quantile(d,.95),1),'max',rounded(quantile(d,1),0),'n',d.length,vis);
 await page.context().close();
}
await browser.close();
