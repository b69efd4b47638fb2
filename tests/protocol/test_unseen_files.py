"""Files that cannot be seen, or that are none: the query fails, and at once. Rows that are missing would look like an answer.

Nothing is hidden from root: the server runs without that right.
"""

import ctypes
import os
import re
import socket
import time

import pytest
from conftest import Server, new_session, server_binary
from pyspark.errors import PySparkException

SECONDS_MAX = 5
DROP_BOUNDING, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2  # linux/prctl.h, linux/capability.h


def as_others():
    """Between fork and exec: root keeps its files, but their modes hold for it."""
    libc = ctypes.CDLL(None)
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        libc.prctl(DROP_BOUNDING, capability, 0, 0, 0)


@pytest.fixture(scope="module")
def plain_server():
    if "FIRESTEEL_REMOTE" in os.environ:
        pytest.skip("needs a server of its own")
    server = Server(server_binary(), preexec_fn=as_others)
    server.ensure()
    yield server
    server.stop()


@pytest.fixture
def plain(plain_server):
    """A session of a server that has no right to what the modes of files forbid."""
    session = new_session(plain_server)
    yield session
    session.stop()


@pytest.fixture
def place(tmp_path):
    """A folder; what is in it may be removed again."""
    yield tmp_path
    for path, folders, _ in os.walk(tmp_path):
        os.chmod(path, 0o777)
        for name in folders:
            os.chmod(os.path.join(path, name), 0o777)


def write(path, text="1\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def rows(spark, path, form="csv"):
    """How many, or the error's text; always soon."""
    began = time.monotonic()
    try:
        return len(spark.read.schema("a STRING").format(form).load(str(path)).collect())
    except PySparkException as error:
        return error.getCondition() or str(error).split("\n")[0]
    finally:
        assert time.monotonic() - began < SECONDS_MAX


def denied(path):
    return f"(java.nio.file.AccessDeniedException) {path}: Permission denied"


def test_folder_that_may_not_be_listed(plain, place):
    write(place / "f" / "a.csv")
    (place / "f").chmod(0o311)
    for path in (place, place / "f", place / "f" / "*", place / "*", place / "*" / "*.csv", place / "{f,g}"):
        assert rows(plain, path) == denied(place / "f"), path
    with pytest.raises(PySparkException, match="AccessDenied"):
        plain.read.parquet(str(place / "f")).collect()
    with pytest.raises(PySparkException, match="AccessDenied"):
        plain.read.option("recursiveFileLookup", True).text(str(place)).collect()
    assert rows(plain, place / "f" / "a.csv") == 1
    assert rows(plain, place / "*" / "a.csv") == 1


def test_partition_that_may_not_be_listed(plain, place):
    for k in (1, 2):
        write(place / f"k={k}" / "a.csv")
    for mode in (0o311, 0o000):
        (place / "k=2").chmod(mode)
        assert rows(plain, place) == denied(place / "k=2")


def test_hidden_folder_that_may_not_be_listed(plain, place):
    write(place / "a.csv")
    write(place / "_h" / "a.csv")
    (place / "_h").chmod(0o000)
    assert rows(plain, place) == 1


def test_folder_whose_files_may_not_be_looked_at(plain, place):
    """Spark finds no rows here; it says of a path of one's own that there is none."""
    write(place / "f" / "a.csv")
    (place / "f").chmod(0o444)
    assert rows(plain, place / "f") == denied(place / "f" / "a.csv")
    assert rows(plain, place / "*" / "a.csv") == denied(place / "f" / "a.csv")
    assert rows(plain, place / "f" / "a.csv") == "PATH_NOT_FOUND"


def test_file_that_may_not_be_read(plain, place):
    write(place / "a.csv").chmod(0o000)
    for form in ("csv", "json", "text", "parquet"):
        assert rows(plain, place / "a.csv", form) == "FAILED_READ_FILE.FILE_NOT_EXIST", form
        assert rows(plain, place, form) == "FAILED_READ_FILE.FILE_NOT_EXIST", form


@pytest.mark.parametrize("mode", ["append", "overwrite"])
def test_folder_that_may_not_be_written(plain, place, mode):
    write(place / "f" / "old.csv", "old\n")
    (place / "f").chmod(0o555)
    for path in (place / "f", place / "f" / "new"):
        with pytest.raises(PySparkException) as error:
            plain.range(1).write.mode(mode).csv(str(path))
        assert error.value.getCondition() == "TASK_WRITE_FAILED"
    assert sorted(os.listdir(place / "f")) == ["old.csv"]


@pytest.mark.parametrize("partition_mode", ["static", "dynamic"])
def test_overwrite_that_fails_halfway_loses_nothing(plain, place, partition_mode):
    """What may not be moved is found when other partitions have been moved already."""
    rows = plain.range(4).selectExpr("id AS v", "id % 2 AS p")
    rows.write.partitionBy("p").csv(str(place / "t"))
    before = sorted(re.sub("^.*/t/", "", os.path.join(p, f)) for p, _, fs in os.walk(place / "t") for f in fs)
    os.chmod(place / "t" / "p=1", 0o555)
    with pytest.raises(PySparkException) as error:
        rows.write.mode("overwrite").option("partitionOverwriteMode", partition_mode).partitionBy("p").csv(str(place / "t"))
    assert error.value.getCondition() == "TASK_WRITE_FAILED"
    after = sorted(re.sub("^.*/t/", "", os.path.join(p, f)) for p, _, fs in os.walk(place / "t") for f in fs)
    assert after == before


# ---------------------------------------------------------------- what is no file
def test_paths_that_are_neither_file_nor_folder(spark, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
    for path in (tmp_path / "pipe", tmp_path / "socket", "/dev/null", "/dev/zero", "/dev/tty"):
        for form in ("csv", "json", "text", "parquet", "binaryFile"):
            assert rows(spark, path, form) == "FAILED_READ_FILE.NO_HINT", (path, form)
        with pytest.raises(PySparkException):
            spark.read.parquet(str(path)).collect()


def test_pipes_in_folders_are_not_read(spark, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    write(tmp_path / "a.csv")
    assert rows(spark, tmp_path) == 1
    assert rows(spark, tmp_path / "*.csv") == 1
    assert spark.read.csv(str(tmp_path)).count() == 1


@pytest.mark.parametrize("path", ["/proc/kmsg", "/proc/cpuinfo", "/sys/kernel/profiling"])
def test_files_without_a_size_are_empty(spark, path):
    """As in Spark: some of them would be waited for. Reading kmsg takes the kernel's messages away from others."""
    if not os.path.exists(path) or os.path.getsize(path):
        pytest.skip("no such file here")
    assert [rows(spark, path, form) for form in ("csv", "json", "text", "parquet", "binaryFile")] == [0] * 5
    assert spark.read.csv(path).collect() == []


def test_names_that_are_no_text(spark, tmp_path):
    """Spark cannot name them, neither can clients: what else is there can be read."""
    write(tmp_path / "a.csv")
    for name in (b"\xff.csv", b"k=\xff/b.csv"):
        path = os.path.join(os.fsencode(tmp_path), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write("2\n")
    assert rows(spark, tmp_path) == 1
    assert rows(spark, tmp_path / "*.csv") == 1
    assert spark.read.csv(str(tmp_path)).count() == 1
