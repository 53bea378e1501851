# samlocal completion bash
_samlocal_functions() {
  awk '@awk@' "$1" 2>/dev/null
}
_samlocal_events() {
  case $1 in
@events@
  esac
}
_samlocal() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command= template=template.yaml options= words= i IFS=$' \t\n'
  if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $cur == = ]]; then cur=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -t|--template|--template-file) template=${COMP_WORDS[i+1]}
        if [[ $template == = ]]; then template=${COMP_WORDS[i+2]}; fi;;
      @names@) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; fi;;
    esac
  done
  COMPREPLY=()
  case $command:$prev in
@values@
  esac
  case $command in
@commands@
  esac
  if [[ $cur == -* ]]; then words=$options; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _samlocal samlocal
