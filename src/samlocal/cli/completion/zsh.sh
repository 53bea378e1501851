#compdef samlocal
_samlocal_table='@table@'
_samlocal_functions() {
  local -a functions
  functions=(${(f)"$(
    awk '@awk@' ${${opt_args[-t]:-${opt_args[--template]:-${opt_args[--template-file]:-template.yaml}}}} 2>/dev/null
  )"})
  compadd -a functions
}
_samlocal_events() {
  local word
  local -a events
  for word in ${=_samlocal_event_types}; do
    if [[ ${words[CURRENT-1]} == generate-event ]]; then events+=(${word%%/*})
    elif [[ $word == ${words[CURRENT-1]}/* ]]; then events+=(${word#*/}); fi
  done
  compadd -a events
}
_samlocal_commands() {
  local row
  local -a part commands
  for row in ${(f)_samlocal_table}; do
    part=("${(@s:|:)row}")
    if [[ -n $part[1] && -z $part[2] ]]; then commands+=("$part[1]:${part[5]//:/\\:}"); fi
  done
  _describe command commands
}
_samlocal() {
  local word row value name text command= _samlocal_event_types=
  local -a part names specs
  for word in ${words[2,CURRENT-1]}; do
    if [[ $'\n'$_samlocal_table == *$'\n'"$word||"* && -n $word ]]; then command=$word; break; fi
  done
  specs=('1: :_samlocal_commands')
  for row in ${(f)_samlocal_table}; do
    part=("${(@s:|:)row}")
    if [[ $part[1] != "$command" ]]; then continue; fi
    case $part[3] in
      file) value=':file:_files';;
      folder) value=':folder:_files -/';;
      function|functions) value=':function:_samlocal_functions';;
      command) value=':command:_samlocal_commands';;
      event) value=':event:_samlocal_events' _samlocal_event_types=$part[4];;
      word) value=": : "; if [[ -n $part[4] ]]; then value=":value:($part[4])"; fi;;
      *) value=;;
    esac
    names=(${=part[2]})
    if [[ -z $names ]]; then
      if [[ -z $command || $value == ': : ' ]]; then continue; fi
      if [[ $part[3] == function ]]; then specs+=("2$value"); else specs+=("*$value"); fi
      continue
    fi
    text=${${${part[5]//\[/\\[}//\]/\\]}//:/\\:}
    for name in $names; do
      if [[ $name == --* && -n $value ]]; then name="$name="; fi
      specs+=("($names)${name}[$text]$value")
    done
  done
  _arguments -s $specs
}
if [[ $funcstack[1] == _samlocal ]]; then _samlocal "$@"; else compdef _samlocal samlocal; fi
