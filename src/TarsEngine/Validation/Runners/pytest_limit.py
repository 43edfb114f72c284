import faulthandler, signal, sys, traceback, pytest

seconds = int(sys.argv[1])


def late(signum, frame):
    where = "".join(traceback.format_stack(frame)[-3:])
    pytest.fail("timed out: it ran longer than %d s, which is 'limits.test-timeout'\n%s" % (seconds, where), pytrace=False)


class Limit:
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        # Native code that waits is not interrupted: then the run ends, and says where it was.
        faulthandler.dump_traceback_later(3 * seconds + 5, exit=True, file=sys.__stderr__)
        yield
        faulthandler.cancel_dump_traceback_later()

    def limited(self):
        signal.signal(signal.SIGALRM, late)
        signal.alarm(seconds)
        yield
        signal.alarm(0)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self, item):
        yield from self.limited()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        yield from self.limited()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self, item):
        yield from self.limited()


sys.exit(pytest.main(sys.argv[2:], plugins=[Limit()]))
