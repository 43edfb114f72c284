printf '{"schema":"tars/improvement/v1","title":"t","steps":['
awk 'BEGIN { for (i = 1; i <= 100000; i++) printf "%s{\"id\":\"s%d\",\"depends-on\":[\"s%d\"],\"edits\":[{\"create\":\"f/%d\",\"content\":\"x\"}]}", (i > 1 ? "," : ""), i, (i > 1 ? i - 1 : 100000), i }'
printf ']}'
