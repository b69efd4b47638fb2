"""Starts the server under test and gives sessions of the official client on it.

FIRESTEEL_BINARY (default build/firesteel) is started once; a crash shows as the failure of the test that caused it,
with the end of the server's log, and the next test gets a new server. FIRESTEEL_REMOTE=sc://host:port tests a
server that already runs (Apache Spark too) instead.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
sys.path[:0] = [TESTS, os.path.join(ROOT, "tools")]

os.environ["SPARK_CONNECT_MODE_ENABLED"] = "1"  # where the whole pyspark is installed: the functions of Connect

START_SECONDS_MAX = 20
LOG_BYTES_SHOWN = 4000


class Server:
    """One server process, restarted when it has died. `generation` counts the starts."""

    def __init__(self, binary, arguments=(), **process):
        self.arguments, self.process_options = list(arguments), process
        self.binary, self.process, self.generation, self.port = binary, None, 0, 0
        self.log = tempfile.NamedTemporaryFile(prefix="firesteel-test-", suffix=".log")

    @property
    def remote(self):
        return os.environ.get("FIRESTEEL_REMOTE") or f"sc://127.0.0.1:{self.port}"

    def running(self):
        if "FIRESTEEL_REMOTE" in os.environ:
            return True
        return self.process is not None and self.process.poll() is None

    def ensure(self):
        """Starts the server unless it runs; gives its generation."""
        if not self.running():
            self._start()
        return self.generation

    def kill_and_restart(self):
        """kill -9, and a new server on the same port."""
        self.process.kill()
        self.process.wait()
        self._start(self.port)

    def _start(self, port=0):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", port))
            self.port = s.getsockname()[1]
        command = [self.binary, "serve", "--host", "127.0.0.1", "--port", str(self.port), *self.arguments]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=os.environ | {"TZ": "UTC"},
                                        **self.process_options)
        end = time.monotonic() + START_SECONDS_MAX
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            if self.process.poll() is not None or time.monotonic() > end:
                pytest.exit(f"{' '.join(command)} does not listen (exit code {self.process.poll()}):\n{self.log_end()}", 3)
            time.sleep(0.01)
        self.generation += 1

    def log_end(self):
        with open(self.log.name, "rb") as f:
            f.seek(max(0, os.path.getsize(self.log.name) - LOG_BYTES_SHOWN))
            return f.read().decode(errors="replace")

    def crash_report(self):
        """None while the server lives, else why the test failed."""
        if self.process is not None:
            for _ in range(20):  # a dying process drops its connections before it is gone
                if self.process.poll() is not None:
                    code = self.process.returncode
                    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                    return f"the server died ({name}); the end of its log:\n{self.log_end()}"
                time.sleep(0.01)
        return None

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def settings(**pairs):
    """Arguments for Server: settings(a__b=1) is --conf a.b=1."""
    return [a for key, value in pairs.items() for a in ("--conf", f"{key.replace('__', '.')}={value}")]


OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]  # else gRPC shares one among all clients of a process


def new_session(server):
    """A session of its own on the server; a dead server shows within a second, not after ten minutes of retries."""
    server.ensure()
    return connect(server.remote, retries=2)


def connect(remote, retries, options=()):
    """A session of the official client with a connection of its own, which waits little between retries."""
    from pyspark.sql.connect.client.core import DefaultChannelBuilder
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    spark = SparkSession.builder.channelBuilder(DefaultChannelBuilder(remote, OWN_CONNECTION + list(options))).create()
    spark.client.set_retry_policies([DefaultPolicy(max_retries=retries, initial_backoff=20, max_backoff=100, jitter=0)])
    return spark


def server_binary():
    binary = os.environ.get("FIRESTEEL_BINARY", os.path.join(ROOT, "build", "firesteel"))
    if not os.access(binary, os.X_OK):
        pytest.exit(f"no server to test at {binary}: run ./dev test, or set FIRESTEEL_BINARY", 3)
    return binary


@pytest.fixture(scope="session")
def memory_is_the_servers():
    """For tests of how much there is of it: sanitizers keep memory of their own."""
    version = subprocess.run([server_binary(), "version"], capture_output=True, text=True, check=True).stdout
    if "sanitizers" in version:
        pytest.skip("sanitizers keep memory of their own")


@pytest.fixture(scope="module")
def own_server():
    """Makes servers with arguments of their own; they end with the module."""
    if "FIRESTEEL_REMOTE" in os.environ:
        pytest.skip("needs servers of its own")
    servers = []

    def start(*arguments):
        servers.append(Server(server_binary(), arguments))
        servers[-1].ensure()
        return servers[-1]

    yield start
    for s in servers:
        s.stop()


@pytest.fixture(scope="session")
def server():
    """The running server: .remote is its address."""
    s = Server("" if "FIRESTEEL_REMOTE" in os.environ else server_binary())
    s.ensure()
    yield s
    s.stop()


@pytest.fixture
def spark(server):
    """A new session, ended after the test."""
    session = new_session(server)
    yield session
    if server.running():
        session.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    server = item.funcargs.get("server") if hasattr(item, "funcargs") else None
    if report.when == "call" and report.failed and server is not None and (crash := server.crash_report()):
        report.sections.append(("server", crash))


def pytest_addoption(parser):
    parser.addoption("--update-gaps", action="store_true", help="write the gaps found into tests/known_gaps/")
    parser.addoption("--show-gaps", action="store_true", help="known gaps fail, with what was expected and what came")
    parser.addoption("--timed", action="store_true", help="limits of time are those of a machine that does nothing else, not loose ones")


@pytest.fixture(scope="session")
def patience(request):
    """By how much limits of time are loosened: the tests' own point is the behaviour, machines that test are busy."""
    return 1 if request.config.getoption("--timed") else 15


def pytest_terminal_summary(terminalreporter):
    for gaps in [m.gaps for name, m in sys.modules.items() if name.startswith("test_") and hasattr(m, "gaps")]:
        if closed := gaps.closed():
            terminalreporter.write_line(f"{closed} listed gaps are right now: pytest --update-gaps takes them out of "
                                        + os.path.relpath(gaps.path))


def pytest_sessionfinish(session):
    if not session.config.getoption("--update-gaps"):
        return
    for module in [m for name, m in sys.modules.items() if name.startswith("test_") and hasattr(m, "gaps")]:
        print(f"\n{module.gaps.update(module.all_cases())} gaps listed in {os.path.relpath(module.gaps.path)}")
