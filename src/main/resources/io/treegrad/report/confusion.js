'use strict';
// The confusion matrix is a table: readable by all, with the pictures of a cell beside it.
const mostClasses = 40;

function confusion(section, counts, gallery) {
  const mistakes = [];
  counts.forEach((line, truth) => line.forEach((count, predicted) => {
    if (truth !== predicted && count > 0) {
      mistakes.push({ truth, predicted, count });
    }
  }));
  mistakes.sort((a, b) => b.count - a.count);
  const wrong = mistakes.reduce((sum, cell) => sum + cell.count, 0);
  const top = mistakes.slice(0, 3).map(({ truth, predicted, count }) =>
    `${label(truth)} for ${label(predicted)} (${format.count(count)})`);
  about(section, wrong === 0 ? 'Nothing was taken for anything else.'
    : `${format.count(wrong)} rows were misread; most often taken: ${top.join(', ')}.`,
    gallery && wrong > 0 ? 'Point at a count, or choose it, to see the pictures behind it.' : '');
  if (counts.length > mostClasses) {
    about(section, `The table of ${counts.length} classes would not be readable: these are the commonest mistakes.`);
    section.append(table(['Class', 'Taken for', 'Rows'], mistakes.slice(0, 50).map(cell =>
      [label(cell.truth), label(cell.predicted), format.count(cell.count)]), { numbers: [2] }));
    return;
  }
  const panel = element('div', { class: 'cell', 'aria-live': 'polite' });
  const most = mistakes.length > 0 ? mistakes[0].count : 1;
  let pinned = null;

  function show({ truth, predicted, count }) {
    const shown = gallery && gallery.confused[truth * counts.length + predicted] || [];
    panel.replaceChildren(element('h3', {}, `${label(truth)} taken for ${label(predicted)}`),
      element('p', { class: 'about' }, `${format.count(count)} ${count === 1 ? 'row' : 'rows'}`
        + (shown.length < count && shown.length > 0 ? `, ${shown.length} of them shown` : '')
        + (gallery && shown.length === 0 ? ', none of them among the rows looked at' : '')),
      ...(shown.length > 0 ? [pictures(shown, 'few')] : []));
  }

  function cell(count, truth, predicted) {
    if (truth === predicted) {
      return element('td', { class: 'diagonal' }, format.count(count));
    }
    if (count === 0) {
      return element('td', { class: 'none', 'aria-label': '0' }, '·');
    }
    const mistake = { truth, predicted, count };
    const button = element('button', { type: 'button', 'aria-pressed': 'false',
      'aria-label': `${label(truth)} taken for ${label(predicted)}: ${count}` }, format.count(count));
    button.addEventListener('mouseenter', () => show(mistake));
    button.addEventListener('focus', () => show(mistake));
    button.addEventListener('click', () => {
      section.querySelectorAll('.matrix button').forEach(other =>
        other.setAttribute('aria-pressed', String(other === button)));
      pinned = mistake;
      show(mistake);
    });
    const share = (0.08 + 0.5 * Math.sqrt(count / most)).toFixed(3);
    const made = element('td', {}, button);
    made.style.setProperty('--share', share);
    return made;
  }

  const matrix = element('table', {},
    element('caption', {}, 'Rows: the true class. Columns: what it was taken for.'),
    element('thead', {}, element('tr', {}, element('td', {}), ...counts.map((_, i) =>
      element('th', { scope: 'col' }, label(i))), element('th', { scope: 'col' }, '% right'))),
    element('tbody', {}, ...counts.map((line, truth) => {
      const rows = line.reduce((sum, count) => sum + count, 0);
      return element('tr', {}, element('th', { scope: 'row' }, label(truth)),
        ...line.map((count, predicted) => cell(count, truth, predicted)),
        element('td', { class: 'diagonal-key' }, rows === 0 ? '' : (100 * line[truth] / rows).toFixed(1)));
    })));
  matrix.addEventListener('mouseleave', () => pinned && show(pinned));
  const few = counts.length <= 10 ? 'matrix few' : 'matrix';
  section.append(element('div', { class: 'confusion' }, element('div', { class: few, tabindex: '0' }, matrix), panel));
  if (mistakes.length > 0) {
    pinned = mistakes[0];
    show(pinned);
  } else {
    panel.remove();
  }
}
