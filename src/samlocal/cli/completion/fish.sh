# samlocal completion fish
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
  switch (commandline -opc)[-1]
@events@
  end
end
complete -c samlocal -f
@commands@
@options@
