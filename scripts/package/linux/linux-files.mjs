import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../paths.mjs';
import { iconFile, iconSizes } from '../icon-files.mjs';

const own = (name) => join(root, 'scripts', 'package', 'linux', 'files', name);
const text = (name) => readFileSync(own(name), 'utf8');

/** Debian wants its documents packed, and without the time of packing the same sources give the same package. */
const packed = (content) => gzipSync(content, { level: 9 });

/** The icons of the desktop's theme, as both installers take them: size → file. */
export const themeIcons = {
  ...Object.fromEntries(iconSizes.map((size) => [`${size}x${size}`, iconFile(size)])),
  scalable: join(root, 'resources', 'icons', 'icon.svg'),
};

/** What a Linux package holds beside the app's folder, icons and desktop entry: `{path, content, mode}`, paths below `/`. */
export function linuxFiles(version) {
  const manual = text('signalbox.1').replaceAll('@VERSION@', version);
  return [
    { path: 'usr/bin/signalbox', content: text('signalbox.sh'), mode: 0o755 },
    { path: 'usr/lib/systemd/system/signalbox.service', content: text('signalbox.service'), mode: 0o644 },
    { path: 'usr/lib/signalbox/apparmor-profile', content: text('apparmor-profile'), mode: 0o644 },
    { path: 'etc/default/signalbox', content: text('signalbox.default'), mode: 0o644 },
    { path: 'usr/share/man/man1/signalbox.1.gz', content: packed(manual), mode: 0o644 },
    {
      path: 'usr/share/doc/signalbox/changelog.gz',
      content: packed(readFileSync(join(root, 'CHANGELOG.md'))),
      mode: 0o644,
    },
  ];
}

const completionPlaces = {
  bash: 'usr/share/bash-completion/completions/signalbox',
  zsh: 'usr/share/zsh/vendor-completions/_signalbox',
  fish: 'usr/share/fish/vendor_completions.d/signalbox.fish',
};

/** What the shells know of the command, as it prints it itself. */
const completionFiles = () =>
  Object.entries(completionPlaces).map(([shell, path]) => ({
    path,
    content: execFileSync(process.execPath, [join(root, 'out', 'main', 'cli.js'), 'completion', shell]),
    mode: 0o644,
  }));

export function writeLinuxFiles(folder, version) {
  for (const { path, content, mode } of [...linuxFiles(version), ...completionFiles()]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chmodSync(target, mode);
  }
}

/** The licence of Signalbox, and where those of its parts are. */
export function writeCopyright(file) {
  mkdirSync(dirname(file), { recursive: true });
  const license = readFileSync(join(root, 'LICENSE'), 'utf8');
  const parts = `The licences of Electron, Chromium and the packages inside: /usr/lib/signalbox/LICENSES.chromium.html,
/usr/lib/signalbox/resources/app.asar.unpacked/out/third-party-licenses.txt\n`;
  writeFileSync(file, `${license}\n${parts}`);
  chmodSync(file, 0o644);
}

/** Scripts that the installer runs, by name. */
export const debScripts = Object.fromEntries(
  ['postinst', 'prerm', 'postrm'].map((name) => [name, own(`deb-${name}.sh`)]),
);
export const rpmScripts = { post: own('rpm-post.sh'), preun: own('rpm-preun.sh') };
export const desktopTemplate = own('desktop.ejs');
export const specTemplate = own('spec.ejs');

/** What both installers are told. */
export const linuxOptions = (folder, out) => ({
  src: folder,
  dest: out,
  name: 'signalbox',
  bin: 'signalbox',
  productName: 'Signalbox',
  genericName: 'Webhook control room',
  description: 'Control room for webhooks and events',
  productDescription:
    'Signalbox receives webhooks and events, stores every one durably, shows them live, matches them to listeners and runs jobs as child processes.',
  icon: themeIcons,
  categories: ['Development', 'Network'],
  mimeType: ['x-scheme-handler/signalbox'],
  desktopTemplate,
});
