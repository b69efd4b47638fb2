"""Who may connect and how: tokens, certificates, plaintext."""

import shutil
import subprocess

import grpc
import pyspark.sql.connect.proto as pb
import pyspark.sql.connect.proto.base_pb2_grpc as service
import pytest
from conftest import server_binary, settings
from wire import Wire

TOKEN = "correct horse"


def version(wire, metadata=None):
    request = wire.request(pb.AnalyzePlanRequest, spark_version=pb.AnalyzePlanRequest.SparkVersion())
    return wire.stub.AnalyzePlan(request, metadata=metadata, timeout=10).spark_version.version


@pytest.fixture(scope="module")
def guarded(own_server):
    return own_server(*settings(spark__connect__authenticate__token=TOKEN))


def test_tokens(guarded):
    wire = Wire(guarded.remote)
    assert version(wire, [("authorization", f"Bearer {TOKEN}")]) == "4.2.0"
    for metadata, text in [(None, "No authentication token provided"),
                           ([("authorization", "Bearer wrong")], "Invalid authentication token"),
                           ([("authorization", TOKEN)], "Invalid authentication token")]:
        with pytest.raises(grpc.RpcError) as error:
            version(wire, metadata)
        assert (error.value.code(), error.value.details()) == (grpc.StatusCode.UNAUTHENTICATED, text)


def test_every_method_wants_the_token(guarded):
    wire = Wire(guarded.remote)
    for stream, method in [("unary_stream", "spark.connect.SparkConnectService/ExecutePlan"),
                           ("stream_unary", "spark.connect.SparkConnectService/AddArtifacts"),
                           ("unary_unary", "spark.connect.SparkConnectService/Config"),
                           ("stream_stream", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]:
        call = getattr(wire.channel, stream)("/" + method)
        with pytest.raises(grpc.RpcError) as error:
            answer = call(iter([b""]) if stream.startswith("stream") else b"")
            list(answer if stream.endswith("stream") else [answer])
        assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED, method
    assert wire.channel.unary_unary("/grpc.health.v1.Health/Check")(b"") == b"\x08\x01"


def test_the_token_is_not_a_setting_to_read(guarded):
    wire = Wire(guarded.remote)
    request = wire.request(pb.ConfigRequest, operation=pb.ConfigRequest.Operation(get_all=pb.ConfigRequest.GetAll()))
    answer = wire.stub.Config(request, metadata=[("authorization", f"Bearer {TOKEN}")], timeout=10)
    assert answer.pairs and not any(TOKEN in pair.value for pair in answer.pairs)


def test_the_official_client_with_a_token(guarded):
    from pyspark.sql.connect.session import SparkSession

    port = guarded.remote.rsplit(":", 1)[1]
    spark = SparkSession.builder.remote(f"sc://localhost:{port}/;token={TOKEN.replace(' ', '%20')};use_ssl=false").create()
    assert spark.range(3).count() == 3
    spark.stop()


def refused(*arguments):
    done = subprocess.run([server_binary(), "serve", "--port", "0", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    return done.stderr


def test_servers_that_do_not_start():
    text = refused("--host", "0.0.0.0")
    assert "without encryption" in text and "spark.ssl.connect.enabled" in text
    assert "privateKey is needed" in refused(*settings(spark__ssl__connect__enabled="true"))
    assert "not supported" in refused(*settings(spark__ssl__connect__keyStore="/x.jks"))
    assert "There is no setting firesteel.nothing" in refused(*settings(firesteel__nothing="1"))
    missing = settings(spark__ssl__connect__enabled="true", spark__ssl__connect__privateKey="/nowhere")
    assert "Cannot read spark.ssl.connect.privateKey (/nowhere)" in refused(*missing)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and a key and certificate of the server and of a client signed by it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates")
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=authority", "-addext", "basicConstraints=critical,CA:TRUE")
    for name in ("server", "client"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=localhost")
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "names", "-out", f"{name}.pem")
    return folder


def secure_wire(server, credentials):
    wire = Wire(server.remote)
    wire.channel = grpc.secure_channel(wire.address, credentials)
    wire.stub = service.SparkConnectServiceStub(wire.channel)
    return wire


def test_tls(own_server, certificates):
    tls = settings(spark__ssl__connect__enabled="true", spark__ssl__connect__privateKey=certificates / "server.key",
                   spark__ssl__connect__certChain=certificates / "server.pem")
    server = own_server(*tls)
    authority = (certificates / "ca.pem").read_bytes()
    assert version(secure_wire(server, grpc.ssl_channel_credentials(authority))) == "4.2.0"
    with pytest.raises(grpc.RpcError):
        version(Wire(server.remote))  # plaintext

    mutual = own_server(*tls, *settings(spark__ssl__connect__needClientAuth="true",
                                        spark__ssl__connect__trustStore=certificates / "ca.pem"))
    with pytest.raises(grpc.RpcError):
        version(secure_wire(mutual, grpc.ssl_channel_credentials(authority)))
    key, chain = [(certificates / f"client.{end}").read_bytes() for end in ("key", "pem")]
    assert version(secure_wire(mutual, grpc.ssl_channel_credentials(authority, key, chain))) == "4.2.0"
