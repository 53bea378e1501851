'use strict';
const $ = id => document.getElementById(id);
const narrow = matchMedia('(max-width: 62rem)');
let project = {routes: [], functions: [], samples: [], problems: [], address: location.origin};
let rows = new Map(), drafts = new Map(), tab = 'response', shown = null, loads = 0, isLoading = false;

// ---- elements and words

/** An element: properties (class, on..., data) and children; texts are texts, never markup. */
function el(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value == null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value') element.value = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child != null && child !== ''));
  return element;
}
let saying;
/** Says a thing to all, for a while; the same words once more are news too. */
function say(text) {
  clearTimeout(saying);
  $('said').textContent = '';
  saying = setTimeout(() => {
    $('said').textContent = text;
    saying = setTimeout(() => $('said').textContent = '', 8000);
  }, 30);
}
const count = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's');
const time = millis => new Date(millis).toLocaleTimeString([], {hour12: false});
const duration = millis => millis < 10 ? millis.toFixed(1) + ' ms'
  : millis < 1000 ? Math.round(millis) + ' ms' : (millis / 1000).toFixed(2) + ' s';
const size = bytes => bytes < 1024 ? bytes + ' B'
  : bytes < 1048576 ? (bytes / 1024).toFixed(1) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
const tone = row => row.status >= 500 || row.failed && row.status < 400 ? 'bad' : row.status >= 400 ? 'warn'
  : row.status < 300 ? 'good' : '';
const isCall = row => row.kind !== 'request';
const name = row => isCall(row) ? row.function : row.path;
const verb = row => !isCall(row) ? row.method : row.kind === 'authorizer' ? 'auth' : row.kind;

// ---- the server

async function ask(path, body) {
  const options = body === undefined ? {} : {method: 'POST', body: JSON.stringify(body),
    headers: {'X-Samlocal-Inspector': '1', 'Content-Type': 'application/json'}};
  const response = await fetch('api/' + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message || 'status ' + response.status);
  return answer;
}

async function attempt(work) {
  try { return await work() } catch (error) { say(error.message); return null }
}

function listen() {
  const live = new EventSource('api/live');
  const state = (text, type) => { $('status').textContent = text; $('status').className = 'state ' + type };
  live.addEventListener('hello', () => {
    state('live', 'live');
    loadProject();
    loadRows();
  });
  live.addEventListener('news', event => news(JSON.parse(event.data)));
  live.addEventListener('busy', () => {
    live.close();
    state('too many pages are open: reload to see more', 'lost');
  });
  live.onerror = () => state('no server, trying again', 'lost');
}

function news(data) {
  if (data.revision !== project.revision) loadProject();
  for (const number of rows.keys()) if (number < data.first) rows.delete(number);
  if (filters() || isLoading) return loadRows();
  data.requests.forEach(row => rows.set(row.number, row));
  showRows(data.requests.map(row => row.number));
  const last = data.requests[data.requests.length - 1];
  if (last) say(data.requests.length > 1 ? count(data.requests.length, 'new request')
    : verb(last) + ' ' + name(last) + ' ' + last.status + ', ' + duration(last.millis));
}

async function loadProject() {
  const found = await attempt(() => ask('project'));
  if (!found) return;
  const isOther = project.revision !== found.revision;
  project = found;
  showProject();
  const isIdle = !$('panel').contains(document.activeElement);
  if (isOther && isIdle && /^#(call|invoke)/.test(location.hash)) route(true);
}

/** What comes while the list is on its way may not be in it, so it is asked for again. */
async function loadRows() {
  const turn = ++loads;
  isLoading = true;
  const query = '?q=' + encodeURIComponent($('filter').value) + ($('failed').checked ? '&errors=1' : '');
  const found = await attempt(() => ask('requests' + query));
  if (turn !== loads) return;
  isLoading = false;
  if (!found) return;
  rows = new Map(found.requests.reverse().map(row => [row.number, row]));
  showRows([]);
}
const filters = () => $('filter').value.trim() || $('failed').checked;

// ---- routes and functions

const key = route => encodeURIComponent(route.api + ' ' + route.method + ' ' + route.path);

function showProject() {
  document.title = 'samlocal – ' + project.title;
  $('title').textContent = project.title;
  $('title').title = project.address;
  const apis = new Map();
  project.routes.forEach(route => apis.set(route.api, [...apis.get(route.api) || [], route]));
  const lists = [...apis].map(([api, routes]) => [
    el('h2', {}, apis.size > 1 ? api : 'Routes', ' ', el('small', {}, routes[0].type)),
    el('ul', {}, routes.map(route => el('li', {}, el('a', {href: '#call/' + key(route),
      title: route.method + ' ' + route.path + '  ' + route.function},
      el('span', {class: 'method'}, route.method), el('span', {class: 'name'}, route.path)))))]);
  const functions = el('ul', {}, project.functions.map(each => el('li', {}, el('a',
    {href: '#invoke/' + encodeURIComponent(each.id), title: each.handler},
    el('span', {class: 'method'}, 'call'),
    el('span', {class: each.obstacle ? 'name off' : 'name'}, each.id)))));
  $('routes').replaceChildren(...lists.flat(), el('h2', {}, 'Functions'),
    project.functions.length ? functions : el('p', {class: 'none'}, 'none'));
  $('broken').hidden = !project.problems.length;
  const words = 'The template as it is saved has a fault; what it last said is served.';
  $('broken').replaceChildren(el('p', {}, words), ...project.problems.map(problem));
  mark();
  showEmpty();
}

// ---- the list of requests

function line(row, isNew) {
  return el('tr', {class: isNew ? 'new' : null, 'data-number': row.number},
    el('td', {}, time(row.time)),
    el('td', {class: 'mono'}, verb(row)),
    el('td', {title: name(row)}, el('a', {href: '#requests/' + row.number}, name(row))),
    el('td', {class: 'status ' + tone(row)}, String(row.status)),
    el('td', {class: 'number'}, duration(row.millis)),
    el('td', {class: 'wide', title: row.function}, row.function),
    el('td', {class: 'wide ' + (row.failed ? tone(row) : ''), title: row.notes.join('\n')},
      row.notes.join(', ')));
}

/** Keeps the rows that are there: one of them may have the focus. */
function showRows(fresh) {
  const body = $('rows'), known = new Map([...body.rows].map(row => [Number(row.dataset.number), row]));
  const numbers = [...rows.keys()].sort((a, b) => b - a);
  known.forEach((row, number) => { if (!rows.has(number)) row.remove() });
  let next = body.firstElementChild;
  for (const number of numbers) {
    if (next && Number(next.dataset.number) === number) { next = next.nextElementSibling; continue }
    body.insertBefore(known.get(number) || line(rows.get(number), fresh.includes(number)), next);
  }
  $('count').textContent = count(numbers.length, filters() ? 'match' : 'request').replace('matchs', 'matches');
  mark();
  showEmpty();
}

function showEmpty() {
  $('empty').hidden = rows.size > 0;
  $('empty').replaceChildren(...filters() ? ['Nothing fits the filter.']
    : ['No requests yet. Choose a route, or send one to ', el('code', {}, project.address)]);
}

/** Shows which request, route or function the panel is about. */
function mark() {
  const number = (location.hash.match(/^#requests\/(\d+)/) || [])[1];
  for (const row of $('rows').rows) {
    const isChosen = row.dataset.number === number;
    row.classList.toggle('chosen', isChosen);
    row.querySelector('a').toggleAttribute('aria-current', isChosen);
  }
  document.querySelectorAll('nav a').forEach(link => {
    if (link.getAttribute('href') === location.hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
}

$('rows').addEventListener('click', event => {
  const row = event.target.closest('tr');
  const isMeant = row && !event.target.closest('a') && !String(getSelection());
  if (isMeant) location.hash = 'requests/' + row.dataset.number;
});

$('rows').addEventListener('keydown', event => {
  const row = event.target.closest('tr'), all = $('rows').rows;
  const to = {ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: all[0],
    End: all[all.length - 1]}[event.key];
  if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  to.querySelector('a').focus();
  to.scrollIntoView({block: 'nearest'});
  if (/^#requests/.test(location.hash)) location.replace('#requests/' + to.dataset.number);
});

let typing;
$('filter').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(loadRows, 120) });
$('failed').addEventListener('change', loadRows);
$('search').addEventListener('submit', event => { event.preventDefault(); loadRows() });
$('clear').addEventListener('click', async () => {
  await attempt(() => ask('clear', {}));
  loadRows();
  say('cleared');
});
$('skip').addEventListener('click', event => {
  event.preventDefault();
  ($('rows').querySelector('a') || $('filter')).focus();
});

document.addEventListener('keydown', event => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === '/' && !isTyping) { event.preventDefault(); $('filter').focus() }
  if (event.key === 'Escape' && document.body.classList.contains('open') && !isTyping) close();
});

function close() {
  const before = location.hash;
  location.hash = '';
  const number = (before.match(/^#requests\/(\d+)/) || [])[1];
  const row = number ? $('rows').querySelector('[data-number="' + number + '"] a')
    : document.querySelector('nav a[href="' + CSS.escape(before) + '"]');
  setTimeout(() => (row || $('filter')).focus());
}

// ---- the panel

function open(...children) {
  document.body.classList.add('open');
  $('panel').hidden = false;
  $('panel').replaceChildren(...children);
  $('panel').scrollTop = 0;
  $('panel').dataset.view = shown;
}

function head(title, ...facts) {
  return el('div', {class: 'head'},
    el('button', {type: 'button', class: 'close', onclick: close, 'aria-label': 'Back to the requests'},
      el('span', {class: 'back'}, '← Requests'),
      el('span', {class: 'x', 'aria-hidden': 'true'}, '✕')),
    el('h2', {tabindex: -1}, title), el('p', {class: 'facts'}, facts));
}

/** Shows what the address asks for; the focus stays where it is if nobody has asked just now. */
async function route(isIdle) {
  const [kind, what, more] = location.hash.slice(1).split('/');
  mark();
  shown = location.hash;
  if (kind === 'requests') return showRequest(Number(what));
  if (kind === 'edit') return edit(Number(what));
  if (kind === 'call') {
    const found = project.routes.find(each => key(each) === what);
    if (found) return showForm(call(found), isIdle === true);
  }
  if (kind === 'invoke') {
    const found = project.functions.find(each => encodeURIComponent(each.id) === what);
    if (found) return showForm(invoke(found, more), isIdle === true);
  }
  document.body.classList.remove('open');
  $('panel').hidden = true;
}

async function showRequest(number) {
  const wanted = location.hash;
  const isOpen = document.body.classList.contains('open');
  const row = await attempt(() => ask('requests/' + number));
  if (location.hash !== wanted) return;
  if (!row) return open(head('Request ' + number), el('p', {class: 'ask none'}, 'It is no longer kept.'));
  open(...detail(row, head(verb(row) + ' ' + name(row), facts(row))));
  if (narrow.matches && !isOpen) $('panel').querySelector('h2').focus();
}

function facts(row) {
  const cold = row.cold ? 'cold start, ' + duration(row.invoked.initMillis) : 'warm';
  return [el('span', {class: 'status ' + tone(row)}, String(row.status)), el('span', {}, duration(row.millis)),
    el('span', {}, time(row.time)), row.function !== '-' && !isCall(row) ? el('span', {}, row.function) : '',
    row.cold == null ? '' : el('span', {class: 'tag'}, cold),
    ...row.notes.filter(note => note !== 'cold start').map(note => el('span', {}, note))];
}

/** The panel's content for a request: what can be done with it, and its parts. */
function detail(row, title) {
  const of = row.invoked, fails = row.problems.length || of && of.trace;
  const link = (text, href, more) => el('a', {class: 'button', href, ...more}, text);
  const button = (text, onclick) => el('button', {type: 'button', onclick}, text);
  const actions = el('div', {class: 'actions'},
    row.body.isCut ? '' : button('Replay', () => replay(row.number)),
    isCall(row) ? '' : link('Edit and replay', '#edit/' + row.number),
    of ? link(isCall(row) ? 'Edit and call again' : 'Call with this event',
      '#invoke/' + encodeURIComponent(row.function) + '/' + row.number) : '',
    row.curl ? button('Copy as curl', () => copy(row.curl, 'curl command')) : '',
    of && !of.event.isCut ? link('Save event', 'api/requests/' + row.number + '/event', {download: true,
      title: 'a file for: samlocal invoke ' + row.function + ' --event FILE'}) : '');
  const parts = [
    fails ? ['error', 'Error', null, () => error(row)] : null,
    ['response', 'Response', row.response.length > 0 ? size(row.response.length) : null,
      () => message(row, row.responseHeaders, row.response, 'response')],
    of ? ['event', 'Event', size(of.event.length), () => content(row, of.event, 'event')] : null,
    of ? ['answer', 'Answer', of.answer.length > 0 ? size(of.answer.length) : null,
      () => content(row, of.answer, 'answer')] : null,
    of ? ['log', 'Log', of.log ? count(lines(of.log).length, 'line') : null, () => log(row)] : null,
    ['request', 'Request', row.body.length > 0 ? size(row.body.length) : null,
      () => message(row, row.headers, row.body, 'body')]].filter(Boolean);
  return [title, actions, ...tabs(parts, fails ? 'error' : tab)];
}

async function replay(number) {
  const sent = await attempt(() => ask('requests/' + number + '/replay', {}));
  if (sent) location.hash = 'requests/' + sent.number;
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(what + ' copied');
  } catch (error) {
    say('the browser does not let the page copy');
  }
}

/** Tabs as in the ARIA Authoring Practices: arrows move between them, the panel is next. */
function tabs(parts, wanted) {
  const panel = el('div', {role: 'tabpanel', id: 'part', tabindex: 0});
  const list = el('div', {role: 'tablist', 'aria-label': 'Parts of the request'});
  const choose = (id, byHand) => {
    const part = parts.find(each => each[0] === id) || parts[0];
    if (byHand) tab = part[0];
    for (const each of list.children) {
      const isChosen = each.id === 'tab-' + part[0];
      each.setAttribute('aria-selected', isChosen);
      each.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', 'tab-' + part[0]);
    panel.replaceChildren(...[part[3]()].flat().filter(Boolean));
  };
  for (const [id, title, note] of parts) {
    list.append(el('button', {type: 'button', role: 'tab', id: 'tab-' + id, 'aria-controls': 'part',
      class: id === 'error' ? 'bad' : null, onclick: () => choose(id, true)},
      title, note ? el('small', {}, ' ' + note) : ''));
  }
  list.addEventListener('keydown', event => {
    const all = [...list.children], at = all.indexOf(document.activeElement);
    const to = {ArrowRight: all[(at + 1) % all.length], ArrowLeft: all[(at + all.length - 1) % all.length],
      Home: all[0], End: all[all.length - 1]}[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.click();
  });
  choose(wanted, false);
  return [list, panel];
}

function message(row, headers, body, part) {
  const first = part === 'body' ? row.method + ' ' + row.path + ' ' + row.protocol : 'Status ' + row.status;
  return [el('div', {class: 'part'}, el('h3', {class: 'mono'}, first)),
    el('table', {class: 'heads', 'aria-label': 'Headers'}, el('tbody', {}, headers.map(([key, value]) =>
      el('tr', {}, el('th', {scope: 'row'}, key), el('td', {}, value))))),
    content(row, body, part)].flat();
}

function content(row, kept, part) {
  const title = {body: 'Body', response: 'Body', event: 'Event', answer: 'Answer of the handler'}[part];
  const none = text => [el('p', {class: 'none'}, text)];
  if (kept.length === 0) return none(part === 'answer' ? 'The handler gave no answer.' : 'No body.');
  if (kept.isCut && !kept.text && !kept.hex) return none(size(kept.length) + ' of a file, not kept.');
  const json = kept.text == null || kept.isCut ? null : pretty(kept.text);
  const text = json ? json.textContent : kept.text;
  const tools = el('span', {class: 'tools'},
    text == null ? '' : el('button', {type: 'button', onclick: () => copy(text, title.toLowerCase())}, 'Copy'),
    kept.isCut ? '' : el('a', {class: 'button', download: true,
      href: 'api/requests/' + row.number + '/' + part}, 'Save'));
  const note = (kept.text == null ? 'not text' : json ? 'JSON' : 'text') + ', ' + size(kept.length)
    + (kept.isCut ? ', of which the first 256 KB are kept' : '');
  return [el('div', {class: 'part'}, el('h3', {}, title), el('small', {}, note), tools),
    el('pre', {tabindex: 0, 'aria-label': title}, json || (text == null ? kept.hex + ' …' : text))];
}

function log(row) {
  const of = row.invoked;
  if (!of.log) return el('p', {class: 'none'}, 'The function printed nothing.');
  return [el('div', {class: 'part'}, el('h3', {}, 'Log'),
    el('small', {}, of.isLogCut ? 'the newest of it, ' : '', 'request id ' + of.requestId),
    el('span', {class: 'tools'}, el('button', {type: 'button', onclick: () => copy(of.log, 'log')}, 'Copy'))),
    el('pre', {tabindex: 0, 'aria-label': 'Log'}, of.log)];
}

function error(row) {
  const trace = row.invoked && row.invoked.trace.replace(/^ *-->.*\n/, '');
  return [...row.problems.map(problem),
    trace && /^ {4}/m.test(trace) ? el('pre', {tabindex: 0, 'aria-label': 'Stack trace'}, trace) : null];
}

/** A fault, its place in the source, and what helps. */
function problem(each) {
  const lines = (each.lines || []).map((text, i) => {
    const number = each.first + i, isHere = number === each.line;
    const gutter = String(number).padStart(String(each.first + each.lines.length).length) + '  ';
    return [el('span', {class: isHere ? 'here' : null}, el('i', {}, gutter), text || ' '),
      isHere && each.caret ? el('span', {class: 'caret'}, ' '.repeat(gutter.length) + each.caret) : null];
  }).flat().filter(Boolean);
  return el('div', {class: 'problem'}, el('p', {class: 'what'}, each.message),
    each.place ? el('p', {class: 'mono'}, each.place, each.isChanged ? ' (changed since)' : '') : null,
    lines.length ? el('pre', {class: 'excerpt', tabindex: 0, 'aria-label': 'Source'}, lines) : null,
    each.hint ? el('p', {}, 'help: ' + each.hint) : null);
}

/** Whether an array has but plain values, and few. */
function isShort(tokens, at) {
  let length = 0;
  for (let i = at + 1; length < 70 && i < tokens.length; i++) {
    if (tokens[i] === ']') return true;
    if (tokens[i] === '{' || tokens[i] === '[') return false;
    length += tokens[i].length + 1;
  }
  return false;
}

/** JSON laid out with its own numbers and texts, as coloured elements; null for what is no JSON. */
function pretty(text) {
  try { JSON.parse(text) } catch (error) { return null }
  const result = el('code', {});
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) || [];
  const isColoured = text.length < 200000;
  let plain = '', depth = 0, isInline = false;
  const add = (token, type) => {
    if (!isColoured) { plain += token; return }
    result.append(plain, el('span', {class: type}, token));
    plain = '';
  };
  tokens.forEach((token, i) => {
    const next = tokens[i + 1], before = tokens[i - 1];
    if (token === '[' && isShort(tokens, i)) isInline = true;
    if (isInline && token === '[') plain += token;
    else if (isInline && token === ']') { plain += token; isInline = false }
    else if (isInline && token === ',') plain += ', ';
    else if (token === '{' || token === '[') {
      const isEmpty = next === '}' || next === ']';
      plain += token + (isEmpty ? '' : '\n' + '  '.repeat(++depth));
    } else if (token === '}' || token === ']') {
      plain += (before === '{' || before === '[' ? '' : '\n' + '  '.repeat(--depth)) + token;
    } else if (token === ',') plain += ',\n' + '  '.repeat(depth);
    else if (token === ':') plain += ': ';
    else add(token, token[0] !== '"' ? 'a' : next === ':' ? 'k' : 's');
  });
  result.append(plain);
  return result;
}

// ---- forms

function showForm(parts, isIdle) {
  open(...parts);
  if (!isIdle) $('panel').querySelector(narrow.matches ? 'h2' : 'input, textarea').focus();
}

/** What was typed, kept for as long as the page is. */
function draft(id, initial) {
  if (!drafts.has(id)) drafts.set(id, initial);
  return drafts.get(id);
}

function field(values, name, label, properties = {}, tag = 'input') {
  const input = el(tag, {value: values[name], autocomplete: 'off', spellcheck: 'false', class: 'mono',
    ...properties, oninput: event => {
      values[name] = event.target.value;
      if (values.changed) values.changed();
    }});
  return el('label', {}, el('span', {}, label), input);
}

function area(values, name, label, properties = {}) {
  return field(values, name, label, {rows: 2, ...properties}, 'textarea');
}

const lines = text => text.split('\n').map(line => line.trim()).filter(Boolean);
const pairs = (text, mark) => lines(text).map(line => {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
});

function call(of) {
  const needed = part => of.needs.filter(each => each.startsWith(part + '.'))
    .map(each => each.slice(part.length + 1));
  const initial = {method: of.method === 'ANY' ? 'GET' : of.method, rest: '',
    query: needed('querystring').map(each => each + '=').join('\n'),
    headers: [/^P(OST|UT|ATCH)$/.test(of.method) ? 'Content-Type: application/json' : '',
      ...needed('header').map(each => each + ': ')].filter(Boolean).join('\n'), body: ''};
  of.parameters.forEach(each => initial['{' + each] = '');
  const values = draft('call/' + key(of), initial), isDefault = /\$default$/.test(of.path);
  const path = () => {
    const filled = of.path.replace(/\{([^{}]+)\}/g, (all, each) => values['{' + each] === '' ? all
      : /\+$/.test(each) ? encodeURI(values['{' + each]) : encodeURIComponent(values['{' + each]));
    const query = pairs(values.query, '=').map(pair => pair.map(encodeURIComponent).join('=')).join('&');
    return (isDefault ? '/' + encodeURI(values.rest.replace(/^\//, '')) : filled) + (query ? '?' + query : '');
  };
  const inPath = of.parameters.map(each =>
    field(values, '{' + each, each.replace(/\+$/, ''), {required: true}));
  const fields = [inPath.length ? el('fieldset', {}, el('legend', {}, 'Path'), inPath) : null,
    isDefault ? field(values, 'rest', 'Path', {placeholder: '/'}) : null,
    area(values, 'query', 'Query, one name=value a line')];
  const host = of.host ? [['Host', of.host]] : [];
  const facts = [of.function === '-' ? of.handler : of.function, of.api, of.place];
  return form(of.method + ' ' + of.path, facts, values, of.method === 'ANY', fields, path, host);
}

/** The form of one request; {@code path} makes its path, with the query. */
function form(title, facts, values, hasMethod, fields, path, host, bodyOf) {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  if (!methods.includes(values.method)) methods.unshift(values.method);
  const url = el('output', {}), result = el('div', {class: 'result', hidden: true});
  const server = host.length ? project.address.replace(/\/\/.*/, '//' + host[0][1]) : project.address;
  const body = area(values, 'body', 'Body', {class: 'mono'});
  values.changed = () => {
    url.textContent = values.method + ' ' + server + path();
    body.hidden = /^(GET|HEAD)$/.test(values.method) && !values.body;
  };
  values.changed();
  const send = () => perform(result, {method: values.method, path: path(),
    headers: [...host, ...pairs(values.headers, ':')], ...bodyOf ? {bodyOf} : {body: values.body}});
  return [head(title, facts.filter(Boolean).map(each => el('span', {}, each))), submits(send,
    hasMethod ? el('label', {}, el('span', {}, 'Method'), el('select', {onchange: event => {
      values.method = event.target.value;
      values.changed();
    }}, methods.map(each => el('option', {selected: each === values.method}, each)))) : null,
    ...fields, area(values, 'headers', 'Headers, one Name: value a line'),
    bodyOf ? el('p', {class: 'none'}, 'The body is no text: that of request ' + bodyOf + ' is sent as it was.')
      : body,
    url, el('div', {class: 'line'}, el('button', {class: 'main'}, 'Send'))), result];
}

/** A form that is sent by its button, Enter in a field, or Ctrl+Enter anywhere. */
function submits(send, ...children) {
  const button = form => form.querySelector('button.main');
  const element = el('form', {class: 'ask', onsubmit: async event => {
    event.preventDefault();
    button(element).disabled = true;
    await send();
    button(element).disabled = false;
  }, onkeydown: event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.requestSubmit(button(element));
  }}, children);
  return element;
}

async function perform(result, request) {
  const wanted = shown;
  const show = (...children) => { result.hidden = false; result.replaceChildren(...children) };
  try {
    const sent = await ask('send', request);
    const row = await ask('requests/' + sent.number);
    if (shown !== wanted) return;
    const title = el('a', {href: '#requests/' + row.number}, 'Request ' + row.number);
    tab = 'response';
    show(...detail(row, el('div', {class: 'head'}, el('h2', {}, title),
      el('p', {class: 'facts'}, facts(row)))));
    say('status ' + row.status + ', ' + duration(row.millis));
    result.scrollIntoView({block: 'nearest'});
  } catch (error) {
    show(el('p', {class: 'ask error', role: 'alert'}, error.message));
  }
}

async function edit(number) {
  const wanted = location.hash;
  const row = await attempt(() => ask('requests/' + number));
  if (location.hash !== wanted) return;
  if (!row) return showRequest(number);
  const own = ['content-length', 'host'];
  const usual = project.address.split('//')[1];
  const host = row.headers.filter(([key, value]) => /^host$/i.test(key) && value !== usual);
  const values = draft(location.hash.slice(1), {method: row.method, path: row.path, body: row.body.text || '',
    headers: row.headers.filter(([key]) => !own.includes(key.toLowerCase())).map(pair => pair.join(': '))
      .join('\n')});
  const isText = row.body.text != null && !row.body.isCut;
  const path = field(values, 'path', 'Path and query');
  showForm(form('Edit request ' + number, [row.function], values, true, [path], () => values.path, host,
    row.body.length && !isText ? number : 0));
}

/** A function called without any API, with an event: a sample, that of a request, or whatever is typed. */
function invoke(of, number) {
  const values = draft('invoke/' + of.id + '/' + (number || ''),
    {event: number ? '' : '{}', type: 'RequestResponse'});
  const event = area(values, 'event', 'Event', {class: 'mono tall', rows: 12, 'aria-describedby': 'fault'});
  const input = event.querySelector('textarea');
  const fault = el('p', {class: 'error', id: 'fault', role: 'alert'});
  const fill = text => {
    const json = pretty(text);
    input.value = values.event = json ? json.textContent : text;
  };
  const services = [...new Set(project.samples.map(each => each.service))];
  const samples = el('select', {onchange: async event => {
    const [service, type] = event.target.value.split(' ');
    if (!service) return;
    const query = '?service=' + encodeURIComponent(service) + '&type=' + encodeURIComponent(type);
    const found = await attempt(() => ask('sample' + query));
    if (found) fill(JSON.stringify(found));
  }}, el('option', {value: ''}, 'a sample event…'), services.map(service => el('optgroup',
      {label: service},
    project.samples.filter(each => each.service === service).map(each =>
      el('option', {value: service + ' ' + each.type, title: each.description}, service + ' ' + each.type)))));
  const way = el('select', {onchange: event => values.type = event.target.value},
    [['RequestResponse', 'wait for the answer'], ['Event', 'do not wait']].map(([value, text]) =>
      el('option', {value, selected: value === values.type}, text)));
  if (number && !values.event) attempt(async () => {
    const row = await ask('requests/' + number);
    if (row.invoked && row.invoked.event.text != null) fill(row.invoked.event.text);
  });
  const result = el('div', {class: 'result', hidden: true});
  const send = async () => {
    fault.textContent = '';
    try {
      JSON.parse(values.event || '{}');
    } catch (error) {
      fault.textContent = error.message;
      input.focus();
      return;
    }
    await perform(result, {method: 'POST', body: values.event,
      headers: [['Content-Type', 'application/json'], ['X-Amz-Invocation-Type', values.type]],
      path: '/2015-03-31/functions/' + encodeURIComponent(of.id) + '/invocations'});
  };
  return [head('call ' + of.id, el('span', {}, of.handler), el('span', {}, of.runtime),
    of.obstacle ? el('span', {class: 'warn'}, of.obstacle) : ''),
    submits(send, el('div', {class: 'line'}, el('label', {}, el('span', {}, 'Start from'), samples),
      el('label', {}, el('span', {}, 'Invocation'), way)), event, fault,
    el('div', {class: 'line'}, el('button', {class: 'main'}, 'Call'))), result];
}

const fold = () => $('targets').open = !narrow.matches;
narrow.addEventListener('change', fold);
fold();
addEventListener('hashchange', () => route());
addEventListener('focus', loadProject);
loadProject().then(() => route());
listen();
