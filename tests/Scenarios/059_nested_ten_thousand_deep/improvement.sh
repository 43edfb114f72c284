printf 'schema: tars/improvement/v1\ntitle: t\nedits: '
head -c 10000 /dev/zero | tr '\0' '['
head -c 10000 /dev/zero | tr '\0' ']'
