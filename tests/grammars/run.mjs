// Parses every hunting query and playbook command with the grammar of its language: benign ones must parse, and a
// hostile value must leave the structure as it was. Reads the lines of build/…/tests/grammar_samples from standard
// input or from the program named as argument.
import { execFileSync } from 'node:child_process';
import { checkKqlNames, readers } from './grammars.mjs';

const program = process.argv[2] ?? new URL('../../build/release/tests/grammar_samples', import.meta.url).pathname;
const lines = execFileSync(program, { maxBuffer: 1 << 30, encoding: 'utf8' }).trimEnd().split('\n').map((line) => JSON.parse(line));

const results = { passed: 0, failed: 0 };
function check(name, problems) {
  if (problems.length === 0) {
    results.passed += 1;
    console.log(`ok ${name}`);
    return;
  }
  results.failed += 1;
  console.log(`FAIL ${name}: ${problems.length}`);
  for (const problem of problems.slice(0, 8)) console.log(`  ${problem}`);
}

const keyOf = (line) => `${line.group} ${line.language} ${line.id}`;
const benign = new Map();
for (const line of lines) if (line.number < 0) benign.set(keyOf(line), { ...line, ...readers[line.language](line.text) });

// ---- what we wrote parses

function benignProblems(group, language) {
  const problems = [];
  for (const line of benign.values()) {
    if (line.group !== group || line.language !== language) continue;
    for (const error of line.errors) problems.push(`${line.id}: ${error} in ${line.text}`);
  }
  return problems;
}
const kinds = [...new Set([...benign.values()].map((line) => `${line.group} ${line.language}`))];
for (const kind of kinds) {
  const [group, language] = kind.split(' ');
  const count = [...benign.values()].filter((line) => line.group === group && line.language === language).length;
  check(`${count} texts parse: ${kind}`, benignProblems(group, language));
}

const names = [];
for (const line of benign.values())
  if (line.language === 'kql') for (const error of checkKqlNames(line.text)) names.push(`${line.id}: ${error}`);
check('every table and column of our KQL is documented', names);

// ---- the readers do see what is wrong

const broken = {
  kql: ['T | where a == "b', 'T | wher a', 'T | where a == ("b"'],
  spl: ['search a="b', 'search a="`m`"'],
  esql: ['FROM a | WHERE b == "c', 'FROM a | WHERE b == "c\nd"'],
  sql: ["SELECT 'a", "SELECT a FROM b WHERE c IN ('d' 'e')"],
  sigma: ['title: [a', 'title: a\nid: b\nlogsource: c\ndetection: {s: {x: "a*"}, condition: s}\nlevel: low'],
  sh: ["echo 'a", 'a | | b'],
  powershell: ["Get-X 'a", 'Get-X -A ('],
};
const unseen = Object.entries(broken).flatMap(([language, texts]) =>
  texts.filter((text) => readers[language](text).errors.length === 0).map((text) => `${language}: ${text}`),
);
if (checkKqlNames('SigninLogs | where Nope == 1').length === 0) unseen.push('kql: an unknown column');
if (checkKqlNames('NoSuchTable | take 1').length === 0) unseen.push('kql: an unknown table');
check('the readers refuse what is broken', unseen);

// ---- what an attacker wrote changes nothing

// A placeholder whose value was refused still stands there: such a text is compared with the values left in place.
const structureText = (read) => JSON.stringify(read.structure);
const seen = new Map(); // kind → {hostile, kept, refused, problems}
for (const line of lines) {
  if (line.number < 0) continue;
  const kind = `${line.group} ${line.language}`;
  const tally = seen.get(kind) ?? { hostile: 0, kept: 0, refused: 0, values: new Set(), problems: [] };
  seen.set(kind, tally);
  tally.hostile += 1;
  if (line.refused > 0) {
    tally.refused += 1; // the text is ours, unfilled
    continue;
  }
  const plain = benign.get(keyOf(line));
  if (line.text === plain.text) continue; // holds no value
  const read = readers[line.language](line.text);
  const say = (what) => tally.problems.push(`${line.id} with ${JSON.stringify(line.value.slice(0, 60))}: ${what}\n    ${line.text.slice(0, 300)}`);
  if (read.errors.length > plain.errors.length) say(read.errors[0]);
  else if (structureText(read) !== structureText(plain)) say('another structure');
  tally.kept += 1;
  tally.values.add(line.number);
}
for (const [kind, tally] of seen) {
  const name = `${kind}: ${tally.hostile} hostile texts keep their structure (${tally.kept} filled with ${tally.values.size} values, ${tally.refused} refused)`;
  if (tally.kept === 0) tally.problems.push('nothing was filled in');
  check(name, tally.problems);
}

// ---- and arrives as it was, where the language can say it (hosts, accounts and files lose their domain or folder)

function lost(language) {
  const problems = [];
  for (const line of lines) {
    if (line.group !== 'query' || line.language !== language || line.number < 0 || line.number >= 60) continue;
    if (line.value.includes('\ufffd')) continue; // bytes that were no UTF-8
    const { values } = readers[language](line.text);
    const ours = benign.get(keyOf(line)).values.filter((value) => value !== 'plain');
    const theirs = values.filter((value) => value && !ours.includes(value));
    if (!theirs.some((value) => line.value.toLowerCase().includes(value.toLowerCase())))
      problems.push(`${line.id}: ${JSON.stringify(line.value)} not among ${JSON.stringify(values).slice(0, 200)}`);
  }
  return problems;
}
for (const language of ['kql', 'esql', 'sql', 'sigma'])
  check(`values arrive unchanged: ${language}`, lost(language));

console.log(`${results.passed} passed, ${results.failed} failed, 0 skipped`);
process.exitCode = results.failed === 0 ? 0 : 1;
