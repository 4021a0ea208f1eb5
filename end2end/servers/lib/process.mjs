// Starts a program or an HTTP server on a free port, waits until it answers, and ends it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createProbe } from 'node:net';

/** Returns a port that nobody listens on. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createProbe();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Serves requests with one function; bodies are read before it is called. */
export async function serve(port, answer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url, 'http://127.0.0.1');
      const asked = { method: request.method, path: decodeURIComponent(url.pathname), query: url.searchParams, url, headers: request.headers, body: Buffer.concat(chunks) };
      Promise.resolve()
        .then(() => answer(asked, response))
        .catch((error) => {
          if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(String(error));
        });
    });
  });
  await new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}

/** Answers with JSON. */
export function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(value));
}

/** Starts a program and waits until an address answers with any status; what it said is in the error when it does not. */
export async function start(program, args, { env = {}, cwd, until, patience = 60_000 }) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = (said + chunk).slice(-4000)));
  child.once('error', (error) => (said += String(error)));
  const stop = () => end(child);
  const deadline = Date.now() + patience;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}\n${said}`);
    if (await fetch(until, { redirect: 'manual' }).then(() => true, () => false)) return { stop };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${program} does not answer at ${until}\n${said}`);
    }
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** Runs a program to its end. */
export function run(program, args, { env = {}, cwd, input = '' } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', fail);
    child.once('close', (code) => (code === 0 ? done(said) : fail(new Error(`${program} ${args.join(' ')}: ${code}\n${said.slice(-4000)}`))));
    child.stdin.end(input);
  });
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('exit', () => (clearTimeout(force), done()));
    child.kill('SIGTERM');
  });
}
