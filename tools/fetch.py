#!/usr/bin/env python3
"""Downloads a pinned dependency into the shared cache and prints its directory.

Usage: fetch.py NAME...      NAME: duckdb, arrow, spark; --list shows what each is made of.

Everything comes through the ordinary registry clients (npm, pip, Maven), so their mirrors, proxies and credentials
apply, and every file must have the SHA-256 written here. The cache is $FIRESTEEL_CACHE, by default
~/.cache/firesteel; a directory in it is named after the checksums it was made from and never changes afterwards.
"""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile


class Artifact:
    """One downloaded archive: how it is asked for, its checksum, and which members go where."""

    def __init__(self, client, name, sha256, members):
        self.client, self.name, self.sha256, self.members = client, name, sha256, members


# Members map a prefix of the archive's paths to a prefix in our directory.
DEPENDENCIES = {
    "duckdb": [
        Artifact("npm", "@duckdb/node-bindings-linux-x64@1.5.5-r.5",
                 "86d2bda909785550e8a14a57a8a4584827aff0e268d8f1a58c3fd48559f7020e",
                 {"package/libduckdb.so": "lib/libduckdb.so", "package/LICENSE": "LICENSE"}),
        Artifact("pip-source", "duckdb==1.5.5",
                 "72f33ee57ca7595b23957671a2cc7f7fe2be0ecc2d68f63abedcfcaa3a5c1238",
                 {"duckdb-1.5.5/external/duckdb/src/include/": "include/"}),
    ],
    "arrow": [
        Artifact("pip-wheel", "pyarrow==26.0.1",
                 "39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c",
                 {"pyarrow/include/": "include/", "pyarrow/libarrow.so.": "lib/libarrow.so.",
                  "pyarrow-26.0.1.dist-info/licenses/": "licenses/"}),
    ],
    "spark": [
        Artifact("maven", "org.apache.spark:spark-connect_2.13:4.2.0",
                 "a5ab11bed0ebb6bf8e005b3f238dfa97f6ca3cbe0161201d676accfc1bc9f04c",
                 {"spark/connect/": "proto/spark/connect/", "google/rpc/": "proto/google/rpc/"}),
        Artifact("maven", "org.apache.spark:spark-common-utils_2.13:4.2.0",
                 "7cef7d3e25bf7d778588da7764b38b63235eda1146d3cd4b42a70ceb79506692",
                 {"error/": "error/"}),
    ],
}

def cache_root():
    return pathlib.Path(os.environ.get("FIRESTEEL_CACHE") or pathlib.Path.home() / ".cache" / "firesteel")


def need_client(check, package):
    """Installs Debian's package of a registry client if the command `check` does not work."""
    if shutil.which(check[0]) and subprocess.run(check, capture_output=True).returncode == 0:
        return
    subprocess.run([pathlib.Path(__file__).parent / "apt-install", package], check=True, stdout=sys.stderr)


def download(artifact, directory):
    """Asks the client for the archive; leaves exactly one file in `directory`."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "-d", str(directory)]
    if artifact.client == "npm":
        need_client(["npm", "--version"], "npm")
        command = ["npm", "pack", "--silent", "--pack-destination", str(directory), artifact.name]
    elif artifact.client == "pip-source":
        need_client([sys.executable, "-m", "pip", "--version"], "python3-pip")
        # Not :all:, which would build the build system's own requirements from source.
        command = pip + ["--no-binary", artifact.name.split("==")[0], artifact.name]
    elif artifact.client == "pip-wheel":
        need_client([sys.executable, "-m", "pip", "--version"], "python3-pip")
        # Any Python does: only headers and libraries are taken out of it.
        command = pip + ["--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp",
                         "--platform", "manylinux_2_28_x86_64", artifact.name]
    else:
        need_client(["mvn", "--version"], "maven")
        command = ["mvn", "--quiet", "--batch-mode", "dependency:copy", "-Dartifact=" + artifact.name,
                   "-DoutputDirectory=" + str(directory), "-Dtransitive=false"]
    result = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    files = list(directory.iterdir())
    if result.returncode != 0 or len(files) != 1:
        sys.exit(f"fetch: {' '.join(command)} failed:\n{result.stdout}")
    return files[0]


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def members_of(path):
    """The archive's files as (path, function that opens it)."""
    if path.suffix in (".jar", ".whl"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, lambda info=info: archive.open(info)
    else:
        with tarfile.open(path) as archive:
            for info in archive:
                if info.isfile():
                    yield info.name, lambda info=info: archive.extractfile(info)


def unpack(artifact, path, directory):
    found = set()
    for name, open_member in members_of(path):
        for prefix, target in artifact.members.items():
            if name.startswith(prefix):
                found.add(prefix)
                out = directory / (target + name[len(prefix):])
                out.parent.mkdir(parents=True, exist_ok=True)
                with open_member() as source, open(out, "wb") as sink:
                    shutil.copyfileobj(source, sink)
    if missing := set(artifact.members) - found:
        sys.exit(f"fetch: {artifact.name} has no {', '.join(sorted(missing))}")


def fetch(name):
    artifacts = DEPENDENCIES[name]
    key = hashlib.sha256(repr([(a.name, a.sha256, a.members) for a in artifacts]).encode()).hexdigest()[:12]
    directory = cache_root() / f"{name}-{key}"
    if directory.is_dir():
        return directory
    cache_root().mkdir(parents=True, exist_ok=True)
    with open(cache_root() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worktree may be fetching the same
        if directory.is_dir():
            return directory
        with tempfile.TemporaryDirectory(dir=cache_root(), prefix="fetch-") as temporary:
            made = pathlib.Path(temporary) / "made"
            for number, artifact in enumerate(artifacts):
                print(f"fetch: {artifact.name} ({artifact.client})", file=sys.stderr, flush=True)
                inbox = pathlib.Path(temporary) / str(number)
                inbox.mkdir()
                archive = download(artifact, inbox)
                if (actual := sha256_of(archive)) != artifact.sha256:
                    sys.exit(f"fetch: {artifact.name} has SHA-256 {actual}, not {artifact.sha256}")
                unpack(artifact, archive, made)
            made.rename(directory)
    return directory


def main():
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
    elif arguments == ["--list"]:
        for name, artifacts in DEPENDENCIES.items():
            for artifact in artifacts:
                print(f"{name}\t{artifact.client}\t{artifact.name}\t{artifact.sha256}")
    else:
        for name in arguments:
            print(fetch(name))


if __name__ == "__main__":
    main()
