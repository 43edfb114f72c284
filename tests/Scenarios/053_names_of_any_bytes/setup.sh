long=$(printf '%0255d' 0)
each() { for name in 'a space' "$(printf 'a\ttab')" 'a"quote' "$(printf 'a\nnewline')" -dash "$long" "$(printf 'not\377utf8\200')" "$(printf '\303\274')" ' lead' 'trail '; do "$1" "$name"; done; }
old() { printf 'old\n' >"./$1"; }
each old
