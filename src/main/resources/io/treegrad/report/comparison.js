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

const hasCurve = metric => data.runs.some(run => known(run.epochs[part][metric.key]).length > 0);

function compare(figure, metric) {
  const measure = metric.key;
  const value = metricValue(metric);
  const shown = data.runs.filter(run => known(run.epochs[part][measure]).length > 0);
  const ranked = shown.map(run => [run.name, best(metric, known(run.epochs[part][measure]))])
    .sort((a, b) => metric.lowerIsBetter ? a[1] - b[1] : b[1] - a[1]);
  chart(figure, {
    title: `${strokes[part].name} ${metric.label} per epoch`,
    caption: ranked.length === 0 ? 'None of the runs has it.'
      : `Best: ${ranked[0][0]} with ${value(ranked[0][1])}` + (ranked.length > 1
        ? `; last: ${ranked.at(-1)[0]} with ${value(ranked.at(-1)[1])}.` : '.'),
    xName: 'epoch',
    value,
    tick: metricTick(metric),
    logarithmic: metric.lowerIsBetter,
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

const compareOther = otherMetrics(compare);
function draw() {
  for (const key of ownCharts) {
    if (metricOf(key)) {
      compare(byId(key), metricOf(key));
    } else {
      byId(key).hidden = true;
    }
  }
  compareOther(data.metrics.filter(hasCurve));
  choice(byId('part'), parts, part, one => strokes[one].name, one => {
    part = one;
    draw();
  });
}
draw();

const names = { train: 'training', validation: 'validation', test: 'test' };
const columns = Object.entries(names).flatMap(([one, name]) => data.metrics.map(metric => ({
  metric, name: name + ' ' + metric.label,
  texts: data.runs.map(run => run.figures[one][metric.key] ?? ''),
}))).filter(column => column.texts.some(text => text !== ''));
const first = Math.max(1, data.varied.length); // the columns before this name the run
const finals = table([...data.varied.length > 0 ? data.varied : ['network'], ...columns.map(column => column.name),
  'training time', 'run'],
  data.runs.map((run, i) => [...data.varied.length > 0 ? run.varied : [run.network],
    ...columns.map(column => column.texts[i]), run.time, run.id]),
  { numbers: [...columns, 0].map((_, i) => first + i), name: 'facts whole' });
columns.forEach(({ metric, texts }, at) => {
  // of the figures as they are shown, so that equal ones are equally good
  const values = texts.map(parseFloat);
  const top = best(metric, values.filter(Number.isFinite));
  values.forEach((value, run) => {
    if (value === top) {
      finals.tBodies[0].rows[run].cells[first + at].classList.add('best');
    }
  });
});
byId('finals').append(element('p', { class: 'about' }, 'Figures are those of the network that was kept; a star marks the best of each column.'),
  element('div', { class: 'scroll', tabindex: '0' }, finals));
