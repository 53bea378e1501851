// The parts of a request: headers, bodies, logs and errors.

function message(row, headers, body, part) {
  const first = part === 'body' ? row.method + ' ' + row.path + ' ' + row.protocol
    : row.status ? 'Status ' + row.status : 'No response yet';
  return [el('div', {class: 'part'}, el('h3', {class: 'mono first', title: first}, first)),
    headers.length ? el('table', {class: 'heads', 'aria-label': 'Headers'}, el('tbody', {},
      headers.map(([key, value]) => el('tr', {}, el('th', {scope: 'row'}, key), el('td', {}, value))))) : null,
    row.pending && part === 'response' && !row.status ? null
      : content(row, body, part, mediaType(headers))].flat().filter(Boolean);
}

const mediaType = headers => ((headers.find(([key]) => /^content-type$/i.test(key)) || [])[1] || '')
  .replace(/;.*/, '').trim().toLowerCase();

/** A body or an event as text, JSON, a picture or bytes; {@code type} is its media type if it has one. */
function content(row, kept, part, type = '') {
  const title = {body: 'Body', response: 'Body', event: 'Event', answer: 'Response of the function'}[part];
  const none = text => [el('p', {class: 'none'}, text)];
  if (kept.length === 0 && row.pending) return none('Nothing has been sent yet.');
  if (kept.length === 0) return none(part === 'answer' ? 'The function returned nothing, or its response was streamed.'
    : 'No body.');
  if (kept.isCut && !kept.text && !kept.hex) return none('A file of ' + size(kept.length)
    + '; the content of files is not kept.');
  const isWhole = !kept.isCut && !row.pending;
  const json = kept.text == null || !isWhole ? null : pretty(kept.text);
  const text = json ? json.textContent : kept.text;
  const tools = el('span', {class: 'tools'},
    text == null ? '' : el('button', {type: 'button', onclick: () => copy(text, title.toLowerCase())}, 'Copy'),
    !isWhole ? '' : el('a', {class: 'button', download: true,
      href: 'api/requests/' + row.number + '/' + part}, 'Save'));
  const cutHex = kept.hex && kept.hex.length < kept.length * 3 - 1;
  const note = (kept.text == null ? 'binary' : json ? 'JSON' : 'text') + ', ' + size(kept.length)
    + (row.pending ? ' so far' : kept.isCut ? ', the first 256 KB are kept' : '')
    + (cutHex ? ', the first ' + (kept.hex.length + 1) / 3 + ' bytes are shown' : '');
  return [el('div', {class: 'part'}, el('h3', {}, title), el('small', {class: row.pending ? 'so-far' : null}, note),
    tools),
    isWhole ? picture(type, kept.base64 || /svg/.test(type) && toBase64(kept.text)) : null,
    el('pre', {tabindex: 0, 'aria-label': title, class: row.pending && text != null ? 'growing' : null},
      json || (text == null ? kept.hex + (cutHex ? ' …' : '') : text)),
    PICTURES.test(type) && text != null && !/svg/.test(type)
      ? el('p', {class: 'none'}, 'No preview: the body is text and not ' + type + '.') : null,
    ...decoded(kept)].filter(Boolean);
}

const PICTURES = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)$/;

/** A preview, if the media type is that of a picture. In an img element, an SVG runs no scripts and loads nothing. */
function picture(type, base64) {
  return PICTURES.test(type) && base64 ? el('p', {class: 'picture'}, el('img', {alt: 'Preview, ' + type,
    src: 'data:' + type + ';base64,' + base64})) : null;
}

function toBase64(text) {
  return text && btoa([...new TextEncoder().encode(text)].map(each => String.fromCharCode(each)).join(''));
}

/** The body in an event or a response with isBase64Encoded, decoded. */
function decoded(kept) {
  if (!kept.text || kept.isCut || !/"isBase64Encoded"\s*:\s*true/.test(kept.text)) return [];
  try {
    const message = JSON.parse(kept.text), bytes = Uint8Array.from(atob(message.body), each => each.charCodeAt(0));
    const headers = Object.entries(message.headers || {}), type = mediaType(headers);
    let text = null;
    try { text = new TextDecoder('utf-8', {fatal: true}).decode(bytes) } catch (error) { /* binary */ }
    const isText = text != null && !text.includes('\0');
    const title = 'Body, decoded from Base64';
    return [el('div', {class: 'part'}, el('h3', {}, title), el('small', {}, (isText ? 'text, ' : 'binary, ')
      + size(bytes.length))), picture(type, message.body),
      isText ? el('pre', {tabindex: 0, 'aria-label': title}, pretty(text) || text) : null].filter(Boolean);
  } catch (error) {
    return []; // the body is missing, or not Base64
  }
}

function log(row) {
  const of = row.invoked;
  if (!of.log) return el('p', {class: 'none'}, 'The function printed nothing.');
  return [el('div', {class: 'part'}, el('h3', {}, 'Log'),
    el('small', {}, of.isLogCut ? 'only the last 32 to 64 KB are kept, ' : '', 'request id ' + of.requestId),
    el('span', {class: 'tools'}, el('button', {type: 'button', onclick: () => copy(of.log, 'log')}, 'Copy'))),
    el('pre', {tabindex: 0, 'aria-label': 'Log'}, of.log)];
}

function error(row) {
  const trace = row.invoked && row.invoked.trace.replace(/^ *-->.*\n/, '');
  return [...problems(row), trace && /^ {4}(at|\.\.\.) /m.test(trace)
    ? el('pre', {tabindex: 0, 'aria-label': 'Stack trace'}, trace) : null];
}

/** The errors of a request or of code; only the first may have been sent. */
function problems(of) {
  const more = of.problemCount - of.problems.length;
  return [...of.problems.map(problem), more > 0 ? el('p', {class: 'none'}, 'The first ' + of.problems.length
    + ' errors are shown, ' + more + ' more are in the terminal.') : null];
}

/** What went wrong, where in the source, and what to do. */
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

/** Whether an array is short and has only plain values. */
function isShort(tokens, at) {
  let length = 0;
  for (let i = at + 1; length < 70 && i < tokens.length; i++) {
    if (tokens[i] === ']') return true;
    if (tokens[i] === '{' || tokens[i] === '[') return false;
    length += tokens[i].length + 1;
  }
  return false;
}

/** JSON indented and colored, with numbers and strings as they were written; null if it is not JSON. */
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
