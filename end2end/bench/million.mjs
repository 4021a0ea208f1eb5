// A million cases, as the contract's columns, in the place of the server's own.
import { columns } from './peer/heat/ours.js';
import { YEAR_S, points } from './peer/heat/points.js';

const MILLION = 1_000_000;

/** Makes a million cases, or another number of them, over so many seconds that end now. */
export function million(seconds = YEAR_S, count = MILLION) {
  const made = points(count);
  return columns({ ...made, second: made.second.map((second) => second % seconds) }, Math.floor(Date.now() / 1000) - seconds);
}

/** Has a page's heat made of them. */
export function serve(page, cases) {
  return page.route('**/api/v1/heat/points*', (route) => route.fulfill({ body: Buffer.from(cases), contentType: 'application/vnd.fengtu.points' }));
}
