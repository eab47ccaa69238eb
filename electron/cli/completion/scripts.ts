interface Word {
  word: string;
  description: string;
}

/** A command (`path` is empty for `signalbox` itself) with the words that can follow it. */
export interface Level {
  path: string;
  commands: readonly Word[];
  options: readonly Word[];
}

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const words = (list: readonly Word[]): string => list.map(({ word }) => word).join(' ');
/** The paths of commands that have commands of their own, and of all others: what a typed word can lead to. */
const knownPaths = (levels: readonly Level[]): string =>
  levels
    .filter(({ path }) => path !== '')
    .map(({ path }) => single(path))
    .join('|');

/** In each shell the typed words are walked as long as they name a command; what follows the last one is offered. */
export function bashScript(levels: readonly Level[]): string {
  const cases = levels.map(
    ({ path, commands, options }) =>
      `    ${single(path)}) names=${single(words(commands))}; options=${single(words(options))} ;;`,
  );
  return `# Completion of signalbox for bash: source <(signalbox completion bash)
_signalbox() {
  local word path='' next names='' options='' current="\${COMP_WORDS[COMP_CWORD]}" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    next="\${path:+$path }$word"
    case "$next" in
      ${knownPaths(levels)}) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  else COMPREPLY=($(compgen -W "$names" -- "$current")); fi
}
complete -o default -F _signalbox signalbox
`;
}

export function zshScript(levels: readonly Level[]): string {
  const entry = ({ word, description }: Word): string => single(`${word.replaceAll(':', '\\:')}:${description}`);
  const list = (name: string, entries: readonly Word[]): string => `${name}=(${entries.map(entry).join(' ')})`;
  const cases = levels.map(
    ({ path, commands, options }) => `    ${single(path)}) ${list('names', commands)}; ${list('options', options)} ;;`,
  );
  return `#compdef signalbox
# Completion of signalbox for zsh: source <(signalbox completion zsh)
_signalbox() {
  local word path='' next at
  local -a names options
  for ((at = 2; at < CURRENT; at++)); do
    word="\${words[at]}"
    next="\${path:+$path }$word"
    case "$next" in
      ${knownPaths(levels)}) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then _describe option options
  elif (( \${#names} )); then _describe command names
  else _files; fi
}
compdef _signalbox signalbox
`;
}

export function fishScript(levels: readonly Level[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = levels.flatMap(({ path, commands, options }) => {
    const when = quoted(`test (__signalbox_path) = ${path === '' ? '""' : `"${path}"`}`);
    return [
      ...commands.map(
        ({ word, description }) => `complete -c signalbox -n ${when} -f -a ${word} -d ${quoted(description)}`,
      ),
      ...options.flatMap(({ word, description }) =>
        word.startsWith('--') ? [`complete -c signalbox -n ${when} -l ${word.slice(2)} -d ${quoted(description)}`] : [],
      ),
    ];
  });
  const paths = levels.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `# Completion of signalbox for fish: signalbox completion fish | source
function __signalbox_path
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim "$path $word")
        if contains -- $next ${paths.join(' ')}
            set path $next
        end
    end
    echo "$path"
end
${lines.join('\n')}
`;
}
