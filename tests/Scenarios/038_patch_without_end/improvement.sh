printf 'diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,99999999 @@\n'
exec yes '+more and more' 2>/dev/null
