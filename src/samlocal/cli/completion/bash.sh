# samlocal completion bash
_samlocal_table='@table@'
_samlocal_words() {
  case $1 in
    command) sed -n 's/^\([a-z-][a-z-]*\)||.*/\1/p' <<< "$_samlocal_table";;
    function|functions) awk '@awk@' "$template" 2>/dev/null;;
    event) for word in $2; do
        if [[ $prev == generate-event ]]; then echo "${word%%/*}"; fi
        if [[ $word == "$prev"/* ]]; then echo "${word#*/}"; fi
      done | uniq;;
    word) echo "$2";;
  esac
}
_samlocal() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command= template=template.yaml options= kind= values= i word IFS=$' \t\n'
  if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $cur == = ]]; then cur=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      -t|--template|--template-file) template=${COMP_WORDS[i+1]}
        if [[ $template == = ]]; then template=${COMP_WORDS[i+2]}; fi;;
    esac
    if [[ -z $command && -n $word && $'\n'$_samlocal_table == *$'\n'"$word||"* ]]; then command=$word; fi
  done
  local row_command row_names row_kind row_values row_description
  while IFS='|' read -r row_command row_names row_kind row_values row_description; do
    if [[ $row_command != "$command" ]]; then continue; fi
    options+=" ${row_names##* }"
    if [[ -z $row_names || " $row_names " == *" $prev "* && $row_kind != flag ]]; then
      kind=$row_kind values=$row_values
    fi
  done <<< "$_samlocal_table"
  if [[ $cur == -* ]]; then kind=word values=$options; fi
  COMPREPLY=()
  case $kind in
    file) IFS=$'\n'; compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"));;
    folder) IFS=$'\n'; compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur"));;
    *) COMPREPLY=($(compgen -W "$(_samlocal_words "$kind" "$values")" -- "$cur"));;
  esac
}
complete -F _samlocal samlocal
