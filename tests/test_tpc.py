"""TPC-H and TPC-DS in SQL, and TPC-H as DataFrame code, at scale 0.01: Apache Spark's answers.

    pytest tests/test_tpc.py -k 'tpch and q01'
    pytest tests/test_tpc.py --update-gaps
"""

import os

import pytest

import conftest
import known_gaps
import recorded
import tpc
from tpch import dataframe

QUERY_SECONDS_MAX = 120

gaps = known_gaps.Gaps("tpc")
QUERIES = {(benchmark, name): text for benchmark in ("tpch", "tpcds") for name, text in tpc.queries(benchmark).items()
           if os.path.exists(tpc.answer_path(benchmark, name))}
CASES = [*QUERIES, *(("tpch-dataframe", name) for name in tpc.queries("tpch"))]
sessions = {}  # benchmark -> (generation of the server, session with the views)


def all_cases():
    return set(CASES)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Gives a benchmark's folder of Parquet files, made at its first use."""
    folders = {}

    def folder(benchmark):
        if benchmark not in folders:
            folders[benchmark] = str(tmp_path_factory.mktemp(benchmark))
            tpc.MAKERS[benchmark](folders[benchmark])
        return folders[benchmark]
    return folder


def session(server, benchmark, folder):
    if sessions.get(benchmark, (0, None))[0] != server.ensure():
        spark = conftest.new_session(server)
        recorded.configure(spark, "on")
        tpc.create_views(spark, folder)
        sessions[benchmark] = server.generation, spark
    return sessions[benchmark][1]


@pytest.mark.timeout(QUERY_SECONDS_MAX)
@pytest.mark.parametrize("kind, name", CASES, ids=[f"{kind}-{name}" for kind, name in CASES])
def test_query(server, data, request, kind, name):
    benchmark = kind.split("-")[0]
    expected, text = tpc.answer(benchmark, name), QUERIES[benchmark, name]
    facets, actual = ["crash"], ["nothing"]
    try:
        spark = session(server, benchmark, data(benchmark))
        if kind == "tpch-dataframe":
            actual, schema = recorded.run_frame(lambda: getattr(dataframe, name)(spark))
        else:
            actual, schema = recorded.run(spark, text)
        facets = recorded.differences(expected, actual, schema, recorded.order(text))
    except pytest.fail.Exception as e:  # the time is up
        facets, actual = ["hang"], [str(e)]
        sessions.clear()
    except Exception as e:  # the views could not be made
        facets, actual = ["error"], [repr(e)]
    finally:
        if facets and (crash := server.crash_report()):
            facets, actual = ["crash"], crash.split("\n")
    gaps.judge(request, (kind, name), facets, f"{kind} {name}\n" + known_gaps.comparison(expected[:20], actual[:20]))
