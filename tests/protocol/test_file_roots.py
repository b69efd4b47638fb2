"""firesteel.files.roots: nothing outside of the given folders is read or written, whatever the path looks like."""

import subprocess

import pyarrow as pa
import pyspark.sql.connect.proto as pb
import pytest
from conftest import new_session, server_binary, settings
from pyspark.errors import AnalysisException
from wire import Failure, Wire, crc

CONDITION = "UNSUPPORTED_FEATURE.PATH_NOT_ALLOWED"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Two roots with something in them, one of them a link, and a place outside with a secret."""
    base = tmp_path_factory.mktemp("places")
    for name in ("a", "real-b", "outside", "a-sibling"):
        (base / name).mkdir()
        (base / name / "x.csv").write_text("1,2\n")
    (base / "outside" / "secret.csv").write_text("secret\n")
    (base / "b").symlink_to(base / "real-b")
    (base / "a" / "to-outside").symlink_to(base / "outside")
    (base / "a" / "to-secret.csv").symlink_to(base / "outside" / "secret.csv")
    (base / "a" / "to-b").symlink_to(base / "b")
    (base / "a" / "nowhere").symlink_to(base / "outside" / "new")
    (base / "a" / "plain").mkdir()
    (base / "a" / "plain" / "y.csv").write_text("3,4\n")
    return base


@pytest.fixture(scope="module")
def limited(own_server, places):
    return own_server(*settings(firesteel__files__roots=f"{places}/a, {places}/b"))


@pytest.fixture
def spark(limited):
    session = new_session(limited)
    yield session
    session.stop()


def refused(action):
    with pytest.raises(AnalysisException) as error:
        action()
    assert error.value.getCondition() == CONDITION


def test_what_is_inside_can_be_read(spark, places):
    for path in ["a/x.csv", "a/plain", "b/x.csv", "real-b/x.csv", "a/../a/x.csv", "a/to-b/x.csv", "a/pl*/*.csv", "b/{x,z}.csv"]:
        assert spark.read.csv(f"{places}/{path}").count() == 1, path
    assert spark.sql(f"SELECT * FROM csv.`{places}/a/x.csv`").count() == 1
    assert spark.read.csv(f"file://{places}/a/x.csv").count() == 1


@pytest.mark.parametrize("path", ["outside/secret.csv", "outside", "a/../outside/secret.csv", "a-sibling/x.csv", "",
                                  "a/to-outside/secret.csv", "a/to-secret.csv", "a/to-outside", "a",
                                  "outside/*.csv", "*/secret.csv", "a/*/secret.csv", "{a,outside}/x.csv",
                                  "a/pla*/../../outside/*.csv", "outside/there/is/none"])
@pytest.mark.parametrize("prefix", ["", "file:", "file://"])
def test_what_is_outside_cannot_be_read(spark, places, path, prefix):
    refused(lambda: spark.read.schema("a STRING").csv(f"{prefix}{places}/{path}").collect())


def test_alternatives_that_lead_out(spark, places):
    """Paths are made simple first, as Hadoop does: no pattern is left here that could match."""
    with pytest.raises(AnalysisException) as error:
        spark.read.schema("a STRING").csv(f"{places}/a/{{x,../../outside/secret}}.csv").collect()
    assert error.value.getCondition() in (CONDITION, "PATH_NOT_FOUND")


@pytest.mark.parametrize("text", ["SELECT * FROM csv.`/etc/passwd`", "SELECT * FROM text.`/etc/passwd`",
                                  "SELECT * FROM binaryFile.`/etc/passwd`", "SELECT * FROM json.`file:/etc/passwd`",
                                  "SELECT * FROM parquet.`/proc/self/environ`", "SELECT * FROM csv.`/proc/self/root/etc/*`",
                                  "CREATE TEMPORARY VIEW v USING csv OPTIONS (path '/etc/passwd')",
                                  "SELECT * FROM csv.`etc/passwd`", "SELECT * FROM csv.`/etc/no such file`"])
def test_paths_in_statements(spark, text):
    refused(lambda: spark.sql(text).collect())


def test_options_with_paths(spark, places):
    refused(lambda: spark.read.format("csv").option("path", "/etc/passwd").load().collect())
    refused(lambda: spark.read.option("basePath", "/etc").csv(f"{places}/a/x.csv").collect())


@pytest.mark.parametrize("path", ["outside/new", "a/to-outside/new", "a/../outside/new", "a/nowhere", "a/new/../../outside/new"])
@pytest.mark.parametrize("mode", ["error", "overwrite", "append", "ignore"])
def test_what_is_outside_cannot_be_written(spark, places, path, mode):
    refused(lambda: spark.range(3).write.mode(mode).parquet(f"{places}/{path}"))
    assert sorted(p.name for p in (places / "outside").iterdir()) == ["secret.csv", "x.csv"]


def test_writing_inside(spark, places):
    path = f"{places}/a/written"
    spark.range(3).write.parquet(path)
    spark.range(2).write.mode("append").parquet(path)
    assert spark.read.parquet(path).count() == 5


def test_partition_folders_that_lead_out(spark, places):
    target = places / "a" / "parted"
    target.mkdir()
    (target / "k=1").symlink_to(places / "outside")
    rows = spark.createDataFrame(pa.table({"k": [1, 2], "v": [3, 4]}))
    refused(lambda: rows.write.mode("append").partitionBy("k").parquet(str(target)))
    assert sorted(p.name for p in (places / "outside").iterdir()) == ["secret.csv", "x.csv"]


def test_artifacts_are_not_a_way_out(limited):
    wire = Wire(limited.remote)
    for name in ["../../x", "/etc/x", "files/../../../x"]:
        chunk = pb.AddArtifactsRequest.ArtifactChunk(data=b"x", crc=crc(b"x"))
        artifact = pb.AddArtifactsRequest.SingleChunkArtifact(name=name, data=chunk)
        batch = pb.AddArtifactsRequest.Batch(artifacts=[artifact])
        failure = Failure(lambda: wire.stub.AddArtifacts(iter([wire.request(pb.AddArtifactsRequest, batch=batch)])))
        assert failure.condition == "INVALID_ARTIFACT_PATH"


def test_sessions_cannot_change_it(spark):
    with pytest.raises(AnalysisException) as error:
        spark.conf.set("firesteel.files.roots", "/")
    assert error.value.getCondition() == "CANNOT_MODIFY_STATIC_CONFIG"


@pytest.mark.parametrize("roots,text", [("/no/such/folder", "/no/such/folder"), ("/etc/passwd", "/etc/passwd"),
                                        (" , ", "names no folder")])
def test_roots_that_are_none(roots, text):
    done = subprocess.run([server_binary(), "serve", "--port", "0", *settings(firesteel__files__roots=roots)],
                          capture_output=True, text=True, timeout=20)
    assert (done.returncode, text in done.stderr) == (1, True)
