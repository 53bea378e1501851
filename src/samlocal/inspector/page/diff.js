// The difference between the responses to one request, such as before and after an edit of the code.

const isSame = (one, other) => one.kind === other.kind && one.method === other.method && name(one) === name(other);

/** The last request before this one in the list with the same method and path. */
function earlierThan(row) {
  return [...rows.values()].filter(each => !each.pending && each.number < row.number && isSame(each, row))
    .sort((a, b) => b.number - a.number)[0];
}

/**
 * The lines of two texts as pairs of a sign and a line: ' ' for the longest common subsequence, '-' for removed and '+'
 * for added lines. What differs between very long texts is removed and added as a whole.
 */
function diff(before, after) {
  const old = before.split('\n'), now = after.split('\n'), result = [];
  let start = 0, end = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  while (end < old.length - start && end < now.length - start
    && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const a = old.slice(start, old.length - end), b = now.slice(start, now.length - end);
  const add = (sign, lines) => lines.forEach(line => result.push([sign, line]));
  add(' ', old.slice(0, start));
  if (a.length * b.length > 4e6) { add('-', a); add('+', b) } else {
    const lengths = Array.from({length: a.length + 1}, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { add(' ', [a[i]]); i++; j++ }
      else if (j === b.length || i < a.length && lengths[i + 1][j] >= lengths[i][j + 1]) add('-', [a[i++]]);
      else add('+', [b[j++]]);
    }
  }
  add(' ', old.slice(old.length - end));
  return result;
}

/** The elements for the lines of a difference. In long ones, unchanged lines far from any change are only counted. */
function diffLines(lines) {
  const near = lines.map((line, i) => lines.length < 40
    || lines.slice(Math.max(0, i - 3), i + 4).some(([sign]) => sign !== ' '));
  const shown = [];
  for (let i = 0; i < lines.length; i++) {
    if (near[i]) {
      const [sign, text] = lines[i];
      const type = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'same';
      shown.push(el(sign === '+' ? 'ins' : sign === '-' ? 'del' : 'span', {class: type}, sign + ' ' + text));
      continue;
    }
    let end = i;
    while (end < lines.length && !near[end]) end++;
    shown.push(el('span', {class: 'left-out'}, '… ' + count(end - i, 'unchanged line')));
    i = end - 1;
  }
  return shown;
}

function diffPart(title, before, after) {
  const isEqual = before === after;
  return [el('div', {class: 'part'}, el('h3', {}, title), el('small', {}, isEqual ? 'no difference' : '')),
    isEqual ? null : el('pre', {class: 'diff', tabindex: 0, 'aria-label': title + ', differences'},
      diffLines(diff(before, after)))].filter(Boolean);
}

/** Headers that differ in every response. */
const IDS = /^(x-amzn-requestid|x-amzn-trace-id|x-amz-apigw-id|apigw-requestid|date)$/i;

async function showDiff(before, after) {
  const wanted = location.hash;
  const both = await attempt(() => Promise.all([loadRequest(before), loadRequest(after)]));
  if (location.hash !== wanted) return;
  if (!both) return open(head('Compare #' + before + ' with #' + after),
    el('p', {class: 'ask none'}, 'One of these requests is no longer kept.'));
  const [old, now] = both;
  const headers = row => row.responseHeaders.filter(([key]) => !IDS.test(key))
    .map(([key, value]) => key + ': ' + value).sort().join('\n');
  const body = row => {
    const json = row.response.text == null || row.response.isCut ? null : pretty(row.response.text);
    return json ? json.textContent : row.response.text ?? row.response.base64 ?? row.response.hex;
  };
  const like = [...rows.values()].filter(each => !each.pending && each.number !== after && isSame(each, now));
  const others = [...new Set([before, ...like.map(each => each.number)])].sort((a, b) => b - a);
  const choice = el('select', {onchange: event => { location.hash = 'diff/' + event.target.value + '/' + after }},
    others.map(each => el('option', {value: each, selected: each === before}, '#' + each)));
  const link = row => el('a', {href: '#' + row.number}, '#' + row.number);
  const isOtherRequest = old.path !== now.path || old.body.text !== now.body.text || old.body.hex !== now.body.hex;
  const isCut = old.response.isCut || now.response.isCut;
  open(head(title(now), el('span', {class: 'removed'}, '- ', link(old), ' ' + time(old.time)),
    el('span', {class: 'added'}, '+ ', link(now), ' ' + time(now.time))),
  el('div', {class: 'ask'}, el('label', {class: 'line'}, el('span', {}, 'Compare with'), choice),
    isOtherRequest ? el('p', {class: 'warn'}, 'The requests differ too, in their path, query or body.') : null,
    isCut ? el('p', {class: 'warn'}, 'A body is over 256 KB: only the first part is kept and compared.') : null),
  el('div', {class: 'differences'}, diffPart('Status', String(old.status), String(now.status)),
    diffPart('Headers, without request and trace ids', headers(old), headers(now)),
    diffPart('Body', body(old), body(now))));
  if (narrow.matches) $('panel').querySelector('h2').focus();
}
