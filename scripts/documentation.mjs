import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked } from 'marked';
import { root } from './paths.mjs';

const folder = join(root, 'out', 'documentation');

const escapeHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const style = `:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1.5rem }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; padding-bottom: 1rem; border-bottom: 1px solid #8885 }
nav [aria-current] { font-weight: 600 }
code, pre { font: 0.88em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace }
pre { overflow-x: auto; padding: 0.8rem 1rem; background: #8881; border-radius: 4px }
table { border-collapse: collapse; display: block; overflow-x: auto }
td, th { padding: 0.35rem 0.7rem; border: 1px solid #8885; text-align: left; vertical-align: top }`;

/** As GitHub makes them, so that links between the pages lead somewhere. */
const anchorOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Links to other pages stay among the pages; to other files of the sources they are left out. */
function pageLink(href, names) {
  const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  if (path === '' || /^[a-z]+:/.test(path)) return href;
  const name = path.replace(/^(\.\.\/|\.\/|docs\/)+/, '').replace(/\.md$/, '');
  return names.includes(name) ? `${name === 'README' ? 'index' : name}.html${anchor}` : null;
}

function toPage(name, markdown, names) {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const content = this.parser.parseInline(tokens);
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        return `<h${depth} id="${escapeHtml(anchorOf(text))}">${content}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const to = pageLink(href, names);
        const content = this.parser.parseInline(tokens);
        return to === null ? content : `<a href="${escapeHtml(to)}">${content}</a>`;
      },
      image: ({ text }) => escapeHtml(text),
    },
  });
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name;
  const links = names.map((other) => {
    const current = other === name ? ' aria-current="page"' : '';
    const label = other === 'README' ? 'Overview' : other.replaceAll('-', ' ');
    return `<a href="${pageLink(other, names)}"${current}>${escapeHtml(label)}</a>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Signalbox</title><style>${style}</style></head>
<body><nav>${links.join('\n')}</nav>
${marked.parse(markdown)}</body></html>
`;
}

/** Writes README, CHANGELOG and docs/ as pages that a browser shows, for Help → Documentation. */
export function writeDocumentation() {
  const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  const files = ['README.md', ...docs.sort().map((file) => join('docs', file)), 'CHANGELOG.md'];
  const sources = files.filter((file) => existsSync(join(root, file)));
  const nameOf = (file) => file.replace(/^docs[\\/]/, '').replace(/\.md$/, '');
  const names = sources.map(nameOf);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of sources) {
    const name = nameOf(file);
    const page = toPage(name, readFileSync(join(root, file), 'utf8'), names);
    writeFileSync(join(folder, `${name === 'README' ? 'index' : name}.html`), page);
  }
}
