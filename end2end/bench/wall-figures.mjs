// The figures of the wall's first scene beside the API's own answers, each as people read it.

/** The wall asks every 20 s, and an answer takes its time: what the API said before is no excuse for it. */
const LATEST_MS = 25_000;
/** So long it is waited for: what a server did not live to answer is asked anew with the next question, or the one after it. */
const PATIENCE_MS = 70_000;
/** Days of most figures, and of the ranking of streets. */
const [DAYS, WEEK] = [30, 7];
const SCENE = '全区总览';
/** Beside the figures: that the wall calls itself live, that every panel is there, and that nothing is grey or waits. */
const STATE = 'what it says of itself';
const SOUND = 'wall-fresh live, 9 panels, 0 grey, 0 waiting';
const LEVELS = { blue: '蓝', yellow: '黄', red: '红' };
const PLACES = ['district', 'street', 'community', 'grid'];
const WITHHELD = '未显示';

/**
 * Looks at a wall until, at one moment, each of its figures is one that the API gives or gave in the last seconds: of a district that
 * moves it shows what was so when it asked. Returns what is shown, what was wrong to the last, and how many seconds it took.
 * What has come since is left out, as it is counted between the wall's own questions, and so are the stations, which go by the clock.
 */
export async function compare(page) {
  const ask = asking(page);
  const names = await namesOf(ask);
  await hold(page);
  const began = Date.now();
  const answers = [];
  for (;;) {
    answers.push({ at: Date.now(), told: await told(ask, names) });
    while (Date.now() - answers[0].at > LATEST_MS) answers.shift();
    const shown = await read(page);
    const wrong = [...shown].filter(([what, figure]) => !answers.some((answer) => answer.told.get(what) === figure));
    const seconds = (Date.now() - began) / 1000;
    if (wrong.length === 0 || seconds * 1000 > PATIENCE_MS) return { shown, seconds, wrong: wrong.map(named(answers.at(-1).told)) };
    await page.waitForTimeout(250);
  }
}

/** How many figures are others than they were. */
export const changed = (before, after) => [...after].filter(([what, figure]) => what !== STATE && before.get(what) !== figure).length;

/** How many figures a look is at. */
export const figuresOf = ({ shown }) => shown.size - 1;

/** The first of some faults, to stand behind a note. */
export const firstOf = (faults) => faults.slice(0, 1).map((fault) => `; ${fault}`).join('');

/** Says what is wrong; a drawing is too long to be read. */
const named = (told) => ([what, figure]) => {
  const both = `${figure}, by the API ${told.get(what) ?? 'none'}`;
  return `${what}: ${what.includes('drawing') ? 'another' : both}`;
};

/** Has the wall stay with its first scene: any key makes it wait for two minutes. */
export async function hold(page) {
  const isThere = () => page.locator('.wall-scene', { hasText: SCENE }).count();
  do {
    await page.locator('.wall-scene', { hasText: SCENE }).waitFor({ timeout: 300_000 });
    await page.keyboard.press('Shift');
  } while ((await isThere()) === 0);
}

/** Turns to the next scene by hand, which leaves it then: the wall goes on by itself. */
export async function turn(page) {
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: '继续轮播' }).click();
}

/** Turns until the first scene is on. */
export async function turnToFirst(page) {
  while ((await page.locator('.wall-scene', { hasText: SCENE }).count()) === 0) await turn(page);
}

/** Asks the API as the wall does, by its session. */
const asking = (page) => async (path) => {
  const answer = await page.context().request.get(`${new URL(page.url()).origin}/api/v1${path}`);
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()}`);
  return answer.json();
};

async function namesOf(ask) {
  const [config, places] = [await ask('/config'), await ask('/places')];
  return {
    categories: new Map(config.categories.map((category) => [category.id, category.name.zh])),
    places: new Map(places.features.map(({ properties }) => [properties.id, properties])),
  };
}

/** Reads every figure of the wall: a great one with its unit, one of a list after the name that it stands beside, a chart by its drawing. */
function read(page) {
  return page.evaluate(([state, of]) => {
    const text = (part, name) => part.querySelector(name)?.textContent ?? '';
    const count = (name) => document.querySelectorAll(name).length;
    const told = [`${count('.wall-panel')} panels`, `${count('.aged')} grey`, `${count('.wall-waiting')} waiting`];
    const found = [[state, [document.querySelector('.wall-fresh')?.className, ...told].join(', ')]];
    const all = (root, id, name, figure) => root.querySelectorAll(name).forEach((part, n) => found.push([`${id} ${n + 1}`, figure(part)]));
    all(document, 'great figure', '.wall-hero', (hero) => text(hero, '.wall-value') + text(hero, 'small'));
    for (const id of of) {
      const panel = document.querySelector(`.wall-panel[aria-labelledby=wall-${id}]`);
      if (!panel) continue;
      all(panel, `${id}, cell`, '.wall-cell', (cell) => text(cell, '.wall-figure'));
      // The names of clocks are the wall's own words.
      all(panel, `${id}, row`, '.wall-row', (row) => (id === 'clocks' ? '' : `${text(row, '.wall-name')} `) + text(row, '.wall-figure'));
      all(panel, `${id}, drawing`, '.wall-chart path', (path) => path.getAttribute('d'));
      if (panel.querySelector('.wall-chart')) continue;
      // A list that has no room for all of its rows says of how many they are.
      found.push([`${id}, rows`, /共 (\d+)/.exec(text(panel, '.wall-beside'))?.[1] ?? String(panel.querySelectorAll('.wall-row').length)]);
    }
    return found;
  }, [STATE, ['streets', 'warnings', 'clocks', 'categories', 'days', 'communities', 'hours']]).then((found) => new Map(found));
}

/** What the API says now, in the same words. */
async function told(ask, names) {
  const { snapshot, month, recent, week } = await answersOf(ask);
  const lists = {
    'great figure': great(snapshot.today, month.figures, recent.figures),
    'streets, row': ranked(week.children, (row) => [names.places.get(row.place).name, counted(row.received)]),
    'warnings, cell': ['red', 'yellow', 'blue'].map((level) => grouped(gridsAt(level, snapshot.warnings, names))),
    'warnings, row': warnings(snapshot.warnings, names),
    'clocks, cell': running(month.figures),
    'clocks, row': clocks(month.figures),
    'categories, row': ranked(month.categories, (row) => [names.categories.get(row.category), part(row.received, month)]),
    'days, drawing': drawing(month.days.map((day) => day.received), month.days.map((day) => day.settled)),
    'communities, row': ranked(month.children, (row) => [names.places.get(row.place).name, counted(row.received)]),
    'hours, drawing': drawing(month.hours, []),
  };
  const rows = Object.entries(lists).flatMap(([what, list]) => list.map((figure, n) => [`${what} ${n + 1}`, figure]));
  const lengths = Object.entries(lists).map(([what, list]) => [`${what}s`, String(list.length)]);
  return new Map([[STATE, SOUND], ...rows, ...lengths]);
}

async function answersOf(ask) {
  const snapshot = await ask('/snapshot');
  const [today, zone] = [snapshot.server_time.slice(0, 10), snapshot.server_time.slice(-6)];
  const midnight = (back) => {
    const day = new Date(Date.parse(`${today}T00:00:00Z`) - back * 86_400_000).toISOString().slice(0, 10);
    return encodeURIComponent(`${day}T00:00:00${zone}`);
  };
  const [month, recent, week] = await Promise.all([
    ask(`/statistics?from=${midnight(DAYS - 1)}&level=community`),
    ask(`/statistics?from=${midnight(DAYS)}&to=${midnight(0)}`),
    ask(`/statistics?from=${midnight(WEEK - 1)}&level=street`),
  ]);
  return { snapshot, month, recent, week };
}

function great(today, month, recent) {
  const services = recent.psychological;
  return [
    counted(today.received, '件'),
    counted(month.received, '件'),
    counted(month.settled, '件'),
    share({ part: month.settled, whole: month.received }),
    services === null ? WITHHELD : `${grouped(services)}+人次`,
    counted(month.people, '人次'),
    share(month.satisfied),
    money(month.amount_fen),
  ];
}

/** Rows of counts, the largest first: one that is withheld after all that are told but for none. */
function ranked(rows, row) {
  const order = ({ received }) => (received === null ? 0 : received || -1);
  return [...rows].sort((a, b) => order(b) - order(a)).map((one) => row(one).join(' '));
}

/** A category's part of all that was received. */
const part = (n, { figures }) => (n === null ? WITHHELD : perCent(n, figures.received, 1));

const gridsAt = (level, all, { places }) => all.filter((one) => one.level === level && places.get(one.place)?.level === 'grid').length;

/** What stands highest first; of equals the larger place, then by number. */
function warnings(all, { places }) {
  const high = ({ level }) => Object.keys(LEVELS).indexOf(level);
  const wide = ({ place }) => PLACES.indexOf(places.get(place).level);
  const sorted = [...all].sort((a, b) => high(b) - high(a) || wide(a) - wide(b) || (a.place < b.place ? -1 : 1));
  return sorted.map(({ place, level }) => `${places.get(place).name} ${LEVELS[level]}`);
}

/** Open, within its time, overdue: of none that is open none is overdue, whoever withholds it. */
function running({ open, overdue }) {
  const late = overdue ?? (open === 0 ? 0 : null);
  return [counted(open), open === null || late === null ? '–' : grouped(Math.max(0, open - late)), counted(late)];
}

function clocks(month) {
  const { due_soon, orders, checked_in } = month;
  const awaited = orders === null || checked_in.whole === null ? 0 : Math.max(0, orders - checked_in.whole);
  // Where orders are not told, neither is whether there are any.
  const came = orders === null && share(checked_in) === WITHHELD ? '–' : share(checked_in);
  const now = [due_soon === null ? [] : grouped(due_soon), awaited > 0 ? grouped(awaited) : []].flat();
  return [...now, share(month.settled_in_time), share(month.answered), came, share(month.accepted)];
}

const counted = (n, unit = '') => (n === null ? WITHHELD : grouped(n) + unit);

/** With a thin space between groups of three from five digits on. */
const grouped = (n) => (n < 10_000 ? String(n) : String(n).replace(/\B(?=(\d{3})+$)/g, '\u2009'));

function share({ part, whole }) {
  if (part === null || whole === null) return WITHHELD;
  return whole === 0 ? '–' : perCent(part, whole, 2);
}

/** To the nearest, but all only where it was all, and none only where it was none. */
function perCent(part, whole, decimals) {
  const steps = 100 * 10 ** decimals;
  const nearest = Math.floor((part * 2 * steps + whole) / (whole * 2));
  const held = part > 0 && part < whole ? Math.min(Math.max(nearest, 1), steps - 1) : nearest;
  return `${(held / 10 ** decimals).toFixed(decimals)}%`;
}

/** Yuan, ten thousands or hundred millions of them, to the nearest. */
function money(fen) {
  if (fen === null) return WITHHELD;
  const steps = (step) => Math.floor((fen + step / 2) / step);
  if (steps(100) < 10_000) return `${grouped(steps(100))}元`;
  if (steps(1_000_000) < 10_000) return `${grouped(steps(1_000_000))}万元`;
  const yi = steps(100_000_000);
  return `${grouped(Math.floor(yi / 100))}.${String(yi % 100).padStart(2, '0')}亿元`;
}

/** Columns 7 wide in steps of 10, and a line through their middles; a gap where a count is withheld. */
function drawing(columns, line) {
  const most = Math.max(1, ...columns, ...line);
  const high = (n) => (n / most) * 100;
  const drawn = columns.map((n, at) => (n === null ? '' : `M${at * 10 + 1.5} 100v-${tenths(high(n))}h7v${tenths(high(n))}z`));
  const path = line.map((n, at) => (n === null ? '' : `${at > 0 && line[at - 1] !== null ? 'L' : 'M'}${at * 10 + 5} ${tenths(100 - high(n))}`));
  return [drawn.join(''), path.join('')];
}

/** One decimal, as the wall writes it: of two that are as near the even one. */
const tenths = (n) => (n % 1 === 0.25 ? `${Math.floor(n)}.2` : n.toFixed(1));
