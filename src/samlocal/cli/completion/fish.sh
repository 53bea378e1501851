# samlocal completion fish
set -g __samlocal_table (string split \n -- '@table@')
function __samlocal_functions
  set -l words (commandline -opc)
  set -l template template.yaml
  for i in (seq (count $words))
    switch $words[$i]
      case -t --template --template-file
        set -q words[(math $i + 1)]; and set template $words[(math $i + 1)]
      case '--template=*' '--template-file=*'
        set template (string replace -r '^[^=]*=' '' -- $words[$i])
    end
  end
  awk '@awk@' $template 2>/dev/null
end
function __samlocal_events
  set -l last (commandline -opc)[-1]
  for word in (string split ' ' -- $argv)
    set -l part (string split / -- $word)
    switch $last
      case generate-event
        echo $part[1]
      case $part[1]
        echo $part[2]
    end
  end
end
set -g __samlocal_commands (string replace -rf '^([^|]+)\|\|.*' '$1' -- $__samlocal_table)
complete -c samlocal -f
for row in $__samlocal_table
  set -l part (string split '|' -- $row)
  set -l arguments -n "__fish_seen_subcommand_from $part[1]"
  set -l values $part[4]
  test -z "$part[1]"; and set arguments -n "not __fish_seen_subcommand_from $__samlocal_commands"
  if test -z "$part[2]"
    switch $part[3]
      case function functions
        set values '(__samlocal_functions)'
      case command
        set values "$__samlocal_commands"
      case event
        set values "(__samlocal_events $part[4])"
      case folder
        set values '(__fish_complete_directories)'
    end
    test -n "$part[1]"; and complete -c samlocal -n "not __fish_seen_subcommand_from $__samlocal_commands" \
      -a $part[1] -d $part[5]
    test -n "$part[1]" -a -n "$values"; and complete -c samlocal $arguments -a $values
    continue
  end
  for name in (string split ' ' -- $part[2])
    switch $name
      case '--*'
        set -a arguments -l (string sub -s 3 -- $name)
      case '*'
        set -a arguments -s (string sub -s 2 -- $name)
    end
  end
  switch $part[3]
    case file
      set -a arguments -rF
    case folder
      set -a arguments -xa '(__fish_complete_directories)'
    case word
      set -a arguments -x
      test -n "$values"; and set -a arguments -a $values
  end
  complete -c samlocal $arguments -d $part[5]
end
