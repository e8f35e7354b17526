'use strict';
// The page of several runs: one chart for all, and the figures they ended with.
startPage();
const inks = {
  light: ['#1f62a5', '#b8500a', '#6a45a0', '#2b7a3f', '#b3261e', '#4a5560', '#b03a83', '#7a7400'],
  dark: ['#7ab8f5', '#f5a25f', '#c3a5f3', '#79cc8a', '#ff8f86', '#b4bfca', '#f391cc', '#d4cc52'],
};
const dashes = ['solid', [7, 4], [2, 3], [10, 3, 2, 3]];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'path://M4,0H6V4H10V6H6V10H4V6H0V4H4Z',
  'path://M0,0L10,0L5,9Z',
  'path://M1,0L5,4L9,0L10,1L6,5L10,9L9,10L5,6L1,10L0,9L4,5L0,1Z', 'roundRect'];
const parts = Object.keys(strokes).filter(part =>
  data.runs.some(run => known(run.epochs[part].loss).length > 0));
let part = parts.includes('validation') ? 'validation' : parts[0];

function compare(measure) {
  const loss = measure === 'loss';
  const value = loss ? format.number : share => format.percent(share);
  const best = values => loss ? Math.min(...values) : Math.max(...values);
  const shown = data.runs.filter(run => known(run.epochs[part][measure]).length > 0);
  const ranked = shown.map(run => [run.name, best(known(run.epochs[part][measure]))])
    .sort((a, b) => loss ? a[1] - b[1] : b[1] - a[1]);
  chart(byId(measure), {
    title: `${strokes[part].name} ${measure} per epoch`,
    caption: ranked.length === 0 ? 'None of the runs has it.'
      : `Best: ${ranked[0][0]} with ${value(ranked[0][1])}` + (ranked.length > 1
        ? `; last: ${ranked.at(-1)[0]} with ${value(ranked.at(-1)[1])}.` : '.'),
    xName: 'epoch',
    value,
    tick: loss ? format.number : share => Number((100 * share).toFixed(2)) + '\u00a0%',
    logarithmic: loss,
    zoom: true,
    series: () => shown.map(run => {
      const i = data.runs.indexOf(run);
      return line(run.name, run.epochs.epoch.map((epoch, at) => [epoch, run.epochs[part][measure][at]]),
        { colour: inks[theme.name][i % 8], dash: dashes[Math.floor(i / 2) % 4], symbol: symbols[i % 8] });
    }),
    head: ['Run', 'Epoch', strokes[part].name],
    rows: () => shown.flatMap(run => run.epochs.epoch.map((epoch, at) => {
      const one = run.epochs[part][measure][at];
      return [run.name, format.count(epoch), one === null ? '' : value(one)];
    })),
  });
}

function draw() {
  compare('accuracy');
  compare('loss');
  byId('part').replaceChildren(...parts.map(one => {
    const button = element('button', { type: 'button', 'aria-pressed': String(one === part) }, strokes[one].name);
    button.addEventListener('click', () => {
      part = one;
      draw();
    });
    return button;
  }));
}
draw();

const measures = ['training', 'validation', 'test'].flatMap(name => [name + ' loss', name + ' accuracy']);
const columns = measures.map((_, i) => i).filter(i => data.runs.some(run => run.figures[i] !== ''));
const first = Math.max(1, data.varied.length); // the columns before this name the run
const finals = table([...data.varied.length > 0 ? data.varied : ['network'], ...columns.map(i => measures[i]),
  'training time', 'run'],
  data.runs.map(run => [...data.varied.length > 0 ? run.varied : [run.network], ...columns.map(i => run.figures[i]),
    run.time, run.id]),
  { numbers: [...columns, 0].map((_, i) => first + i), name: 'facts whole' });
columns.forEach((i, at) => {
  const values = data.runs.map(run => run.figures[i] === '' ? NaN : parseFloat(run.figures[i]));
  const best = (i % 2 === 0 ? Math.min : Math.max)(...values.filter(Number.isFinite));
  values.forEach((value, run) => {
    if (value === best) {
      finals.tBodies[0].rows[run].cells[first + at].classList.add('best');
    }
  });
});
byId('finals').append(element('p', { class: 'about' }, 'Figures are those of the network that was kept; a star marks the best of each column.'),
  element('div', { class: 'scroll', tabindex: '0' }, finals));
