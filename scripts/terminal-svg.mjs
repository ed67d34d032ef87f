// Draws a terminal's lines. Each run of cells has an explicit position and width, so that the picture looks the same in
// any monospace font.

const CELL = { width: 7.8, height: 18 };
const FONT = `ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace`;
const PADDING = 16;
const BAR = 28;
const COLORS = {
  background: '#0d1117',
  frame: '#30363d',
  text: '#c9d1d9',
  // Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones.
  numbered: (
    '#6e7681 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4 ' +
    '#8b949e #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #ffffff'
  ).split(' '),
};

/** `lines`: see Screen. `title` describes the picture for screen readers. */
export function svgOf(lines, columns, title) {
  const width = Math.ceil(columns * CELL.width + 2 * PADDING);
  const height = BAR + lines.length * CELL.height + PADDING;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (color, i) => `<circle cx="${20 + 18 * i}" cy="16" r="5.5" fill="${color}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${COLORS.background}" stroke="${COLORS.frame}"/>`,
    dots.join(''),
    `<g font-family="${FONT}" font-size="13" fill="${COLORS.text}">`,
    ...lines.flatMap((line, i) => textsOf(line, BAR + (i + 1) * CELL.height - 5)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function textsOf(line, y) {
  let column = 0;
  const texts = [];
  for (const run of runsOf(line)) {
    // Some programs drop repeated spaces, and spaces at the ends.
    for (const { 0: text, index } of run.text.matchAll(/\S+(?: \S+)*/g)) {
      texts.push(textOf({ ...run, text, width: text.length * run.each }, column + index * run.each, y));
    }
    column += run.width;
  }
  return texts;
}

// Runs of cells with one style and one width.
function runsOf(line) {
  const runs = [];
  for (const { text, width, style } of line) {
    const last = runs.at(-1);
    if (last && last.style === style && last.each === width) {
      last.text += text;
      last.width += width;
    } else {
      runs.push({ text, width, style, each: width });
    }
  }
  return runs;
}

function textOf({ text, width, each, style }, column, y) {
  const position = (cells) => (PADDING + cells * CELL.width).toFixed(1);
  // Wide characters may come from another font, so each has its own position.
  const x =
    each === 1
      ? `x="${position(column)}" textLength="${(width * CELL.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
      : `x="${[...text].map((_, i) => position(column + i * each)).join(' ')}"`;
  const attributes = [
    style.color === undefined ? '' : ` fill="${COLORS.numbered[style.color]}"`,
    style.bold ? ' font-weight="bold"' : '',
    style.dim ? ' opacity="0.6"' : '',
  ].join('');
  return `<text ${x} y="${y}"${attributes}>${escaped(text)}</text>`;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
