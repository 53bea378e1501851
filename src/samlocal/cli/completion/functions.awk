/^[^ #]/ { inside = /^Resources:/; indent = 0; next }
    inside && match($0, /^ +[A-Za-z0-9]+:/) {
      match($0, /^ +/)
      if (indent == 0) indent = RLENGTH
      if (RLENGTH == indent) { name = $1; sub(/:.*/, "", name) }
    }
    inside && /Type: *.?AWS::(Serverless|Lambda)::Function/ { print name }
