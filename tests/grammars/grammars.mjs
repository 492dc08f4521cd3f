// One reader for each language: text in; {structure, values, errors} out. The structure is what must not depend on a
// value: kinds of tokens or nodes, with the text of everything but string literals. `values` are decoded literals.
import { createRequire, register } from 'node:module';
import { parse as parseYaml } from 'yaml';
import { Language, Parser } from 'web-tree-sitter';
import { tables } from './kusto_tables.mjs';

const require = createRequire(import.meta.url);

// ---- KQL: Microsoft's own parser

require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState, Symbols, Syntax } = globalThis.Kusto.Language;

function kustoGlobals() {
  const list = Object.entries(tables).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${columns})`, ''));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('logs', list));
}
const globals = kustoGlobals();

function diagnosticsOf(code) {
  const found = [];
  const all = code.GetDiagnostics();
  for (let i = 0; i < all.Count; i += 1) found.push(all.getItem(i).Message);
  return found;
}

export function readKql(text) {
  const code = KustoCode.Parse(text);
  const structure = [];
  const values = [];
  for (let token = code.Syntax.GetFirstToken(); token; token = token.GetNextToken()) {
    const isString = token.Kind === Syntax.SyntaxKind.StringLiteralToken;
    structure.push(isString ? 's' : `${token.Kind}:${token.Text}`);
    if (isString) values.push(token.ValueText);
    if (/\/\//.test(token.Trivia)) structure.push('comment');
  }
  return { structure, values, errors: diagnosticsOf(code) };
}

// Names of tables and columns too. Slower: for benign texts.
export function checkKqlNames(text) {
  return diagnosticsOf(KustoCode.ParseAndAnalyze(text, globals));
}

// ---- Athena SQL: the Trino grammar of dt-sql-parser

register('./loader.mjs', import.meta.url);
const { TrinoSQL } = await import(new URL('./node_modules/dt-sql-parser/dist/index.js', import.meta.url));
const trino = new TrinoSQL();

// U&'…' differs from '…' only in how it spells the same characters.
const isSqlString = (text) => /^(U&)?'/i.test(text);

function sqlValue(text) {
  const unicode = !text.startsWith("'");
  const inside = text.slice(unicode ? 3 : 1, -1).replaceAll("''", "'");
  if (!unicode) return inside;
  return inside.replace(/\\(\\|\+([0-9a-f]{6})|([0-9a-f]{4}))/gi, (all, one, six, four) =>
    one === '\\' ? '\\' : String.fromCodePoint(parseInt(six ?? four, 16)),
  );
}

export function readSql(text) {
  const structure = [];
  const values = [];
  for (const token of trino.getAllTokens(text)) {
    if (/^\s+$/.test(token.text) || token.text === '<EOF>') continue;
    structure.push(isSqlString(token.text) ? 's' : `${token.type}:${token.text}`);
    if (isSqlString(token.text)) values.push(sqlValue(token.text));
  }
  return { structure, values, errors: trino.validate(text).map((error) => error.message) };
}

// ---- SPL. Splunk documents no grammar; its quoting rules (Search Manual, "Quotes and escaping characters"): a value
// with breaking characters (blank , | [ ] = etc.) stands in double quotes; inside, only \" and \\ are escapes; an
// asterisk is a wildcard there too; text between backticks is a macro, expanded before anything else is parsed, in
// quotes as well; ```…``` is a comment; [ … ] is a sub-search.

export function readSpl(text) {
  const structure = [];
  const values = [];
  const errors = [];
  if (text.includes('`')) errors.push('a macro or comment');
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const literal = /^"(?:[^"\\]|\\.)*"/s.exec(rest)?.[0];
    if (literal) {
      structure.push('s');
      values.push(literal.slice(1, -1).replace(/\\(["\\])/g, '$1'));
      // eslint-disable-next-line no-control-regex
      if (/[\0-\x1f\x7f]/.test(literal)) errors.push('a control character inside quotes');
      at += literal.length;
    } else if (rest[0] === '"') {
      errors.push('quotes that do not end');
      break;
    } else {
      const other = /^(?:\s+|[\w.:@-]+|.)/su.exec(rest)[0];
      if (other.trim() !== '') structure.push(other);
      at += other.length;
    }
  }
  return { structure, values, errors };
}

// ---- ES|QL. The lexer rules of its reference (and of EsqlBaseLexer.g4): "…" with the escapes \t \n \r \" \\ and no
// raw line break; """…""" raw; `…` an identifier; // and /* */ comments.

export function readEsql(text) {
  const structure = [];
  const values = [];
  const errors = [];
  const rules = [
    ['space', /^\s+/],
    ['comment', /^(?:\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)/],
    ['s', /^"""[^\n\r]*?"""/],
    ['s', /^"(?:\\[tnr"\\]|[^\r\n"\\])*"/],
    ['identifier', /^`(?:[^`]|``)*`/],
    ['word', /^[@\w][\w.*-]*/],
    ['operator', /^(?:==|!=|>=|<=|=~|::|[|,()<>=+\-*/%[\]:?])/],
  ];
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const [kind, match] = rules.map(([name, rule]) => [name, rule.exec(rest)?.[0]]).find(([, found]) => found) ?? [];
    if (!match) {
      errors.push(`no token begins with ${JSON.stringify(rest.slice(0, 10))}`);
      break;
    }
    if (kind === 's') {
      structure.push('s');
      values.push(match.slice(1, -1).replace(/\\([tnr"\\])/g, (all, c) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c));
    } else if (kind !== 'space') structure.push(`${kind}:${match}`);
    at += match.length;
  }
  return { structure, values, errors };
}

// ---- Sigma: YAML, and the escapes of its specification (\* \? \\) inside values

function shapeOf(node, values) {
  if (Array.isArray(node)) return node.map((one) => shapeOf(one, values));
  if (node !== null && typeof node === 'object')
    return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, shapeOf(one, values)]));
  if (typeof node === 'string') values.push(node);
  return typeof node;
}

function sigmaPlain(text) {
  if (/(?<!\\)(?:\\\\)*[*?]/.test(text)) return null; // a live wildcard
  return text.replace(/\\([\\*?])/g, '$1');
}

export function readSigma(text) {
  const values = [];
  const errors = [];
  let shape = null;
  try {
    const rule = parseYaml(text);
    for (const part of ['title', 'id', 'logsource', 'detection', 'level'])
      if (rule[part] === undefined) errors.push(`${part} is missing`);
    if (typeof rule.detection?.condition !== 'string') errors.push('no condition');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(rule.id)) errors.push('id is no UUID');
    const { detection, ...head } = rule;
    shape = { head, detection: shapeOf(detection, values) };
  } catch (error) {
    errors.push(error.message);
  }
  const plain = values.map(sigmaPlain);
  if (plain.includes(null)) errors.push('a live wildcard');
  return { structure: [JSON.stringify(shape)], values: plain, errors };
}

// ---- shells: tree-sitter's grammars of Bash and PowerShell

await Parser.init();
async function treeSitter(name) {
  const wasm = new URL(`./node_modules/tree-sitter-${name}/tree-sitter-${name}.wasm`, import.meta.url);
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm.pathname));
  return parser;
}
const bash = await treeSitter('bash');
const powershell = await treeSitter('powershell');

// A whole word is one argument, however it is quoted; its insides are no structure unless something in them would run.
const words = new Set(['word', 'raw_string', 'string', 'concatenation', 'number', 'string_literal']);
const insides = new Set([...words, 'string_content', 'verbatim_string_characters', '"', "'"]);
const isPlainWord = (node) => words.has(node.type) && node.children.every(allInside);

function allInside(node) {
  return insides.has(node.type) && node.children.every(allInside);
}

function walk(node, structure, values) {
  if (isPlainWord(node)) {
    structure.push('word');
    values.push(node.text);
    return;
  }
  structure.push(node.type);
  for (const child of node.children) walk(child, structure, values);
}

function readTree(parser, text) {
  const tree = parser.parse(text);
  const structure = [];
  const values = [];
  walk(tree.rootNode, structure, values);
  const errors = tree.rootNode.hasError ? ['does not parse'] : [];
  tree.delete();
  return { structure, values, errors };
}

export const readSh = (text) => readTree(bash, text);

// The grammar does not know lists of bare words (`Format-List Name, Id`): between them, outside of quotes, commas become
// blanks. A quote that this regular expression misjudges shows as another structure.
const quoted = /'(?:[^']|'')*'|"(?:[^"`]|`.|"")*"/g;
function withoutBareLists(text) {
  let out = '';
  let done = 0;
  const bare = (part) => part.replace(/(?<=[A-Za-z*])\s*,\s*(?=[A-Za-z*])/g, ' ');
  for (const match of text.matchAll(quoted)) {
    out += bare(text.slice(done, match.index)) + match[0];
    done = match.index + match[0].length;
  }
  return out + bare(text.slice(done));
}
export const readPowershell = (text) => readTree(powershell, withoutBareLists(text));

// ---- an appliance's command line: words; a console path: our quotation marks hold the value

export function readCli(text) {
  const errors = /[^\x20-\x7e]/.test(text) ? ['unprintable'] : [];
  const structure = text.split(' ').map((word) => word.replace(/[A-Za-z0-9._:/@-]+/g, 'w'));
  return { structure, values: text.split(' '), errors };
}

export function readConsole(text) {
  // eslint-disable-next-line no-control-regex
  const errors = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/.test(text) ? ['an invisible character'] : [];
  const values = [...text.matchAll(/“([^”]*)”/g)].map((match) => match[1]);
  return { structure: [text.replace(/“[^”]*”/g, 's')], values, errors };
}

export const readers = {
  kql: readKql,
  spl: readSpl,
  esql: readEsql,
  sql: readSql,
  sigma: readSigma,
  sh: readSh,
  powershell: readPowershell,
  cli: readCli,
  console: readConsole,
};
