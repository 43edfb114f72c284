printf 'diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+'
head -c 10485760 /dev/zero | tr '\0' x
echo
