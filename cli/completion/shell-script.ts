/** Shells that can be taught to complete. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell answers when files complete here. */
export const FILES_LINE = ':files';

/** Words that start this program, whatever the person has called it. */
export interface ProgramPath {
  readonly node: string;
  readonly main: string;
}

/**
 * A script that lets a shell complete `sightline`. It asks the program itself at each Tab: `complete -- <words>`, the last
 * word being the one that is typed. What a person has typed is handed on as it is and never evaluated.
 */
export function shellScript(shell: Shell, { node, main }: ProgramPath): string {
  switch (shell) {
    case 'bash':
      return BASH.replace('$ASK', () => `${posix(node)} ${posix(main)} complete --`);
    case 'zsh':
      return ZSH.replace('$ASK', () => `${posix(node)} ${posix(main)} complete --`);
    case 'fish':
      return FISH.replace('$ASK', () => `${fish(node)} ${fish(main)} complete --`);
    case 'powershell':
      return POWERSHELL.replace('$ASK', () => `& ${powershell(node)} ${powershell(main)} complete --`);
  }
}

const BASH = `# sightline: completion for bash. Put this into ~/.bashrc:
#   alias sightline='npx sightline'
#   source <(npx sightline completion bash)
_sightline() {
  local line words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == '${FILES_LINE}' ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <($ASK "\${words[@]}" 2>/dev/null)
}
complete -F _sightline sightline
`;

const ZSH = `#compdef sightline
# sightline: completion for zsh. Put this into ~/.zshrc, after compinit:
#   alias sightline='npx sightline'
#   source <(npx sightline completion zsh)
_sightline() {
  local line
  local -a lines values
  lines=("\${(@f)$($ASK "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == '${FILES_LINE}' ]]; then
    _files
    return
  fi
  for line in $lines; do
    values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe sightline values
}
compdef _sightline sightline
`;

const FISH = `# sightline: completion for fish. Put this into ~/.config/fish/config.fish:
#   alias sightline 'npx sightline'
#   npx sightline completion fish | source
function __sightline_complete
  set -l words (commandline -opc)
  set -l lines ($ASK $words[2..-1] (commandline -ct) 2>/dev/null)
  if test "$lines[1]" = '${FILES_LINE}'
    __fish_complete_path (commandline -ct)
    return
  end
  printf '%s\\n' $lines
end
complete -c sightline -f -a '(__sightline_complete)'
`;

/** An empty argument would be lost on its way, so the word that is typed has a space behind it. */
const POWERSHELL = `# sightline: completion for PowerShell. Put this into $PROFILE:
#   function sightline { npx sightline @args }
#   npx sightline completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName sightline -ScriptBlock {
  param($word, $commandAst, $cursor)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  $lines = @($ASK @words "$word " 2>$null)
  if ($lines[0] -eq '${FILES_LINE}') { return }
  foreach ($line in $lines) {
    $value, $description = $line -split "\`t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}
`;

function posix(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

function fish(path: string): string {
  return `'${path.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function powershell(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}
