#!/usr/bin/env node
// Runs the tests: builds Release (warnings are errors), then one test project after the other.
//
//   node tests/run.mjs                 everything that needs only the .NET 10 SDK and Node
//   node tests/run.mjs --oracle        what compares with outside tools (QEMU, libnbd, nbdkit, curl, e2fsprogs)
//   node tests/run.mjs --only Engine   projects whose names contain the word
//
// Ends with the line `N passed, N failed` (`, N skipped` if any were) and exit code 0 only if all
// passed: a failed, skipped or missing result fails the run, and so does a project without a test.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const solution = 'SnapshotFunctions.Local.slnf';
const results = join(root, 'TestResults');
const timeoutMinutes = Number(process.env.TEST_TIMEOUT_MINUTES ?? 20);
const windows = process.platform === 'win32';
const oracle = process.argv.includes('--oracle');
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1] : undefined;

// No telemetry and no build servers: nothing may outlive this run and hold its output open.
const environment = {
  ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1',
  DOTNET_CLI_UI_LANGUAGE: 'en', MSBUILDDISABLENODEREUSE: '1', DOTNET_CLI_USE_MSBUILD_SERVER: '0',
};

const totals = { passed: 0, failed: 0, skipped: 0 };
let failing = '';
let child;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => { if (child) kill(child); process.exit(130); });
}
process.exit(await main());

async function main() {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const projects = testProjects();
  if (await prepare(projects)) {
    for (const project of projects) await test(project);
  } else {
    totals.failed++;
  }
  if (totals.passed + totals.failed + totals.skipped === 0) {
    console.log('no test ran, which counts as a failure');
    totals.failed++;
  }
  if (failing) console.log(`\nFailing:\n${failing}`);
  const skipped = totals.skipped ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  return totals.failed || totals.skipped ? 1 : 0;
}

function testProjects() {
  const filter = JSON.parse(readFileSync(join(root, solution), 'utf8').replace(/^\uFEFF/, ''));
  return filter.solution.projects.map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.Tests.csproj'))
    .map(path => ({ path, name: path.split('/').at(-1).replace('.csproj', '') }))
    .filter(project => !only || project.name.includes(only));
}

async function prepare(projects) {
  for (const { path } of projects) {
    const folder = join(root, dirname(path));
    if (!existsSync(join(folder, 'package-lock.json'))) continue;
    // npm writes this file last; a folder without it was left by an install that broke off.
    if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) continue;
    // The path has no user input; only through a shell does Windows run npm, which is a script.
    const npm = await run('npm', ['ci', '--no-audit', '--no-fund'],
      { cwd: folder, shell: windows });
    if (npm !== 0) return refuse(`npm ci in ${folder}`);
  }
  // -warnaserror also covers what MSBuild and NuGet warn of, not only the compiler.
  const build = await run('dotnet', ['build', solution, '-c', 'Release', '-warnaserror',
    '-nodeReuse:false', '--nologo', '-v', 'minimal']);
  return build === 0 || refuse('the build');
}

function refuse(what) {
  console.log(`FAILED: ${what} (its output is above)`);
  failing += `  ${what}\n`;
  return false;
}

async function test(project) {
  const trx = join(results, `${project.name}.trx`);
  const started = Date.now();
  const code = await run('dotnet', ['test', project.path, '--no-build', '-c', 'Release', '--nologo',
    '--filter', oracle ? 'Category=Oracle' : 'Category!=Oracle', '--results-directory', results,
    '--logger', `trx;LogFileName=${project.name}.trx`, '-v', 'quiet']);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const found = existsSync(trx) ? parse(readFileSync(trx, 'utf8')) : undefined;
  // Projects without a test of the category are normal only when oracles are asked for.
  const empty = (found?.tests.length ?? 0) === 0;
  if (empty && oracle && code === 0) return;

  const count = outcome => found?.tests.filter(t => t.outcome === outcome).length ?? 0;
  const passed = count('Passed');
  const skipped = count('NotExecuted');
  let failed = (found?.tests.length ?? 0) - passed - skipped;
  const bad = found?.tests.filter(t => t.outcome !== 'Passed' && t.outcome !== 'NotExecuted') ?? [];
  for (const t of bad) report(project, t);
  for (const t of found?.tests.filter(x => x.outcome === 'NotExecuted') ?? []) {
    failing += `  ${project.name}: ${t.name} (skipped)\n`;
  }
  // A crash, a time out or an empty project leaves no failing test behind; it fails by itself.
  if (failed === 0 && (code !== 0 || empty || !found.completed)) {
    failed = 1;
    const why = code === 'timeout' ? `stopped after ${timeoutMinutes} minutes`
      : empty ? `gave no results (exit code ${code})` : `ended early (exit code ${code})`;
    failing += `  ${project.name}: ${why}\n`;
    for (const line of found?.errors ?? []) console.log(line);
  }
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  console.log(`${project.name}: ${passed} passed, ${failed} failed`
    + `${skipped ? `, ${skipped} skipped` : ''} in ${seconds} s`);
}

function report(project, t) {
  failing += `  ${project.name}: ${t.name}\n`;
  console.log(`\nFAILED ${t.name}\n${t.message}\n${t.stack}`);
  if (t.output) console.log(`--- its output ---\n${t.output.slice(-20_000)}`);
}

// TRX has one known writer, so elements are picked out by pattern, without an XML package.
function parse(xml) {
  const tests = [];
  for (const [, attributes, body] of
    xml.matchAll(/<UnitTestResult\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    tests.push({
      name: attribute(attributes, 'testName'), outcome: attribute(attributes, 'outcome'),
      message: element(body, 'Message'), stack: element(body, 'StackTrace'),
      output: element(body, 'StdOut'),
    });
  }
  const summary = /<ResultSummary\b[^>]*outcome="([^"]*)"/.exec(xml)?.[1];
  const errors = [...xml.matchAll(/<RunInfo\b[^>]*outcome="Error"[^>]*>([\s\S]*?)<\/RunInfo>/g)]
    .map(m => element(m[1], 'Text'));
  return { tests, errors, completed: summary === 'Completed' || summary === 'Failed' };
}

function attribute(text, name) {
  return unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '');
}

function element(text, name) {
  return unescape(new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(text ?? '')?.[1] ?? '');
}

function unescape(text) {
  const named = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  const entity = /&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi;
  return text.replace(entity, (_, hex, decimal, name) => name
    ? named[name.toLowerCase()] : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10)));
}

// Exit code of a command whose output goes straight through; 'timeout' if it had to be killed.
function run(command, parameters, options = {}) {
  return new Promise(done => {
    let timedOut = false;
    // Its own process group, so that a hung test's children end with it.
    child = spawn(command, parameters, {
      cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'], detached: !windows,
      ...options,
    });
    const started = child;
    const clock = setTimeout(() => { timedOut = true; kill(started); }, timeoutMinutes * 60_000);
    const end = result => { clearTimeout(clock); child = undefined; done(result); };
    child.on('error', error => { console.log(`${command}: ${error.message}`); end(-1); });
    child.on('exit', (code, signal) => end(timedOut ? 'timeout' : code ?? signal));
  });
}

function kill(started) {
  if (windows) {
    spawnSync('taskkill', ['/pid', String(started.pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-started.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it ended by itself between the clock's tick and the signal.
    if (error.code !== 'ESRCH') throw error;
  }
}
