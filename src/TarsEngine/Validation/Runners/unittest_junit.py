import faulthandler, os, signal, sys, time, traceback, unittest
from xml.sax.saxutils import escape, quoteattr

target, starts, seconds, chosen = sys.argv[1], sys.argv[2].split(":"), int(sys.argv[3]), sys.argv[4:]
sys.argv = sys.argv[:1]
output = open(target, "w", encoding="utf-8", errors="replace")


def clean(text):
    return "".join(c if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "?" for c in text)


def limit():
    # Again and again: a subtest swallows it, and the next one has its own time.
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    # Native code that waits is not interrupted: then the run ends, and says where it was.
    faulthandler.dump_traceback_later(seconds + 5, exit=True, file=sys.__stderr__)


def late(signum, frame):
    limit()
    raise TimeoutError("it ran longer than %d s, which is 'limits.test-timeout'" % seconds)


class Report(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.told = set()

    def startTest(self, test):
        self.began = time.time()
        super().startTest(test)
        if seconds:
            signal.signal(signal.SIGALRM, late)
            limit()

    def stopTest(self, test):
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        super().stopTest(test)

    def tell(self, test, kind=None, message="", text=""):
        name = test.id()
        self.told.add(name)
        inner = "<%s message=%s>%s</%s>" % (kind, quoteattr(clean(message)[:2000]), escape(clean(text)), kind) if kind else ""
        took = time.time() - getattr(self, "began", time.time())
        output.write("<testcase name=%s time=\"%.3f\">%s</testcase>\n" % (quoteattr(clean(name)), took, inner))
        output.flush()

    def fail(self, test, kind, error):
        message = traceback.format_exception_only(error[0], error[1])[-1].strip()
        self.tell(test, kind, message, "".join(traceback.format_exception(*error)))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.fail(test, "failure", error)

    def addError(self, test, error):
        super().addError(test, error)
        self.fail(test, "error", error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(test, "skipped", reason)

    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error)
        self.tell(test)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.tell(test, "failure", "passed, and was expected to fail")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.fail(test, "failure" if issubclass(error[0], test.failureException) else "error", error)


def discover():
    suite = unittest.TestSuite()
    for start in starts:
        loader = unittest.TestLoader()
        if chosen[:1] == ["-k"]:
            loader.testNamePatterns = ["*%s*" % part for part in chosen[1:]]
        for pattern in ("test*.py", "*_test.py"):
            suite.addTests(loader.discover(start, pattern=pattern, top_level_dir=start))
    return suite


output.write("<testsuite name=\"unittest\">\n")
sys.path[:0] = [os.path.abspath(start) for start in starts]
tests = unittest.defaultTestLoader.loadTestsFromNames(chosen) if chosen and chosen[0] != "-k" else discover()
result = unittest.TextTestRunner(resultclass=Report, verbosity=2).run(tests)
output.write("</testsuite>\n")
output.close()
sys.exit(0 if result.wasSuccessful() else 1)
