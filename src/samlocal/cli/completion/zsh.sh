#compdef samlocal
_samlocal_functions() {
  local -a functions
  functions=(${(f)"$(
    awk '@awk@' ${${opt_args[-t]:-${opt_args[--template]:-${opt_args[--template-file]:-template.yaml}}}} 2>/dev/null
  )"})
  compadd -a functions
}
_samlocal_events() {
  local -a events
  case ${words[CURRENT-1]} in
@events@
  esac
  compadd -a events
}
_samlocal_commands() {
  local -a commands
  commands=(
@descriptions@
  )
  _describe command commands
}
_samlocal() {
  local word command=
  for word in ${words[2,CURRENT-1]}; do
    case $word in
      @names@) command=$word; break;;
    esac
  done
  case $command in
@commands@
  esac
}
if [[ $funcstack[1] == _samlocal ]]; then _samlocal "$@"; else compdef _samlocal samlocal; fi
