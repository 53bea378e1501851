'use strict';
// Elements, texts and what the browser keeps.

const $ = id => document.getElementById(id);
const narrow = matchMedia('(max-width: 62rem)');
let project = {routes: [], functions: [], samples: [], events: [], problems: [], broken: [], mostKept: 0, address: location.origin};

/** Makes an element of properties (attributes, value, on...) and children. Strings become text, never markup. */
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
/** Announces a text in the header for some seconds, to screen readers too; the same text is announced again. */
function say(text) {
  clearTimeout(saying);
  $('announcement').textContent = '';
  saying = setTimeout(() => {
    $('announcement').textContent = text;
    saying = setTimeout(() => $('announcement').textContent = '', 8000);
  }, 30);
}
const count = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's');
const time = millis => new Date(millis).toLocaleTimeString([], {hour12: false});
const elapsed = since => (Math.max(0, Date.now() - since) / 1000).toFixed(1) + ' s';
const duration = millis => millis < 10 ? millis.toFixed(1) + ' ms'
  : millis < 1000 ? Math.round(millis) + ' ms' : (millis / 1000).toFixed(2) + ' s';
const size = bytes => bytes < 1024 ? bytes + ' B'
  : bytes < 1048576 ? (bytes / 1024).toFixed(1) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
const tone = row => row.pending ? 'waiting'
  : row.status >= 500 || row.failed && row.status < 400 ? 'bad' : row.status >= 400 ? 'warn'
  : row.status < 300 ? 'good' : '';
const isInvocation = row => row.kind !== 'request';
const name = row => isInvocation(row) ? row.function : row.path;
const VERBS = {call: 'Invoke', event: 'Async', authorizer: 'Authorize'};
const verb = row => VERBS[row.kind] || row.method;
const API_TYPES = {rest: 'REST API', http: 'HTTP API', url: 'Function URL'};

/** A method in its color. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const method = text => el('span', {class: 'method ' + (METHODS.includes(text) ? text.toLowerCase() : 'other')}, text);

/** Text by name that the browser keeps for this page, where its settings allow that. */
const store = {
  get(name) {
    try { return localStorage.getItem('samlocal/' + name) } catch (error) { return null }
  },
  /** Keeps a text, or removes it if it is null; returns whether the browser allows that. */
  set(name, text) {
    try {
      if (text === null) localStorage.removeItem('samlocal/' + name);
      else localStorage.setItem('samlocal/' + name, text);
      return true;
    } catch (error) { return false }
  }
};
