// What back ends of the RuoYi and JeecgBoot family have in common: their rows, and a token that ends after some questions.
import { local } from './time.mjs';

const STATUS = { reported: '0', accepted: '1', handling: '2', resolved: '3', confirmed: '4', rated: '4', archived: '5' };

/** A case as such a table has it. */
export function row(found) {
  return {
    caseNo: found.number, subject: found.title, caseType: found.category === 'mediation.wages' ? '1' : '9',
    status: STATUS[found.state] ?? '2', createTime: local(found.reported_at), longitude: String(found.at[0]), latitude: String(found.at[1]),
    addr: found.address, peopleNum: found.people, involveAmount: found.amount_fen / 100, deptName: found.holder?.office ?? null,
  };
}

/** Questions that one token is good for: it ends in the middle of paging. */
const USES = 3;

/** Who signs in, how often, and with what. */
export class Door {
  signIns = 0;
  #token = '';
  #left = 0;

  constructor(password) {
    this.password = password;
  }

  /** Returns a token for the right password; the last one is good for nothing any more. */
  signIn(asked) {
    if (JSON.parse(asked.body.toString() || '{}').password !== this.password) return undefined;
    this.signIns += 1;
    this.#left = USES;
    return (this.#token = `eyJ.${this.signIns}`);
  }

  /** Whether a token is good; it is for one question less then. */
  lets(token) {
    if (!token || token !== this.#token || this.#left <= 0) return false;
    this.#left -= 1;
    return true;
  }
}

/** The rows of a status and a period. */
export const matching = (rows, { status, begin, end }) =>
  rows.filter((each) => (!status || each.status === status) && (!begin || each.createTime >= begin) && (!end || each.createTime <= end));

/** Accepts a case; returns what it says where it cannot. */
export function accept(found) {
  if (found.status !== '0') return '该案件已受理,不能重复受理';
  found.status = '1';
  return undefined;
}
