// The forms of routes and of requests that are edited.

const drafts = new Map();

function showForm(parts, isIdle) {
  open(...parts);
  if (!isIdle) $('panel').querySelector(narrow.matches ? 'h2' : 'input, textarea').focus();
}

/** What was typed into a form, kept until the page is left. */
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

const CONTENT_TYPE = 'Content-Type: application/json';

/** Header lines, with our content type if the method has a body and no other content type is given. */
function withContentType(method, headers) {
  const others = lines(headers).filter(line => line !== CONTENT_TYPE);
  const needsOne = /^(POST|PUT|PATCH)$/.test(method) && !others.some(line => /^content-type\s*:/i.test(line));
  return [...needsOne ? [CONTENT_TYPE] : [], ...others].join('\n');
}

function call(of) {
  const needed = part => of.needs.filter(each => each.startsWith(part + '.'))
    .map(each => each.slice(part.length + 1));
  const initial = {method: of.method === 'ANY' ? 'GET' : of.method, rest: '',
    query: needed('querystring').map(each => each + '=').join('\n'),
    headers: needed('header').map(each => each + ': ').join('\n'), body: ''};
  initial.headers = withContentType(initial.method, initial.headers);
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
    area(values, 'query', 'Query, one name=value per line')];
  const host = of.host ? [['Host', of.host]] : [];
  const facts = [of.function === '-' ? of.handler : of.function, of.api, of.place];
  return form(of.method + ' ' + of.path, facts, values, of.method === 'ANY', fields, path, host);
}

/**
 * The form of one request. The function {@code path} returns its path with the query; {@code bodyOf} is the number of a
 * request whose body is sent instead of text.
 */
function form(title, facts, values, hasMethod, fields, path, host, bodyOf) {
  const methods = METHODS.includes(values.method) ? METHODS : [values.method, ...METHODS];
  const url = el('output', {}), result = el('div', {class: 'result', hidden: true});
  const server = host.length ? project.address.replace(/\/\/.*/, '//' + host[0][1]) : project.address;
  const body = area(values, 'body', 'Body', {class: 'mono'});
  const noBody = el('p', {class: 'none'});
  const headers = area(values, 'headers', 'Headers, one Name: value per line');
  const takesBody = () => !/^(GET|HEAD)$/.test(values.method) || values.isBodyKept;
  values.changed = () => {
    url.textContent = values.method + ' ' + server + path();
    body.hidden = !takesBody();
    noBody.hidden = takesBody();
    noBody.textContent = 'No body: clients send none with ' + values.method + '.';
  };
  values.changed();
  const choose = event => {
    values.method = event.target.value;
    values.headers = headers.querySelector('textarea').value = withContentType(values.method, values.headers);
    values.changed();
  };
  const send = () => perform(result, {method: values.method, path: path(),
    headers: [...host, ...pairs(values.headers, ':')], ...bodyOf ? {bodyOf} : {body: takesBody() ? values.body : ''}});
  return [head(title, facts.filter(Boolean).map(each => el('span', {}, each))), submits(send,
    hasMethod ? el('label', {}, el('span', {}, 'Method'), el('select', {onchange: choose},
      methods.map(each => el('option', {selected: each === values.method}, each)))) : null,
    ...fields, headers,
    bodyOf ? el('p', {class: 'none'}, 'The body of request ' + bodyOf + ' is not text. It is sent unchanged.')
      : [body, noBody],
    url, el('div', {class: 'line'}, el('button', {class: 'main'}, 'Send'))), result];
}

/** A form that is sent with its button, with Enter in a field, or with Ctrl+Enter anywhere. */
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

/** Sends a request and shows the response below the form; while it is pending, the elapsed time. */
async function perform(result, request) {
  const wanted = shown, page = newPage(), started = Date.now();
  const show = (...children) => { result.hidden = false; result.replaceChildren(...children) };
  const showRow = row => show(...detail(row, el('div', {class: 'head'},
    el('h2', {}, el('a', {href: '#requests/' + row.number}, 'Request ' + row.number)),
    el('p', {class: 'facts'}, facts(row)))));
  show(el('p', {class: 'ask line'}, el('span', {}, 'Waiting for the response, ',
    el('span', {'data-since': started}, elapsed(started))),
  el('button', {type: 'button', class: 'cancel', onclick: () => cancel({page})}, 'Cancel')));
  watch({page}, null, result, showRow);
  try {
    const sent = await ask('send', request, page);
    const row = await loadRequest(sent.number);
    if (shown !== wanted) return;
    watched = null;
    tab = 'response';
    showRow(row);
    say('status ' + row.status + ', ' + duration(row.millis));
    result.scrollIntoView({block: 'nearest'});
  } catch (error) {
    if (shown !== wanted) return;
    watched = null;
    show(el('p', {class: 'ask error', role: 'alert'}, error.message));
  }
}

async function edit(number) {
  const wanted = location.hash;
  const row = await attempt(() => loadRequest(number));
  if (location.hash !== wanted) return;
  if (!row) return showRequest(number);
  const own = ['content-length', 'host'];
  const usual = project.address.split('//')[1];
  const host = row.headers.filter(([key, value]) => /^host$/i.test(key) && value !== usual);
  const values = draft(location.hash.slice(1), {method: row.method, path: row.path, body: row.body.text || '',
    headers: row.headers.filter(([key]) => !own.includes(key.toLowerCase())).map(pair => pair.join(': '))
      .join('\n')});
  const isText = row.body.text != null && !row.body.isCut;
  values.isBodyKept = row.body.length > 0;
  const path = field(values, 'path', 'Path and query');
  showForm(form('Edit request ' + number, [row.function], values, true, [path], () => values.path, host,
    row.body.length && !isText ? number : 0));
}
